import { z } from "zod";
import { Contact, Conversation } from "./conversation.ts";
import { Directory } from "./directory.ts";
import { Teammate } from "./teammate.ts";

/** What was read from Intercom, as the teammate, for one run. */
export const Material = z.object({
  conversation: Conversation,
  contact: Contact.nullable(),
  teammate: Teammate,
  directory: Directory,
});
export type Material = z.infer<typeof Material>;
