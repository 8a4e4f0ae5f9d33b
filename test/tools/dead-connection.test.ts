import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { mina, openGateway, reply } from "./gateway.ts";
import { startScriptedScalekit, type ScriptedScalekit } from "./scripted-scalekit.ts";

describe("a connection that died without anybody noticing", () => {
  let server: ScriptedScalekit;
  let line: Awaited<ReturnType<typeof openLine>>;
  beforeEach(async () => {
    server = await startScriptedScalekit({ execute: () => ({ type: "conversation" }) });
    line = await openLine(Number(new URL(server.url).port));
  });
  afterEach(async () => {
    await line.close();
    await server.close();
  });

  it("does not take a write with it", async () => {
    const { gateway } = openGateway(line.url, { writeTimeoutMs: 1_000 });
    const write = (runId: string) => gateway.write(mina, "intercom_reply_to_conversation", reply, { runId });
    expect(await write("1")).toMatchObject({ kind: "ok" });
    line.silence();
    expect(await write("2")).toMatchObject({ kind: "ok" });
    expect(server.calls.execute).toHaveLength(2);
  });

  it("costs reads their deadline, and then a new one is opened", async () => {
    const { gateway } = openGateway(line.url, { readTimeoutMs: 500 });
    const read = async () => (await gateway.read("desk", mina, "intercom_list_tags", {})).kind;
    expect(await read()).toBe("ok");
    line.silence();
    expect(await read()).toBe("unavailable");
    // The SDK's token request may still be on an old connection of its own.
    const later = [await read(), await read()];
    expect(later[1]).toBe("ok");
  });

  it("leaves a write unknown when it dies while the answer is awaited", async () => {
    const { gateway } = openGateway(line.url, { writeTimeoutMs: 500 });
    server.script.execute = () => {
      line.silence();
      return { type: "conversation" };
    };
    const outcome = await gateway.write(mina, "intercom_reply_to_conversation", reply, { runId: "1" });
    expect(outcome).toMatchObject({ kind: "unknown", code: "write_timeout" });
    expect(server.calls.execute).toHaveLength(1);
  });
});

/** A line to a local port that can fall silent: what is open stays open, and nothing passes any more. */
async function openLine(port: number) {
  const pairs = new Set<{ near: Socket; far: Socket; silent: boolean }>();
  const proxy = createServer((near) => {
    const pair = { near, far: connect(port, "127.0.0.1"), silent: false };
    pairs.add(pair);
    near.on("data", (data) => pair.silent || pair.far.write(data)).on("error", () => undefined);
    pair.far.on("data", (data) => pair.silent || near.write(data)).on("error", () => undefined);
    near.on("close", () => pair.far.destroy());
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = proxy.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    silence() {
      for (const pair of pairs) pair.silent = true;
    },
    async close() {
      proxy.close();
      for (const { near } of pairs) near.destroy();
      await once(proxy, "close");
    },
  };
}
