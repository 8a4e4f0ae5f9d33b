import type { IntercomTool } from "./tool.ts";
import { adminTools } from "./tools/admins.ts";
import { contactTools } from "./tools/contacts.ts";
import { contentTools } from "./tools/content.ts";
import { conversationTools } from "./tools/conversations.ts";
import { replyTools } from "./tools/replies.ts";
import { tagTools } from "./tools/tags.ts";
import { ticketWriteTools } from "./tools/ticket-writes.ts";
import { ticketTools } from "./tools/tickets.ts";

/** The tools of the catalogue that the sandbox really has, by name. */
export const intercomTools: Readonly<Record<string, IntercomTool>> = {
  ...adminTools,
  ...contactTools,
  ...contentTools,
  ...conversationTools,
  ...replyTools,
  ...tagTools,
  ...ticketTools,
  ...ticketWriteTools,
};
