import { oneLine, sentencesOf, withoutBullet } from "../sentences.ts";
import { termsOf } from "../terms.ts";

const MOST_ASKS = 6;
const LONGEST_ASK = 400;

const question = /\?["'”’)\]]*$/;
const questionStart = new RegExp(
  "^(?:(?:and|also|or|but|so|plus|then|lastly|finally|secondly|second|first|1st|2nd)[,:]?\\s+)*(?:" +
    "(?:how|what|when|where|why|who|which|whose|can|could|may|will|would|should)\\b\\s+\\S|" +
    "(?:is|are|do|does|did|has|have|am|was|were)\\s+(?:i|you|we|they|he|she|it|there|this|that|these|those|my|our|your|the|any|clients|customers)\\b)",
  "i",
);
/** A question whoever ends it with a full stop. */
const askedPlainly =
  /^(?:(?:and|also|or|but|so)[,:]?\s+)*(?:do|does|did|can|could|may|will|would|should|is|are)\s+(?:i|we|it|they)\b/i;
/** What is needed, without saying who needs it. */
const need = /^(?:just |really )?(?:need|want|looking|trying|hoping)\s+(?:to|my|our|the|a|an|for)\b/i;
const request =
  /\b(?:please|pls|can you|could you|would you|will you|can we|can i|could i|i(?:'d| would)? (?:like|love|want|need|wish|prefer)|i'm (?:looking|trying|asking|hoping)|i am (?:looking|trying|asking|hoping)|we(?:'d| would)? (?:like|love|want|need|wish)|we're (?:looking|trying)|let me know|help me|tell me|send me|give me|show me|explain|is there (?:a|any) way|any way to|not sure how|don't know how|wondering|how (?:do|can|to)|what about|must be|requesting|i request|i demand|i expect)\b/i;
const imperative =
  /^(?:also |and |then |kindly |just )*(?:add|allow|apply|cancel|change|check|close|confirm|connect|delete|disable|disconnect|download|enable|erase|export|extend|fix|forward|give|move|offer|pause|provide|refund|remove|reset|resend|restore|send|set|show|stop|support|switch|transfer|turn|unblock|unlock|unsubscribe|update|upgrade|downgrade)\b/i;
const problem =
  /\b(?:not|never|can't|cannot|couldn't|won't|doesn't|didn't|isn't|aren't|hasn't|haven't|no longer|stopped|(?:am|are|is|was|get|gets|got|'m|'re|'s) stuck|fail(?:s|ed|ing)?|error|broken|breaks|crash(?:es|ed|ing)?|wrong|missing|lost|gone|disappear(?:s|ed)?|twice|double|duplicate[sd]?|unable|problem|issue|bug|trouble|slow|down|freez(?:es|ing)|frozen|blank|charged|overcharged|hacked|blocked|locked|declined|rejected|late|hate|disappointed|unacceptable)\b/i;

const thanks = /\b(?:thank(?:s| you)|thx|ty|cheers|much appreciated)\b/i;

/**
 * The separate things a message asks for, in its own words and order, at most six. Questions and requests come
 * first in the choice; a message without any states its problem, and that is the ask. One that only thanks has none. Expects the customer's own
 * words, without greeting and signature.
 */
export function findAsks(text: string): string[] {
  const items = enumeratedItems(text);
  if (items.length > 1) return bound(distinct(items.filter((item) => subject(item).size > 0)));
  const sentences = sentencesOf(text).map(withoutBullet).map(oneLine);
  const asking = sentences.map((sentence) => isRequest(sentence));
  const found = asking.some(Boolean)
    ? collectRequests(sentences, asking)
    : [sentences.filter((sentence) => problem.test(sentence)).join(" ")];
  const asks = distinct(found.filter((ask) => subject(ask).size > 0));
  if (asks.length > 0) return bound(asks);
  if (thanks.test(text)) return [];
  return subject(text).size > 0 ? bound([sentences.join(" ")]) : [];
}

/** Whether a message says thanks, asks nothing and complains of nothing. */
export function isMereThanks(text: string): boolean {
  return thanks.test(text) && !problem.test(text) && findAsks(text).length === 0;
}

/** The points of a message that numbers them: each is a matter of its own, story and question together. */
function enumeratedItems(text: string): string[] {
  const paragraphs = text.split(/\n\s*\n|\n(?=\s*\(?\d{1,2}[.):]\s)/);
  return paragraphs
    .filter((paragraph) => /^\s*\(?\d{1,2}[.):]\s/.test(paragraph))
    .map((paragraph) => withoutBullet(oneLine(paragraph)));
}

function isRequest(sentence: string): boolean {
  return (
    question.test(sentence) ||
    request.test(sentence) ||
    imperative.test(sentence) ||
    askedPlainly.test(sentence) ||
    need.test(sentence) ||
    (questionStart.test(sentence) && !/[.!]$/.test(sentence))
  );
}

/**
 * A request that does not name its subject ("Can you help?") takes along the sentence it speaks of, and one that only
 * goes on about the one before it ("By hand?", "And is it for everybody?") belongs to that one.
 */
function collectRequests(sentences: readonly string[], asking: readonly boolean[]): string[] {
  const asks: string[] = [];
  sentences.forEach((sentence, index) => {
    if (!asking[index]) return;
    const before = sentences[index - 1];
    const last = asks.at(-1);
    if (asking[index - 1] && last !== undefined && goesOn(sentence)) {
      asks[asks.length - 1] = `${last} ${sentence}`;
    } else if (before === undefined || !isBare(sentence)) {
      if (subject(sentence).size > 0) asks.push(sentence);
    } else {
      asks.push(`${before} ${sentence}`);
    }
  });
  return asks;
}

/** Whether a request names too little to be understood without the sentence before it. */
function isBare(sentence: string): boolean {
  const { size } = subject(sentence);
  return size === 0 || (size === 1 && refersBack(sentence));
}

const FRAGMENT_WORDS = 4;

function goesOn(sentence: string): boolean {
  const fragment = sentence.split(/\s+/).length <= FRAGMENT_WORDS && !request.test(sentence);
  const continued =
    /^(?:and|or|also)\b/i.test(sentence) && refersBack(sentence) && subject(sentence).size <= 3;
  return fragment || continued || isBare(sentence);
}

function refersBack(sentence: string): boolean {
  return /\b(?:it|this|that|these|those|them|one|there|so)\b/i.test(sentence);
}

function subject(sentence: string): Set<string> {
  return new Set(termsOf(sentence));
}

function distinct(asks: readonly string[]): string[] {
  const kept: string[] = [];
  for (const ask of asks) {
    const terms = subject(ask);
    const repeated = kept.some((other) => {
      const shared = [...subject(other)].filter((term) => terms.has(term)).length;
      return shared === terms.size || shared / Math.max(terms.size, subject(other).size) > 0.8;
    });
    if (!repeated) kept.push(ask);
  }
  return kept;
}

/** What is over the limit is joined to the last ask rather than forgotten. */
function bound(asks: readonly string[]): string[] {
  const joined = [...asks.slice(0, MOST_ASKS - 1), asks.slice(MOST_ASKS - 1).join(" ")];
  return joined.filter((ask) => ask !== "").map((ask) => ask.slice(0, LONGEST_ASK).trim());
}
