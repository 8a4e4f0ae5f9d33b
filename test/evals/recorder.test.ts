import { describe, expect, it } from "@jest/globals";
import { createRecorder } from "../../evals/recorder.ts";
import type { Actor } from "../../src/domain/capability.ts";
import type { ToolGateway } from "../../src/tools/gateway.ts";

const caller = { identifier: "mina@quillbook.example", connectedAccountId: "ca_1" };

/** A gateway that answers each call when it is told to. */
function heldGateway() {
  const held = new Map<string, () => void>();
  const hold = (tool: string) =>
    new Promise<{ kind: "ok"; value: object; executionId: null }>((resolve) => {
      held.set(tool, () => {
        resolve({ kind: "ok", value: {}, executionId: null });
      });
    });
  const { around, record } = createRecorder();
  const gateway = around({
    read: (_actor: Actor, _as: unknown, tool: string) => hold(tool),
    write: (_as: unknown, tool: string) => hold(tool),
  } as unknown as ToolGateway);
  return {
    record,
    read: (actor: Actor, tool: string) => gateway.read(actor, caller, tool, {}),
    write: (tool: string) => gateway.write(caller, tool, {}, { runId: "1" }),
    answer: (...tools: string[]) => {
      for (const tool of tools) held.get(tool)?.();
    },
  };
}

const pathOf = (calls: readonly { actor: string; tool: string }[]) =>
  calls.map(({ actor, tool }) => `${actor} ${tool}`);

describe("the recorded calls", () => {
  it("stand in the order they were made, and not in that of the alphabet", async () => {
    const { record, read, write, answer } = heldGateway();
    const call = async (made: Promise<unknown>, tool: string) => {
      answer(tool);
      await made;
    };
    const { calls } = await record(async () => {
      await call(read("desk", "identify"), "identify");
      await call(read("desk", "conversation"), "conversation");
      await call(read("researcher", "search"), "search");
      await call(read("researcher", "article"), "article");
      await call(read("delivery", "identify"), "identify");
      await call(write("reply"), "reply");
      await call(write("manage"), "manage");
    });
    expect(pathOf(calls)).toEqual([
      "desk identify",
      "desk conversation",
      "researcher search",
      "researcher article",
      "delivery identify",
      "delivery reply",
      "delivery manage",
    ]);
  });

  it.each([[["teams", "identify", "conversation"]], [["conversation", "identify", "teams"]]])(
    "that were made side by side stand the same however they are answered: %j",
    async (answers) => {
      const { record, read, answer } = heldGateway();
      const { calls } = await record(async () => {
        const made = ["teams", "conversation", "identify"].map((tool) => read("desk", tool));
        answer(...answers);
        await Promise.all(made);
      });
      expect(pathOf(calls)).toEqual(["desk conversation", "desk identify", "desk teams"]);
    },
  );

  it("stand behind those whose answer they waited for, also when others are still under way", async () => {
    const { record, read, answer } = heldGateway();
    const { calls } = await record(async () => {
      const slow = read("desk", "teams");
      const conversation = read("desk", "conversation");
      answer("conversation");
      await conversation;
      const contact = read("desk", "a contact");
      answer("teams", "a contact");
      await Promise.all([slow, contact]);
    });
    expect(pathOf(calls)).toEqual(["desk conversation", "desk teams", "desk a contact"]);
  });

  it("are those of the work alone, with their outcome, also when it was never answered", async () => {
    const { record, read, answer } = heldGateway();
    const beside = read("desk", "elsewhere");
    const [one, other] = await Promise.all([
      record(async () => {
        void read("desk", "search");
      }),
      record(async () => {
        const made = read("desk", "identify");
        answer("identify");
        await made;
      }),
    ]);
    answer("elsewhere");
    await beside;
    expect(one.calls).toEqual([{ actor: "desk", tool: "search", outcome: "unanswered" }]);
    expect(other.calls).toEqual([{ actor: "desk", tool: "identify", outcome: "ok" }]);
  });
});
