import { z } from "zod";

/** A person who signed in with a browser. The session's token is known to that browser alone. */
export const Session = z.object({
  id: z.string(),
  /** Who signed in: Scalekit's identifier. */
  identifier: z.string().min(1),
  /** What the identity provider calls them; empty when it does not say. */
  name: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type Session = z.infer<typeof Session>;
