import { z } from "zod";
import { Capability } from "../domain/capability.ts";

/**
 * What each part of the desk may do in Intercom, by the connector's own tool names. What is not here is refused:
 * nothing deletes, merges, redacts or archives, nothing starts a conversation, and only delivery writes.
 */
export const policy: readonly Capability[] = z.array(Capability).parse([
  // Who the teammate is, before and right before acting.
  { tool: "intercom_identify_admin", access: "read", actors: ["desk", "delivery"], required: true },

  // The conversation, as text: a body's HTML can hide instructions that nobody sees.
  {
    tool: "intercom_retrieve_conversation",
    access: "read",
    actors: ["desk", "researcher", "delivery"],
    pinned: { display_as: "plaintext" },
    required: true,
  },
  { tool: "intercom_search_conversations", access: "read", actors: ["desk", "researcher"], required: true },
  { tool: "intercom_list_conversations", access: "read", actors: ["desk"], required: false },

  // The customer.
  { tool: "intercom_retrieve_contact", access: "read", actors: ["desk", "researcher"], required: true },
  { tool: "intercom_list_contact_companies", access: "read", actors: ["desk"], required: true },
  { tool: "intercom_list_contact_tags", access: "read", actors: ["desk"], required: true },

  // Where a conversation can be handed to, and what it can be tagged with.
  { tool: "intercom_list_teams", access: "read", actors: ["desk"], required: true },
  { tool: "intercom_list_tags", access: "read", actors: ["desk"], required: true },

  // What the company has written down. A draft article is not yet true.
  {
    tool: "intercom_search_articles",
    access: "read",
    actors: ["researcher"],
    pinned: { state: "published" },
    required: true,
  },
  { tool: "intercom_retrieve_article", access: "read", actors: ["researcher"], required: true },
  { tool: "intercom_list_macros", access: "read", actors: ["researcher"], required: false },
  { tool: "intercom_get_macro", access: "read", actors: ["researcher"], required: false },
  { tool: "intercom_search_tickets", access: "read", actors: ["researcher"], required: false },
  { tool: "intercom_retrieve_ticket", access: "read", actors: ["researcher"], required: false },

  // The only writes. Their arguments are checked whole in write-arguments.ts.
  {
    tool: "intercom_reply_to_conversation",
    access: "write",
    actors: ["delivery"],
    pinned: { type: "admin" },
    required: true,
  },
  { tool: "intercom_manage_conversation", access: "write", actors: ["delivery"], required: true },
  { tool: "intercom_attach_tag_to_conversation", access: "write", actors: ["delivery"], required: false },
]);
