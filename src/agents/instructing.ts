/**
 * Phrases that speak to an assistant rather than to a support team. They only raise a flag for the reviewer: what
 * protects the desk is that no text of a customer can reach a tool, a recipient or an author.
 */
const patterns: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{0,40}\b(?:instructions?|prompts?|rules|guidelines|polic(?:y|ies)|told)\b/i,
  /\b(?:system|developer)\s*(?:prompt|message|instruction|override|note)s?\b/i,
  /^\s*(?:system|assistant|developer|instructions?)\s*[:>]/im,
  /<\/?(?:system|assistant|instructions?|prompt)\b[^>]*>|\[\/?(?:INST|SYSTEM)\]|<\|[a-z_]+\|>/i,
  /\b(?:note|message|instructions?|attention)\s+(?:to|for)\s+(?:\w+\s+){0,2}(?:ai|a\.i\.|assistant|bot|chatbot|model|language model|llm|agent)s?\b/i,
  /\b(?:you are|you're|act as|pretend to be|behave as)\s+(?:now\s+)?(?:an?\s+)?(?:ai|assistant|bot|chatbot|language model|llm|unrestricted|jailbroken|dan)\b/i,
  /\byou are now\b[^.!?\n]{0,40}\b(?:mode|admin|administrator|developer)\b/i,
  /\b(?:reveal|print|repeat|show|output|send|leak)\b[^.!?\n]{0,40}\b(?:your|the)\s+(?:(?:system|hidden|initial|original)\s+)?(?:prompt|instructions)\b/i,
  /\b(?:if you are|as)\s+an?\s+(?:ai|a\.i\.|bot|assistant|automated (?:agent|assistant|system)|language model)\b/i,
  /\b(?:approve|send|issue|grant)\b[^.!?\n]{0,40}\b(?:without|skip(?:ping)?)\b[^.!?\n]{0,20}\b(?:review|approval|asking|confirmation|checking)\b/i,
  /\b(?:call|invoke|run|execute|use)\s+(?:the\s+)?(?:tool|function)\b/i,
  /\b(?:forward|send|export|email)\b[^.!?\n]{0,40}\b(?:all|every|other)\b[^.!?\n]{0,20}\b(?:customer|client|user|conversation)s?'?\b[^.!?\n]{0,40}\b(?:to|@)\s*\S+@\S+/i,
];

/** Sixty letters and more of a coded text; no word is that long, and an address has other signs in it. */
const coded =
  /(?<![\w./:@-])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[a-z])(?:[A-Za-z0-9+/]{60,}={0,2}|[0-9a-fA-F]{60,})(?![\w./@-])/;

/** The phrase with which a text tries to instruct the assistant, at most 80 characters, or null. */
export function findInstruction(text: string): string | null {
  for (const pattern of patterns) {
    const phrase = pattern.exec(text)?.[0].trim().replace(/\s+/g, " ");
    if (phrase) return phrase.slice(0, 80);
  }
  return coded.exec(text)?.[0].slice(0, 80) ?? null;
}
