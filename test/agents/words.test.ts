import { describe, expect, it } from "@jest/globals";
import { bm25, coverage, likenessOf, weigh } from "../../src/agents/researcher/measures.ts";
import { fitsQuestion } from "../../src/agents/researcher/questions.ts";
import { affinity, tokensOf } from "../../src/agents/researcher/tokens.ts";

const all = (text: string) => weigh([{ words: tokensOf(text), weight: 1 }], () => 1);
const between = (one: string, other: string) => {
  const [left, right] = [tokensOf(one)[0]!, tokensOf(other)[0]!];
  return affinity(left, right);
};

describe("how words stand for each other", () => {
  it("is whole for forms of one word, partial for words of like meaning, nothing for others", () => {
    expect(between("refunds", "refunded")).toBe(1);
    expect(between("cancel", "postpone")).toBeGreaterThan(0.4);
    expect(between("cancel", "postpone")).toBeLessThan(1);
    expect(between("invoice", "yoga")).toBe(0);
  });

  it("makes sentences alike that share no word", () => {
    const like = likenessOf(all("postpone the trip"), all("delay a journey"));
    expect(like).toBeGreaterThan(likenessOf(all("postpone the trip"), all("invoice with taxes")));
  });
});

describe("what a passage has of a question", () => {
  it("is the share of its words, by weight", () => {
    const held = new Set(tokensOf("deposit"));
    expect(coverage(all("deposit bicycle"), (token) => (held.has(token) ? 1 : 0))).toBe(0.5);
    expect(coverage(all(""), () => 1)).toBe(0);
  });

  it("counts more in a short text than in a long one, and less the second time", () => {
    const score = (text: string) => bm25(all("deposit"), [{ words: tokensOf(text), weight: 1 }], 4);
    expect(score("deposit returned")).toBeGreaterThan(score("deposit returned bicycle lake battery station"));
    expect(score("deposit deposit deposit lake")).toBeLessThan(3 * score("deposit bicycle battery lake"));
  });

  it.each([
    ["How do I turn it off?", "Open Settings and press Off.", "It is a fine thing.", 1, 0],
    ["How long does it take?", "It takes 3 days.", "It takes time.", 1, 0],
    ["Can I change it?", "It cannot be changed.", "It is blue.", 1, 0],
    ["Thanks anyway", "Open it.", "It is blue.", 0.5, 0.5],
  ])("fits %j by its kind", (ask, answer, other, fit, unfit) => {
    expect([fitsQuestion(ask, answer), fitsQuestion(ask, other)]).toEqual([fit, unfit]);
  });
});
