import type { Classification } from "../../domain/classification.ts";
import { unansweredText } from "../../domain/conversation.ts";
import type { Briefing } from "../briefing.ts";

/** What is looked up. Without separate asks it is the whole message, which must be about something. */
export function asksToResearch({ conversation }: Briefing, { asks, route }: Classification): string[] {
  if (route === "no_reply") return [];
  const text = unansweredText(conversation);
  return asks.length > 0 || text === "" ? asks : [text];
}
