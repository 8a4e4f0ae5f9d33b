import { describe, expect, it } from "@jest/globals";
import { judgeSupport, whyUnsupported } from "../../evals/judge/support.ts";
import { draftWith, findingsWith, judged, source } from "./cases.ts";

const quote =
  "You can set a buffer before and after each service, of up to 120 minutes. Buffers are not shown to clients. Open Settings › Services to change them.";
const why = (text: string, ...quotes: string[]) =>
  whyUnsupported(
    text,
    (quotes.length > 0 ? quotes : [quote]).map((one) => ({ quote: one, source })),
  );

describe("a sentence", () => {
  it("is supported when it is copied, inflected or said with the desk's synonyms", () => {
    expect(why("Buffers are not shown to clients.")).toBeNull();
    expect(why("A buffer of up to 120 minutes can be set after a service.")).toBeNull();
    expect(why("Customers are not shown the buffers.")).toBeNull();
  });

  it("is not when it says a word more than its passages", () => {
    expect(why("You can set a buffer and a deposit.")).toContain("deposit");
  });

  it("is not when a number is another one", () => {
    expect(why("A buffer is up to 90 minutes.")).toContain("90");
    expect(why("A buffer is up to 1,200 minutes.")).toContain("1200");
  });

  it("is not when a name is another one", () => {
    expect(why("Open Billing › Services to change them.")).toContain("billing");
  });

  it("is not when it drops a negation or adds one", () => {
    expect(why("Buffers are shown to clients.")).toContain("denies");
    expect(why("You cannot set a buffer before each service.")).toContain("denies");
  });

  it("may rest on several passages together, but not on one it does not cite", () => {
    expect(
      why("A buffer needs the Studio plan.", "A buffer is time.", "It needs the Studio plan."),
    ).toBeNull();
    expect(why("A buffer needs the Studio plan.", "A buffer is time.")).not.toBeNull();
  });

  it("is not when it cites nothing", () => {
    expect(whyUnsupported("Buffers are not shown.", [])).toBe("it cites nothing.");
  });

  it("may be an excerpt with the title and the address of its source", () => {
    expect(
      why(`- "You can set a buffer before and after each ser…" (${source.title}, ${source.url})`),
    ).toBeNull();
  });
});

describe("sentence support", () => {
  it("counts factual sentences alone", () => {
    const draft = draftWith({
      sentences: [
        { text: "Thank you for the long message about your dog.", citations: [], kind: "courtesy" },
        { text: "Buffers are not shown to clients.", citations: ["p1"], kind: "fact" },
        { text: "Buffers are not shown to clients.", citations: [], kind: "fact" },
      ],
    });
    expect(judged(judgeSupport, { route: "reply" }, { draft, findings: findingsWith(quote) })).toMatchObject({
      passed: false,
      counts: { "sentence support": { hit: 1, of: 2 } },
    });
  });

  it("is not judged where nothing is stated", () => {
    expect(judged(judgeSupport, { route: "reply" }, { draft: draftWith({ sentences: [] }) })).toBeNull();
  });
});
