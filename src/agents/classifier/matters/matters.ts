import type { Desk, MatterId } from "../../../domain/desk.ts";
import { authority } from "./authority.ts";
import { harm } from "./harm.ts";
import { hostility } from "./hostility.ts";
import { intrusion } from "./intrusion.ts";
import { outage } from "./outage.ts";
import { personAskedFor } from "./person.ts";
import { personalData } from "./personalData.ts";
import { plainlySaid, type PlainWords } from "./plainWords.ts";
import { complainsAgain } from "./repeated.ts";
import { advice, allowance, identity, thirdPerson } from "./wishes.ts";

/** Something a message may hold that only a person answers. */
export interface Matter {
  id: MatterId;
  /** For the reviewer, after "There is a sign that". */
  sign: string;
  /** It cannot wait. */
  grave: boolean;
  /** What says it in plain words, or null. */
  said(text: string, desk: Desk): string | null;
  /** Only a desk whose policy speaks of this leaves the matter to a person. Any desk does where it is not given. */
  policy?: RegExp;
}

/** It is looked for in all that was sent: also below a signature and in what is quoted. */
export const instruction: Matter = {
  id: "instruction",
  sign: "the text tries to instruct whoever or whatever answers it",
  grave: false,
  said: () => null,
};

/** What messages are left to people for, the gravest first. */
export const matters: readonly Matter[] = [
  { id: "harm", sign: "somebody may come to harm", grave: true, said: by(harm) },
  {
    id: "intrusion",
    sign: "an account or its data may be in the wrong hands",
    grave: true,
    said: by(intrusion),
  },
  { id: "legal", sign: "an authority, a lawyer or a court is involved", grave: true, said: by(authority) },
  {
    id: "hostility",
    sign: "the customer threatens or insults, or somebody is harassed",
    grave: true,
    said: by(hostility),
  },
  {
    id: "personal_data",
    sign: "somebody asks for the personal data that is kept about them",
    grave: true,
    said: by(personalData),
  },
  {
    id: "outage",
    sign: "several people or places see a failure",
    grave: true,
    said: by(outage),
    policy: /\boutages?\b/i,
  },
  {
    id: "identity",
    sign: "an account is to be changed or told about without its owner being known",
    grave: false,
    said: by(identity),
    policy: /\bidentity\b|\bowner of the account\b/i,
  },
  {
    id: "third_person",
    sign: "a third person asks about somebody's account",
    grave: false,
    said: by(thirdPerson),
    policy: /\bthird (?:person|party|parties)\b/i,
  },
  {
    id: "money",
    sign: "the customer hopes for a refund outside of the rules, a credit, a discount or compensation",
    grave: false,
    said: by(allowance),
    policy: /\b(?:discounts?|compensation|credits|goodwill)\b/i,
  },
  {
    id: "advice",
    sign: "the customer wants legal, tax or medical advice",
    grave: false,
    said: by(advice),
    policy: /\b(?:legal|tax|medical)\b[^.!?\n]{0,30}\badvice\b/i,
  },
  { id: "person", sign: "the customer asks for a person", grave: false, said: personAskedFor },
  {
    id: "again",
    sign: "the customer writes about the same matter again",
    grave: false,
    said: complainsAgain,
  },
  instruction,
];

/** Those that a desk with this policy leaves to a person. */
export function mattersOf(policy: string): Matter[] {
  return matters.filter((matter) => matter.policy?.test(policy) ?? true);
}

function by(words: PlainWords): Matter["said"] {
  return (text) => plainlySaid(text, words);
}
