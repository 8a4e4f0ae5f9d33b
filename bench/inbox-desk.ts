import { z } from "zod";
import { startMeasured } from "./measured-process.ts";
import type { Workbench } from "./workbench.ts";

/** Reviews that wait for one teammate, each number on a desk of its own; the fewest are what the others are compared to. */
export const sizes = ["100", "1,000", "10,000"] as const;
export type Size = (typeof sizes)[number];

export function numberOf(size: Size): number {
  return Number(size.replace(",", ""));
}

/** To the measured process: how many reviews shall wait for one teammate. */
export const Order = z.object({ waiting: z.number().int() });
export type Order = z.infer<typeof Order>;

/** From the measured process: where it listens, and the teammate's reviews that are not copies, as they are listed. */
export const Message = z.object({
  url: z.url(),
  token: z.string(),
  teammate: z.email(),
  drafted: z.array(z.string()),
});
export type Message = z.infer<typeof Message>;

/** A desk that runs in a process of its own. */
export interface FilledDesk extends Message {
  stop(): Promise<void>;
}

/** Starts one with so many reviews waiting for one teammate. */
export async function startFilledDesk(
  workbench: Workbench,
  waiting: number,
  variables: Record<string, string>,
): Promise<FilledDesk> {
  let isReady: (message: Message) => void = () => undefined;
  const ready = new Promise<Message>((resolve) => (isReady = resolve));
  const measured = await startMeasured(
    workbench,
    import.meta.resolve("./inbox-process.ts"),
    // The sweep would look for the conversations of the copies, which Intercom does not have.
    { ...variables, COUNTERSIGN_SWEEP_SECONDS: "86400" },
    (content) => {
      isReady(Message.parse(content));
    },
  );
  measured.send({ waiting } satisfies Order);
  const message = await Promise.race([ready, measured.ended]);
  if (message === undefined) throw new Error("the desk ended before it was ready");
  return { ...message, stop: () => measured.stop() };
}
