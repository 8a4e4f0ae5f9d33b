import { describe, expect, it } from "@jest/globals";
import { learnFeatures } from "../../src/agents/learning/features.ts";
import { lessonsOf } from "../../src/agents/learning/lessons.ts";
import { trainLogistic } from "../../src/agents/learning/logistic.ts";
import { atOnce } from "../../src/agents/learning/portions.ts";
import { researchOffline } from "../../src/agents/researcher/offline.ts";
import type { LabelledMessage } from "../../src/domain/desk.ts";
import { briefingOf, classificationOf, classifyNow } from "./briefings.ts";
import { bicycleDesk } from "./desk.ts";
import { openLibrary } from "./library.ts";

/** The bicycle desk, whose messages teach it what they say. Its topics are copied: what is learnt is kept by them. */
function deskWith(messages: LabelledMessage[]) {
  return { ...bicycleDesk, topics: [...bicycleDesk.topics], messages };
}

const classify = (text: string, messages: LabelledMessage[]) =>
  classifyNow({ ...briefingOf(text), desk: deskWith(messages) });

describe("the regression", () => {
  const texts = ["red apple", "red cherry", "green pear", "green lime", "blue plum", "blue grape"];
  const features = atOnce(learnFeatures(texts));
  const lessons = features.vectors.map((vector, place) => ({
    vector,
    label: Math.floor(place / 2),
    weight: 1,
  }));

  const train = (given: typeof lessons) => atOnce(trainLogistic(given, 3, features.size));

  it("tells classes apart by what only they hold, and gives probabilities", () => {
    const probabilities = train(lessons)(features.vectorOf("a green tomato"));
    expect(probabilities.indexOf(Math.max(...probabilities))).toBe(1);
    expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1);
  });

  it("learns the same from the same lessons", () => {
    const [one, other] = [1, 2].map(() => train(lessons)(features.vectorOf("red")));
    expect(one).toEqual(other);
  });

  it("says of what it never saw how frequent each class was", () => {
    const uneven = [...lessons, ...lessons.slice(0, 2), ...lessons.slice(0, 2)];
    const probabilities = train(uneven)(features.vectorOf("xyzzy"));
    expect(probabilities[0]).toBeGreaterThan(Math.max(probabilities[1] ?? 1, probabilities[2] ?? 1));
  });
});

describe("a desk's own messages", () => {
  const puncture = [
    "It went pssst on the gravel and now I am walking",
    "something sharp went through and all the air is out",
    "we hear it hiss, all air gone after the gravel path",
    "the air goes out again overnight, hiss hiss",
  ].map((text): LabelledMessage => ({ text, topic: "flat_tyre", leave: "none" }));

  it("teach a topic words that its examples do not hold", () => {
    const text = "All the air went out with a hiss on the gravel.";
    expect(classify(text, puncture).topic).toBe("flat_tyre");
  });

  it("teach what is about none of the topics", () => {
    const museum = "Does the museum next door sell postcards of the old harbour?";
    const others = [
      "Do you know whether the museum has postcards?",
      "The museum next door, is it open for schools?",
      "Where can I park near the museum and the harbour?",
    ].map((text): LabelledMessage => ({ text, topic: "other", leave: "none" }));
    expect(classify(museum, others)).toMatchObject({ topic: "other", route: "escalate" });
  });

  it("teach what a person answers here, though nobody else would think so", () => {
    const text = "How do I reserve two bikes for the mayor's parade on Saturday?";
    const parade = [
      "We need bikes for the mayor's parade",
      "the parade of the mayor, can we reserve twenty bikes for it",
      "Bikes for Saturday's parade please, the mayor rides along",
      "who do we talk to about the parade with the mayor",
      "mayor's parade: are the bikes ready on Saturday",
    ].map((text): LabelledMessage => ({ text, leave: "person" }));
    expect(classify(text, []).route).toBe("reply");
    expect(classify(text, parade)).toMatchObject({
      route: "escalate",
      reason: expect.stringMatching(/asks for a person \("How do I reserve two bikes.*"\)/),
    });
  });

  it("are heard over what a topic's examples are taken for", () => {
    const [topic] = bicycleDesk.topics;
    const [text] = topic?.examples ?? [];
    if (!topic || !text) throw new Error("the desk of the tests has a topic with examples");
    const leaveOf = (messages: LabelledMessage[]) =>
      lessonsOf([topic], messages).find((lesson) => lesson.text === text)?.leave;
    expect(leaveOf([])).toBe("none");
    expect(leaveOf([{ text, leave: "money" }])).toBe("money");
    expect(lessonsOf([topic], [{ text, leave: "money" }])).toHaveLength(lessonsOf([topic], []).length);
  });
});

describe("what answered such messages before", () => {
  const text = "My helmet is still wet from the storm, what now?";
  const ask = classificationOf({ asks: [text], topic: "deposit" });
  const messages = [
    ...["wet helmet after the storm", "the storm soaked my helmet", "helmet wet, storm, what do I do"].map(
      (text): LabelledMessage => ({ text, answer: ["article:503"] }),
    ),
    ...["deposit back when", "where is my deposit", "deposit not returned yet"].map(
      (text): LabelledMessage => ({ text, answer: ["article:501"] }),
    ),
    ...["do you sell postcards", "postcards of the lake please", "which postcards have you got"].map(
      (text): LabelledMessage => ({ text, answer: [] }),
    ),
  ];
  const research = (desk: typeof bicycleDesk, library = openLibrary({})) =>
    researchOffline(library, { ...briefingOf(text), desk }, ask);

  it("is read, though no word of it is in the message, and quoted", async () => {
    const library = openLibrary({});
    const { passages, gaps } = await research(deskWith(messages), library);
    expect(library.reads).toContainEqual({
      tool: "intercom_retrieve_article",
      args: { article_id: "503" },
    });
    expect(passages[0]).toMatchObject({ ask: 0, source: { id: "503" } });
    expect(gaps).toEqual([]);
    expect((await research(bicycleDesk)).gaps).toHaveLength(1);
  });

  it("is left out without a word when it is gone", async () => {
    const gone = {
      kind: "rejected",
      code: "not_found",
      reason: "There is no such article.",
      next: "",
    } as const;
    const library = openLibrary({ refusals: { intercom_retrieve_article: gone } });
    const { cautions, passages } = await research(deskWith(messages), library);
    expect(cautions).toEqual([]);
    expect(passages.every(({ source }) => source.id !== "503")).toBe(true);
  });

  it("says less for any passage when nothing ever answered such a message", async () => {
    const postcards = "Do you sell postcards of the shop at the lake that is open every day?";
    const asked = classificationOf({ asks: [postcards], topic: "opening_hours" });
    const briefing = briefingOf(postcards);
    const known = await researchOffline(openLibrary({}), { ...briefing, desk: deskWith(messages) }, asked);
    expect(known.gaps).toHaveLength(1);
  });
});
