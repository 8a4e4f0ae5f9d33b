import { describe, expect, it } from "@jest/globals";
import { Baseline, baselineOf, compareWithBaseline, safetyFailures } from "../../evals/baseline.ts";
import { compareRuns } from "../../evals/compare.ts";
import { figuresOf } from "../../evals/figures.ts";
import { readingOf, syllablesIn } from "../../evals/judge/reading.ts";
import type { Mark, PartName } from "../../evals/judge/mark.ts";
import type { CaseResult, Run } from "../../evals/run-document.ts";
import { bootstrap, signTest, wilson } from "../../evals/statistics.ts";
import { turnWith } from "./cases.ts";

describe("the statistics", () => {
  it("give Wilson's interval, as tables have it", () => {
    expect(wilson(8, 10)).toMatchObject({
      value: 0.8,
      low: expect.closeTo(0.4902, 3),
      high: expect.closeTo(0.9433, 3),
    });
    expect(wilson(10, 10)).toMatchObject({ value: 1, low: expect.closeTo(0.7225, 3), high: 1 });
    expect(wilson(0, 0)).toMatchObject({ low: 0, high: 1 });
  });

  it("draw the same cases each time, and hold the value between low and high", () => {
    const values = Array.from({ length: 40 }, (_, index) => index % 5);
    const mean = (drawn: readonly number[]) => drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    const one = bootstrap(values, mean);
    expect(one).toEqual(bootstrap(values, mean));
    expect(one.low).toBeLessThan(2);
    expect(one.high).toBeGreaterThan(2);
    expect(one.high - one.low).toBeCloseTo(2 * 1.96 * (Math.SQRT2 / Math.sqrt(40)), 1);
  });

  it("test signs exactly", () => {
    expect(signTest(5, 0)).toBeCloseTo(1 / 32, 10);
    expect(signTest(4, 0)).toBeCloseTo(1 / 16, 10);
    expect(signTest(0, 0)).toBe(1);
    expect(signTest(0, 5)).toBe(1);
    expect(signTest(300, 200)).toBeLessThan(0.001);
  });
});

describe("how a text reads", () => {
  it("counts syllables as people do in most words", () => {
    const words = { time: 1, buffer: 2, calendar: 3, changed: 1, needed: 2, table: 2, you: 1 };
    expect(Object.fromEntries(Object.keys(words).map((word) => [word, syllablesIn(word)]))).toEqual(words);
  });

  it("finds short sentences easier than long ones, and nothing in nothing", () => {
    const easy = readingOf("Open the page. Press the red key.");
    const hard = readingOf(
      "Notwithstanding organisational considerations, administrative authorisation necessitates documentation.",
    );
    expect(easy?.ease).toBeGreaterThan(90);
    expect(hard?.ease).toBeLessThan(10);
    expect(easy?.words).toBe(7);
    expect(readingOf("")).toBeNull();
  });
});

const mark = (part: PartName, passed: boolean, counts: Mark["counts"] = {}): Mark => ({
  part,
  turn: 0,
  passed,
  counts,
  reasons: passed ? [] : ["It is wrong."],
});
const result = (id: string, marks: Mark[], changes: Partial<CaseResult> = {}): CaseResult => ({
  dataset: "small",
  id,
  half: "dev",
  tags: [],
  engine: "offline",
  repeat: 1,
  trace: { turns: [turnWith({})] },
  marks,
  ...changes,
});
const runOf = (results: CaseResult[]): Run => ({
  format: 1,
  datasets: [{ name: "small", title: "Small", description: "", cases: results.length }],
  only: "all",
  engines: ["offline"],
  repeats: 1,
  results,
  strayWrites: [],
  machine: { startedAt: "", node: "", platform: "", processors: 1, concurrency: 1, seconds: 0, latency: {} },
});
const topic = (expected: string, got: string): Mark => ({
  ...mark("topic", expected === got, { "topic accuracy": { hit: expected === got ? 1 : 0, of: 1 } }),
  labels: { expected, got },
});
const valueIn = (results: CaseResult[], name: string) =>
  figuresOf(results).find((figure) => figure.name === name);

describe("the figures", () => {
  it("count topics alike in macro-F1, however many cases they have", () => {
    const results = [
      ...Array.from({ length: 8 }, (_, index) => result(`a${index}`, [topic("a", "a")])),
      result("b", [topic("b", "a")]),
    ];
    expect(valueIn(results, "topic accuracy")?.value).toBeCloseTo(8 / 9);
    // F1 of a: 16 / 17; of b: 0.
    expect(valueIn(results, "topic macro-F1")?.value).toBeCloseTo(16 / 17 / 2);
  });

  it("balance abstention between what must and what must not be left to a person", () => {
    const handed = (hit: number) => mark("abstention", hit === 1, { "handed over rightly": { hit, of: 1 } });
    const answered = (hit: number) => mark("abstention", hit === 1, { "answered rightly": { hit, of: 1 } });
    const results = [handed(0), ...Array.from({ length: 9 }, () => answered(1))].map((one, index) =>
      result(`${index}`, [one]),
    );
    expect(valueIn(results, "abstention, balanced")?.value).toBe(0.5);
  });

  it("leave out what nothing is expected of", () => {
    expect(valueIn([result("a", [topic("a", "a")])], "retrieval hit@5")).toBeUndefined();
  });

  it("are not surer of many sentences of one case than of the case", () => {
    const supported = mark("support", true, { "sentence support": { hit: 300, of: 300 } });
    expect(valueIn([result("a", [supported])], "sentence support")).toMatchObject({
      value: 1,
      of: 300,
      low: wilson(1, 1).low,
    });
  });

  it("fall when a case fails", () => {
    const before = valueIn([result("a", [topic("a", "a")]), result("b", [topic("a", "a")])], "cases passed");
    const after = valueIn([result("a", [topic("a", "a")]), result("b", [topic("a", "b")])], "cases passed");
    expect([before?.value, after?.value]).toEqual([1, 0.5]);
  });
});

describe("the baseline", () => {
  const passed = (count: number, of = 20) =>
    runOf(
      Array.from({ length: of }, (_, index) =>
        result(`c${index}`, [mark("topic", index < count), mark("end state", true)]),
      ),
    );

  it("is small, and reads back", () => {
    const baseline = baselineOf(passed(1, 2));
    expect(Baseline.parse(JSON.parse(JSON.stringify(baseline)))).toEqual(baseline);
    expect(baseline.cases).toEqual({ small: { c0: "topic end_state", c1: "!topic end_state" } });
  });

  it("is kept by an equal run, and by a loss that may be chance", () => {
    expect(compareWithBaseline(passed(20), baselineOf(passed(20))).some(({ regressed }) => regressed)).toBe(
      false,
    );
    const few = compareWithBaseline(passed(16), baselineOf(passed(20)));
    expect(few[0]).toMatchObject({ part: "topic", regressed: false, losses: ["c16", "c17", "c18", "c19"] });
  });

  it("is missed by a loss beyond noise, and names the cases that changed either way", () => {
    const compared = compareWithBaseline(passed(14), baselineOf(passed(20)));
    expect(compared.find(({ part }) => part === "topic")).toMatchObject({
      regressed: true,
      gains: [],
      of: 20,
    });
    expect(compareWithBaseline(passed(20), baselineOf(passed(14)))[0]).toMatchObject({
      regressed: false,
      losses: [],
    });
  });

  it("compares only what both have", () => {
    const more = runOf([...passed(1, 1).results, result("new", [mark("topic", false)])]);
    expect(compareWithBaseline(more, baselineOf(passed(1, 1))).map(({ of }) => of)).toEqual([1, 1]);
  });

  it("leaves out what a model judged, and so does every verdict", () => {
    const part = "helpfulness (by a model)";
    const opinions = (passed: boolean) =>
      runOf(
        Array.from({ length: 20 }, (_, index) =>
          result(`c${index}`, [
            mark("topic", true),
            mark(part, passed, { [part]: { hit: passed ? 1 : 0, of: 1 } }),
          ]),
        ),
      );
    const [before, after] = [opinions(true), opinions(false)];
    expect(baselineOf(before).cases.small?.c0).toBe("topic");
    expect(compareWithBaseline(after, baselineOf(before)).map((one) => one.part)).toEqual(["topic"]);
    expect(valueIn(after.results, "cases passed")?.value).toBe(1);
    expect(valueIn(after.results, part)?.value).toBe(0);
    const compared = compareRuns(before, after);
    expect(compared.worse).toBe(false);
    expect(compared.datasets[0]?.figures.find(({ name }) => name === part)).toMatchObject({
      before: 1,
      after: 0,
    });
  });

  it("does not matter to safety: one failure fails a run", () => {
    expect(safetyFailures(runOf([result("a", [mark("safety", false)])]))).toEqual(["small/a: It is wrong."]);
    expect(safetyFailures({ ...runOf([]), strayWrites: ["A write."] })).toEqual(["A write."]);
    expect(safetyFailures(runOf([result("a", [mark("safety", true), mark("topic", false)])]))).toEqual([]);
  });
});

describe("two runs", () => {
  const run = (right: (index: number) => boolean) =>
    runOf(
      Array.from({ length: 40 }, (_, index) => result(`c${index}`, [topic("a", right(index) ? "a" : "b")])),
    );

  it("are compared pair by pair, with an interval of the difference", () => {
    const { datasets, worse } = compareRuns(
      run(() => true),
      run((index) => index >= 10),
    );
    const change = datasets[0]?.figures.find(({ name }) => name === "topic accuracy");
    expect(change).toMatchObject({ before: 1, after: 0.75, difference: { value: -0.25 } });
    expect(change?.difference.high).toBeLessThan(0);
    expect(worse).toBe(true);
  });

  it("are alike when as much was won as lost, and have nothing to compare without a common case", () => {
    expect(
      compareRuns(
        run((index) => index % 2 === 0),
        run((index) => index % 2 === 1),
      ).worse,
    ).toBe(false);
    expect(
      compareRuns(
        run(() => true),
        runOf([]),
      ).datasets,
    ).toEqual([]);
  });
});
