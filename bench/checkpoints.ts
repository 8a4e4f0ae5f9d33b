import type { RunnableConfig } from "@langchain/core/runnables";
import { MemorySaver } from "@langchain/langgraph";
import { supportGraph } from "../graphs/support.ts";
import type { Benchmark } from "./benchmark.ts";
import { openDesk, repeatingEngines, requireReview, runConfig, type Desk } from "./desk.ts";
import { makeWorkspace } from "./workspace.ts";

const sizes = [1, 20, 200, 500];
type EngineName = "repeating" | "offline";
/** A conversation is drafted for once: each engine has its own, with ids of the same length. */
const conversations = (["repeating", "offline"] as const).flatMap((engines, index) =>
  sizes.map((parts) => ({ id: String((index + 1) * 1000 + parts), parts, engines })),
);
/** How far the largest may lie from the smallest and still be called flat. */
const most = 1.05;

/** Whether what a thread keeps grows with the conversation it is about. */
export const checkpoints: Benchmark = {
  name: "checkpoints",
  question:
    "how many bytes go to the checkpointer from start to interrupt, for conversations of 1 to 500 parts?",
  async run(workbench) {
    const desk = await openDesk(workbench, {
      COUNTERSIGN_WORKSPACE: await makeWorkspace(workbench, conversations),
    });
    const offline = desk.runtime.engines;
    const engines = { repeating: repeatingEngines(offline, 0), offline };
    const counted: { engines: EngineName; parts: number; read: number; written: Written }[] = [];
    for (const { id, parts, engines: name } of conversations) {
      workbench.progress(`checkpoints: ${parts} parts, ${name} engines`);
      let read = 0;
      desk.runtime.engines = {
        ...engines[name],
        classify: (briefing) => {
          read = Buffer.byteLength(JSON.stringify([briefing.conversation, briefing.contact]));
          return engines[name].classify(briefing);
        },
      };
      const written = await countRun(desk, id);
      counted.push({ engines: name, parts, read, written });
    }
    const rows = counted.map(({ engines: name, parts, read, written }) => {
      const base = counted.find((other) => other.engines === name)?.written ?? written;
      return [
        name,
        parts,
        read,
        written.checkpoints,
        written.checkpointBytes,
        written.writes,
        written.writeBytes,
        bytesOf(written),
        bytesOf(written) / bytesOf(base),
      ];
    });
    const ratios = rows.filter(([name]) => name === "repeating").map((row) => Number(row.at(-1)));
    return {
      target: {
        text: `flat: no conversation writes more than ${most.toFixed(2)} times what one of a single part writes, the agents saying the same`,
        met: ratios.every((ratio) => ratio <= most),
      },
      tables: [
        {
          title: "Written from start to interrupt",
          columns: [
            { name: "engines" },
            { name: "parts", unit: "count" },
            { name: "agents read", unit: "bytes" },
            { name: "checkpoints", unit: "count" },
            { name: "in checkpoints", unit: "bytes" },
            { name: "writes", unit: "count" },
            { name: "in writes", unit: "bytes" },
            { name: "together", unit: "bytes" },
            { name: "to 1 part", unit: "ratio" },
          ],
          rows,
        },
      ],
      notes: [
        "What the agents read of a conversation is bounded, and is not kept in checkpoints at all.",
        "Bytes as the checkpointer's own serialiser makes them: checkpoints with their metadata, and pending writes with the interrupt's payload. Exact, not timed.",
        "Repeating engines say the same about every conversation, so that a difference is the state's; the offline ones say what they find, which may be more or less.",
      ],
    };
  },
};

interface Written {
  checkpoints: number;
  checkpointBytes: number;
  writes: number;
  writeBytes: number;
}

/** The server's kind of checkpointer, counting what it is given as it would store it. */
class CountingSaver extends MemorySaver {
  readonly written: Written = { checkpoints: 0, checkpointBytes: 0, writes: 0, writeBytes: 0 };

  override async put(...given: Parameters<MemorySaver["put"]>): Promise<RunnableConfig> {
    const [, checkpoint, metadata] = given;
    this.written.checkpoints += 1;
    this.written.checkpointBytes += (await this.bytes(checkpoint)) + (await this.bytes(metadata));
    return super.put(...given);
  }

  override async putWrites(...given: Parameters<MemorySaver["putWrites"]>): Promise<void> {
    const [, writes] = given;
    for (const [, value] of writes) {
      this.written.writes += 1;
      this.written.writeBytes += await this.bytes(value);
    }
    await super.putWrites(...given);
  }

  private async bytes(value: unknown): Promise<number> {
    const [, serialised] = await this.serde.dumpsTyped(value);
    return serialised.byteLength;
  }
}

async function countRun(desk: Desk, conversationId: string): Promise<Written> {
  const saver = new CountingSaver();
  const graph = supportGraph(desk.runtime);
  graph.checkpointer = saver;
  await graph.invoke({ conversationId }, runConfig(desk, conversationId, desk.teammate));
  await requireReview(desk, conversationId);
  return saver.written;
}

function bytesOf({ checkpointBytes, writeBytes }: Written): number {
  return checkpointBytes + writeBytes;
}
