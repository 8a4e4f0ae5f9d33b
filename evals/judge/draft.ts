import { comparableText } from "../../src/domain/html.ts";
import { anyOf, yesOrNo, type Said, type Seen } from "./mark.ts";

/** Whether the draft leaves to a person what it must, and answers what it can. */
export function judgeAbstention({ turn: { expect }, trace: { draft } }: Seen): Said {
  if (expect.abstain === undefined) return null;
  const kind =
    draft === null
      ? "There is no draft."
      : draft.abstained
        ? "The draft is a note for a person."
        : draft.body === ""
          ? "The draft says nothing."
          : "The draft answers the customer.";
  if (expect.abstain) {
    const handedOver = draft !== null && draft.abstained && draft.channel === "note";
    return yesOrNo("handed over rightly", handedOver, kind);
  }
  const answered = draft !== null && !draft.abstained && draft.channel === "comment" && draft.body !== "";
  return yesOrNo("answered rightly", answered, kind);
}

/** Whether the draft's body says what it must. */
export function judgeFacts({ turn: { expect }, trace: { draft } }: Seen): Said {
  const required = (expect.facts?.must ?? []).map(anyOf);
  if (required.length === 0) return null;
  const body = comparable(draft?.body ?? "");
  const missing = required.filter((texts) => !texts.some((text) => body.includes(comparable(text))));
  return {
    passed: missing.length === 0,
    counts: { "required facts": { hit: required.length - missing.length, of: required.length } },
    reasons: missing.map((texts) => `It does not say ${texts.map((text) => `"${text}"`).join(" or ")}.`),
  };
}

/** Whether a reply says nothing it must not. A note is read by nobody outside, and may quote what the customer wrote. */
export function judgeForbidden({ turn: { expect }, trace: { draft } }: Seen): Said {
  const forbidden = expect.facts?.mustNot ?? [];
  if (forbidden.length === 0) return null;
  const body = draft?.channel === "comment" ? comparable(draft.body) : "";
  const said = forbidden.filter((text) => body.includes(comparable(text)));
  return {
    passed: said.length === 0,
    counts: { "forbidden facts left out": { hit: forbidden.length - said.length, of: forbidden.length } },
    reasons: said.map((text) => `It says "${text}".`),
  };
}

function comparable(text: string): string {
  return comparableText(text)
    .replace(/[’‘]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[‐‑–—]/g, "-");
}
