import { z } from "zod";

const digits = z.string().regex(/^\d{1,20}$/, "must have digits only");
const target = { conversation_id: digits, admin_id: digits };

/**
 * Every argument a write may have, by tool; any other is refused. A reply cannot be backdated, and closing or
 * assigning cannot carry a body: that would be a message nobody approved as one.
 */
export const WriteArguments: Readonly<Record<string, z.ZodType>> = {
  intercom_reply_to_conversation: z.strictObject({
    ...target,
    type: z.literal("admin"),
    message_type: z.enum(["comment", "note"]),
    body: z.string().trim().min(1),
  }),
  intercom_manage_conversation: z.discriminatedUnion("message_type", [
    z.strictObject({ ...target, type: z.literal("admin"), message_type: z.enum(["close", "open"]) }),
    z.strictObject({
      ...target,
      type: z.literal("admin"),
      message_type: z.literal("snoozed"),
      snoozed_until: z.number().int().positive(),
    }),
    z.strictObject({
      ...target,
      type: z.enum(["admin", "team"]),
      message_type: z.literal("assignment"),
      assignee_id: digits,
    }),
  ]),
  intercom_attach_tag_to_conversation: z.strictObject({ ...target, id: digits }),
};
