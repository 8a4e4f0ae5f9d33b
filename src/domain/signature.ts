import type { Desk } from "./desk.ts";
import type { Draft } from "./draft.ts";

const LONGEST_NAME = 30;

/** The line that ends a reply of the teammate with this name. */
export function signatureOf({ signature }: Pick<Desk, "signature">, name: string): string {
  return signature.replaceAll("{name}", () => firstName(name) ?? "").trim();
}

/** The same draft for another teammate to send: signed by them, and otherwise unchanged. */
export function signAnew(draft: Draft, desk: Pick<Desk, "signature">, from: string, to: string): Draft {
  const before = signatureOf(desk, from);
  const after = signatureOf(desk, to);
  const resign = (text: string) =>
    before !== "" && text.trimEnd().endsWith(before) ? text.trimEnd().slice(0, -before.length) + after : text;
  return {
    ...draft,
    body: resign(draft.body),
    sentences: draft.sentences.map((sentence) =>
      sentence.kind === "courtesy" ? { ...sentence, text: resign(sentence.text) } : sentence,
    ),
  };
}

/** The first word when it is made of letters alone (a hyphen or an apostrophe may join them), otherwise null. */
export function firstName(name: string): string | null {
  const [first = ""] = name.trim().split(/\s+/);
  const isName = /^(?=.{2})\p{L}[\p{L}\p{M}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*$/u.test(first);
  return isName && first.length <= LONGEST_NAME ? first : null;
}
