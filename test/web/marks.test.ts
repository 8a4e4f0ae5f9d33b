import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { changesBetween, segmentsOf, sharedStretches } from "../../src/web/inbox/marks.ts";

describe("the sentences of a draft", () => {
  it("are found in the body in order, and what stands between them stays", () => {
    const body = "Hello Ana,\n\nOpen Settings. Open Settings.\n\nMina";
    const sentences = [{ text: "Hello Ana," }, { text: "Open Settings." }, { text: "Open Settings." }];
    expect(segmentsOf(body, sentences)).toEqual([
      { text: "Hello Ana,", sentence: 0 },
      { text: "\n\n", sentence: null },
      { text: "Open Settings.", sentence: 1 },
      { text: " ", sentence: null },
      { text: "Open Settings.", sentence: 2 },
      { text: "\n\nMina", sentence: null },
    ]);
  });

  it("never lose or change a character of the body", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.record({ text: fc.string() })), (body, sentences) => {
        const shown = segmentsOf(body, sentences).map(({ text }) => text);
        expect(shown.join("")).toBe(body);
      }),
    );
  });
});

describe("the changes of an edit", () => {
  it("are words, and long unchanged stretches are cut short", () => {
    const long = "word ".repeat(100);
    const changes = changesBetween(`${long}old end`, `${long}new end`);
    expect(changes.filter(({ kind }) => kind !== "same")).toEqual([
      { text: "old", kind: "removed" },
      { text: "new", kind: "added" },
    ]);
    expect(changes[0]?.text.length).toBeLessThan(100);
  });

  it("do not mix a text with one that was written anew", () => {
    expect(changesBetween("Open the settings, then press Save.", "I have done it for you.")).toEqual([
      { text: "Open the settings, then press Save.", kind: "removed" },
      { text: "I have done it for you.", kind: "added" },
    ]);
  });

  it("show everything that was added and removed", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 60 }), (before, after) => {
        const changes = changesBetween(before, after);
        const without = (kind: string) =>
          changes.flatMap((change) => (change.kind === kind ? [] : change.text)).join("");
        expect(without("removed")).toBe(after);
        expect(without("added")).toBe(before);
      }),
    );
  });
});

describe("a passage beside the sentence it supports", () => {
  it("is marked where they share more than a word", () => {
    const stretches = sharedStretches(
      "Annual plans are refunded within 30 days.",
      "Plans are refunded within 30 days, Ana.",
    );
    expect(stretches.filter(({ shared }) => shared).map(({ text }) => text.trim())).toContain(
      "plans are refunded within 30 days",
    );
  });

  it("stays the passage, letter for letter", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (passage, sentence) => {
        const shown = sharedStretches(passage, sentence).map(({ text }) => text);
        expect(shown.join("")).toBe(passage);
      }),
    );
  });
});
