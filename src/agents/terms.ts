import { stem } from "./stem.ts";

/** Words that say nothing about the subject of a support message. */
const functionWords = new Set(
  `a about above after again all also am an and any are aren't as at be because been before being below between both but by
  can can't cannot could couldn't did didn't do does doesn't doing don't down during each few for from further get gets getting got
  had has hasn't have haven't having he her here hers herself him himself his how however i i'd i'll i'm i've if in into is isn't it it's
  its itself just let let's like me more most my myself no nor not now of off on once one ones only or other our ours ourselves out over own
  please same she should shouldn't so some such than that that's the their theirs them themselves then there there's these they they're
  this those through to too under until up us very want wants wanted was wasn't way we we'd we're we've were weren't what what's when where
  which while who whom why will with won't would wouldn't yes you you'd you'll you're your yours yourself yourselves
  hi hello hey dear thanks thank cheers regards best kind sincerely team help know need trying try tried able anyone someone something
  anything everything thing things really actually currently still already today tomorrow yesterday ever even much many lot
  use using used make made see seems seem look looks tell say says said go going goes went come wondering wonder question ask
  asking possible possibly maybe quite well good great nice hope since though although way put give take let quick ok okay yo
  pls asked got ive im dont doesnt didnt cant wont isnt id ill youre theyre thats whats heres
  anyway kind lot bit little mean happen happens work works call around else sure find instead without yet x xx`
    .split(/\s+/)
    .filter((word) => word !== ""),
);

/**
 * Words customers and articles use for the same thing in booking, billing and software generally, on one common
 * word each. Applied to both sides, so that neither has to guess the other's.
 */
const sameMeaning = new Map(
  [
    ["login", "signin", "logon", "logging", "signing"],
    ["password", "passwords", "passcode"],
    ["appointment", "appointments", "appt", "appts", "booking", "bookings"],
    ["client", "clients", "customer", "customers"],
    ["invoice", "invoices", "receipt", "receipts"],
    [
      "delete",
      "deleted",
      "remove",
      "removed",
      "erase",
      "erased",
      "deletion",
      "removal",
      "erasure",
      "deleting",
      "removing",
      "erasing",
    ],
    ["error", "bug", "glitch", "errors", "bugs"],
    ["phone", "mobile", "smartphone"],
    ["email", "mail", "emails", "mails"],
    [
      "change",
      "edit",
      "update",
      "modify",
      "changing",
      "editing",
      "updating",
      "changed",
      "updated",
      "modifying",
    ],
    ["employee", "employees", "staff", "teammate", "teammates", "instructor", "instructors"],
    ["sms", "texts"],
    ["year", "annual", "annually", "yearly", "years"],
    ["month", "monthly", "months"],
    ["week", "weekly", "weeks"],
    ["minute", "min", "mins"],
    ["hour", "hr", "hrs"],
    ["website", "site", "webpage"],
    ["telephone", "tel"],
    ["picture", "photo", "pic", "pics", "photos", "pictures", "image", "images"],
    ["calendar", "diary", "cal", "gcal", "diaries", "calendars"],
    ["lesson", "class", "lessons", "classes", "session", "sessions"],
    ["fee", "fees", "cost", "costs", "price", "prices", "pricing"],
    ["message", "msg", "msgs", "messages"],
    ["payment", "payments", "pay", "pays", "paid", "paying"],
    [
      "cancel",
      "cancels",
      "cancelled",
      "canceled",
      "cancelling",
      "canceling",
      "cancellation",
      "cancellations",
    ],
    ["package", "packages", "pack", "packs", "bundle", "bundles"],
    ["duplicate", "duplicates", "duplicated", "double", "doubled", "twice"],
    ["recurring", "recur", "repeat", "repeats", "repeating"],
    ["buffer", "buffers", "gap", "gaps"],
    ["plan", "plans", "subscription", "subscriptions"],
    ["empty", "blank"],
    ["tax", "vat", "gst", "taxes"],
    ["notification", "notifications", "alert", "alerts", "ping", "pings"],
    ["long", "longer", "longest"],
  ].flatMap(([common, ...others]) => others.map((word) => [word, common ?? word] as const)),
);

/** Stems of words that occur in talk about anything: they tell little, though not nothing. */
const commonStems = new Set(
  `another back people person start begin first last next show leave left receive end run hit both new old day time turn set
  keep kept appear move show name number add open close come part place different same long short right wrong correct
  bring since soon two three four five six seven eight nine ten couple several everybody everyone nobody hold own read
  write send sent ask answer money understood worth call called link reply issue notice late early miss missing like
  live love check able become full whole take took taken taking enter entered allow let mean matter point side stand stop stay`
    .split(/\s+/)
    .map((word) => stem(word)),
);

/** Whether a term occurs in talk about anything. */
export function isCommon(term: string): boolean {
  return commonStems.has(term) || /^\d+(?:st|nd|rd|th)?$/.test(term);
}

/** The common word for what a word means, where customers and articles use different ones. */
export function commonWordFor(word: string): string {
  return sameMeaning.get(word) ?? word;
}

/** Pairs of words that are one: `log in` and `sign-in` are both `login`. */
const joinedWords: readonly (readonly [RegExp, string])[] = [
  [/\b(?:log|sign)(?:ged|ning|ging)?[\s-]?in(?:to)?\b/g, "login"],
  [/\bsign(?:ing|ed)?[\s-]?up\b/g, "signup"],
  [/\be-mails?\b/g, "email"],
  [/\bset(?:ting)?[\s-]?up\b/g, "setup"],
  [/\bno[\s-]shows?\b/g, "noshow"],
  [/\b2fa\b|\btwo[\s-](?:factor|step)(?:\s(?:authentication|verification))?\b/g, "twofactor"],
  [/\bmoney[\s-]back\b/g, "refund"],
  [/\bwait(?:ing)?[\s-]?lists?\b/g, "waitlist"],
  [/\b(?:paid|pay)[\s-]?outs?\b/g, "payout"],
];

/** The words of a text as they were written, in lower case. Addresses, links and markup are left out. */
export function wordsOf(text: string): string[] {
  const plain = joinedWords.reduce(
    (soFar, [pattern, word]) => soFar.replace(pattern, word),
    text
      .toLowerCase()
      .replace(/[’‘`]/g, "'")
      .replace(/https?:\/\/\S+|www\.\S+|\S+@\S+\.\S+/g, " "),
  );
  return plain.match(/[\p{L}\p{N}]+(?:'[\p{L}]+)*/gu) ?? [];
}

/** The index term of one word, or null for a function word. */
export function termOf(word: string): string | null {
  if (functionWords.has(word)) return null;
  const common = sameMeaning.get(word) ?? word.replace(/'s$/, "");
  return common.length < 2 && !/\d/.test(common) ? null : stem(common);
}

/** The index terms of a text, in order, repeated as often as they occur. */
export function termsOf(text: string): string[] {
  return wordsOf(text)
    .map(termOf)
    .filter((term) => term !== null);
}
