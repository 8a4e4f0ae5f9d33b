import { sentencesOf } from "../../sentences.ts";
import { authority } from "./authority.ts";
import { harm } from "./harm.ts";
import { hostility } from "./hostility.ts";
import { intrusion } from "./intrusion.ts";
import type { Matter } from "./matter.ts";
import { outage } from "./outage.ts";
import { personalData } from "./personalData.ts";
import { advice, allowance, identity, thirdPerson } from "./wishes.ts";

/** What cannot wait, the gravest first. */
const grave: readonly Matter[] = [harm, intrusion, authority, hostility, personalData];
/** What can wait for a person, and is left to one all the same. */
const delicate: readonly Matter[] = [outage, identity, thirdPerson, allowance, advice];

/** The grave matter a text gives a sign of, in words for the reviewer, or null. */
export function graveMatter(text: string): string | null {
  return signOf(text, grave);
}

/** The matter a text gives a sign of that the desk with this policy leaves to a person, or null. */
export function matterForPeople(text: string, policy: string): string | null {
  return signOf(
    text,
    [...grave, ...delicate].filter((matter) => matter.policy?.test(policy) ?? true),
  );
}

function signOf(text: string, matters: readonly Matter[]): string | null {
  const plain = text.replace(/[’‘`]/g, "'");
  const sentences = sentencesOf(plain);
  const isSpokenOf = ({ patterns, across = [], unless }: Matter) =>
    across.some((pattern) => pattern.test(plain)) ||
    sentences.some(
      (sentence) => !unless?.test(sentence) && patterns.some((pattern) => pattern.test(sentence)),
    );
  return matters.find(isSpokenOf)?.sign ?? null;
}
