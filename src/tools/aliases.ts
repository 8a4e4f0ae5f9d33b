/** Older spellings of the connector's tools that its own pages still show, and what they are called now. */
const aliases: ReadonlyMap<string, string> = new Map([
  ["intercom_conversations_list", "intercom_list_conversations"],
  ["intercom_conversation_get", "intercom_retrieve_conversation"],
  ["intercom_conversation_reply", "intercom_reply_to_conversation"],
]);

/** The connector's real name of a tool. A name that is not an alias is returned as it is. */
export function resolveAlias(tool: string): string {
  return aliases.get(tool) ?? tool;
}
