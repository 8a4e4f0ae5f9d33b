import { z } from "zod";
import type { FilledDesk } from "./inbox-desk.ts";
import { spreadOf, timed } from "./sampling.ts";

/** What is asked of the API alone. */
export const apiSteps = {
  mine: "GET /api/reviews, scope=mine",
  all: "GET /api/reviews, scope=all",
  after: "GET /api/reviews, scope=mine, the next page",
  countsOfMine: "GET /api/reviews/counts, scope=mine",
  countsOfAll: "GET /api/reviews/counts, scope=all",
} as const;
export type ApiStep = keyof typeof apiSteps;

/** Each request is made so often in one sample, which is the median. */
const repetitions = 5;
const page = "/api/reviews?order=risk&limit=50";

/** How long each request takes until the whole answer is here, in milliseconds. */
export async function askApi(desk: FilledDesk): Promise<Record<ApiStep, number>> {
  const { next } = z.object({ next: z.string() }).parse(await ask(desk, page));
  const paths: Record<ApiStep, string> = {
    mine: `${page}&scope=mine`,
    all: `${page}&scope=all`,
    after: `${page}&scope=mine&after=${next}`,
    countsOfMine: "/api/reviews/counts?scope=mine",
    countsOfAll: "/api/reviews/counts?scope=all",
  };
  const times: [string, number][] = [];
  for (const [step, path] of Object.entries(paths)) {
    const samples: number[] = [];
    while (samples.length < repetitions) samples.push(await timed(() => ask(desk, path)));
    times.push([step, spreadOf(samples).median]);
  }
  return Object.fromEntries(times) as Record<ApiStep, number>;
}

async function ask({ url, token }: FilledDesk, path: string): Promise<unknown> {
  const answer = await fetch(new URL(path, url), { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}
