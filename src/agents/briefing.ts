import type { Classification } from "../domain/classification.ts";
import type { Contact, Conversation } from "../domain/conversation.ts";
import type { Desk } from "../domain/desk.ts";
import type { Directory } from "../domain/directory.ts";
import type { Findings } from "../domain/findings.ts";
import type { Teammate } from "../domain/teammate.ts";

/**
 * What an agent is told about one conversation. `conversation` and `contact` are untrusted data whoever wrote them;
 * `desk`, `teammate` and `directory` were resolved by code.
 */
export interface Briefing {
  desk: Desk;
  conversation: Conversation;
  /** The customer, or null when Intercom no longer knows them. */
  contact: Contact | null;
  /** In whose name everything is read, and who will sign the reply. */
  teammate: Teammate;
  /** The workspace's teams and tags: the only ones a follow-up may name. */
  directory: Directory;
}

/** What the responder works from. */
export interface DraftRequest extends Briefing {
  classification: Classification;
  findings: Findings;
  /** What the reviewer asked the new draft to do differently; null for a first draft. */
  instruction: string | null;
  /** The body the instruction speaks of; null for a first draft. */
  previousBody: string | null;
}
