import { z } from "zod";

/** An API token as a person may see it: never the secret, never its digest. */
export const ApiToken = z.object({
  id: z.string(),
  /** The teammate it speaks for. */
  identifier: z.string(),
  /** What its owner calls it. */
  name: z.string(),
  createdAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
});
export type ApiToken = z.infer<typeof ApiToken>;
