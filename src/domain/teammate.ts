import { z } from "zod";

/**
 * A teammate whose Intercom connection has been identified live: who they are for Scalekit (`identifier`,
 * `connectedAccountId`) and who Intercom says they are (`adminId` and the rest).
 */
export const Teammate = z.object({
  /** Scalekit's identifier, the tenant boundary: only an authenticated request may name it. */
  identifier: z.string().min(1),
  connectedAccountId: z.string().min(1),
  adminId: z.string().regex(/^\d+$/),
  name: z.string(),
  email: z.string(),
  hasInboxSeat: z.boolean(),
  teamIds: z.array(z.string()),
  /** Intercom's workspace (`app.id_code`). */
  workspaceId: z.string().min(1),
});
export type Teammate = z.infer<typeof Teammate>;

/** Who makes a call. Comes from an authenticated request alone, never from graph input or message text. */
export const Principal = z.object({
  identity: z.string().min(1),
  /** A dispatcher may start runs in a teammate's name; it can never decide. */
  kind: z.enum(["teammate", "dispatcher"]),
  /** How the caller proved who they are; recorded with each decision. */
  via: z.enum(["development-token", "api-token", "access-token", "session", "studio", "dispatch"]),
});
export type Principal = z.infer<typeof Principal>;
