import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { createThreadLock } from "../../src/identity/thread-lock.ts";

describe("work on a thread", () => {
  it("is done one piece after the other, in the order it was asked for", async () => {
    const lock = createThreadLock();
    const steps: string[] = [];
    const work = (name: string, ms: number) => async () => {
      steps.push(`${name} begins`);
      await sleep(ms);
      steps.push(`${name} ends`);
      return name;
    };
    const results = await Promise.all([
      lock("thread", work("first", 20)),
      lock("thread", work("second", 1)),
      lock("thread", work("third", 1)),
    ]);
    expect(results).toEqual(["first", "second", "third"]);
    expect(steps).toEqual(["first", "second", "third"].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it("does not wait for another thread", async () => {
    const lock = createThreadLock();
    const never = lock("one", () => new Promise(() => undefined));
    expect(await lock("another", async () => "done")).toBe("done");
    expect(await Promise.race([never, sleep(10, "waiting")])).toBe("waiting");
  });

  it("goes on after a piece that failed, whose failure is its own", async () => {
    const lock = createThreadLock();
    const failing = lock("thread", () => Promise.reject(new Error("no")));
    const next = lock("thread", async () => "done");
    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("done");
  });
});
