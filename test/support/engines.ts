import type { Engines } from "../../src/agents/engines.ts";

/** Engines that say the same about every conversation, so that a test can look at what happens around them. */
export function plainEngines(changes: Partial<Engines> = {}): Engines {
  let drafts = 0;
  return {
    classify: async () => ({
      topic: "scheduling",
      confidence: 0.9,
      urgency: "normal",
      sentiment: "neutral",
      language: "en",
      asks: ["How do I do this?"],
      route: "reply",
      reason: "A plain question.",
      uncertain: false,
    }),
    research: async () => ({
      passages: [
        {
          id: "p1",
          source: {
            kind: "article",
            id: "8800001",
            title: "How to do this",
            url: null,
            version: "v1",
            updatedAt: null,
          },
          quote: "Open Settings and choose Scheduling.",
          ask: 0,
        },
      ],
      gaps: [],
      cautions: [],
      searches: [],
    }),
    draft: async ({ instruction }) => {
      drafts += 1;
      const body = `Hello,\n\nOpen Settings and choose Scheduling. <b>${drafts}</b>${instruction ? ` (${instruction})` : ""}`;
      return {
        channel: "comment",
        body,
        sentences: [{ text: "Open Settings and choose Scheduling.", citations: ["p1"], kind: "fact" }],
        followUps: [{ type: "tag", id: "9100001", name: "VIP" }],
        abstained: false,
        warnings: [],
        engine: "plain",
      };
    },
    description: "plain",
    ...changes,
  };
}
