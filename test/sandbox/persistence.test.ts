import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ScalekitClient } from "@scalekit-sdk/node";
import { ADA, fixtureFolder, openTestSandbox, type TestSandbox } from "./start.ts";

const root = resolve(import.meta.dirname, "../..");

let folder: string;
let stateFile: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "countersign-sandbox-"));
  stateFile = join(folder, "data", "sandbox.json");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const reply = (body: string) => ({
  conversation_id: "1002",
  admin_id: "11",
  message_type: "comment",
  type: "admin",
  body,
});

describe("a world with a state file", () => {
  it("is the same after a restart: conversations, accounts, credentials, tokens and writes", async () => {
    const first = await openTestSandbox({ stateFile });
    await first.run("reply_to_conversation", reply("Kept."));
    await first.sandbox.world.changeAccount(ADA, "expired");
    const before = snapshot(first);
    await first.sandbox.close();
    const second = await openTestSandbox({ stateFile });
    expect(snapshot(second)).toEqual(before);
    expect(second.sandbox.world.parts("1002").map(({ body }) => body)).toEqual(["<p>Kept.</p>"]);
    await second.sandbox.close();
  });

  it("gives no id twice", async () => {
    const first = await openTestSandbox({ stateFile });
    await first.run("reply_to_conversation", reply("One."));
    await first.sandbox.close();
    const second = await openTestSandbox({ stateFile });
    await second.run("reply_to_conversation", reply("Two."));
    const [one, two] = second.sandbox.world.parts("1002").map(({ id }) => Number(id));
    expect(two).toBeGreaterThan(one!);
    await second.sandbox.close();
  });

  it("has each answered write on disk, also of many at once", async () => {
    const { sandbox, run } = await openTestSandbox({ stateFile });
    await Promise.all(
      Array.from({ length: 12 }, async (_, number) => {
        await run("reply_to_conversation", reply(`Number ${number}.`));
        expect(await readFile(stateFile, "utf8")).toContain(`<p>Number ${number}.</p>`);
      }),
    );
    await sandbox.close();
    expect(await readdir(join(folder, "data"))).toEqual(["sandbox.json"]);
    expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
  });

  it("starts afresh when the file was deleted", async () => {
    const first = await openTestSandbox({ stateFile });
    await first.run("reply_to_conversation", reply("Gone."));
    await first.sandbox.close();
    await rm(stateFile);
    const second = await openTestSandbox({ stateFile });
    expect(second.sandbox.world.parts("1002")).toEqual([]);
    expect(second.sandbox.clientSecret).not.toBe(first.sandbox.clientSecret);
    await second.sandbox.close();
  });

  it.each([
    ["cut short", (text: string) => text.slice(0, text.length / 2)],
    ["empty", () => ""],
    ["of another format", (text: string) => text.replace('"format":1', '"format":2')],
    ["with a part missing", (text: string) => text.replace('"workspace":', '"elsewhere":')],
  ])("refuses a file that is %s, says what to do and leaves it alone", async (_, damage) => {
    const first = await openTestSandbox({ stateFile });
    await first.sandbox.close();
    const damaged = damage(await readFile(stateFile, "utf8"));
    await writeFile(stateFile, damaged);
    await expect(openTestSandbox({ stateFile })).rejects.toMatchObject({
      code: "sandbox_state_unusable",
      message: expect.stringContaining(stateFile),
      next: expect.stringContaining("delete the file"),
    });
    expect(await readFile(stateFile, "utf8")).toBe(damaged);
  });
});

describe("the sandbox as a process of its own", () => {
  it("prints its settings, serves the SDK, survives being killed and stops when told", async () => {
    const first = await startProcess();
    const client = clientOf(first.output);
    const token = await mint(first.output);
    expect(await validateInOwnProcess(first.output, token)).toBe("true");
    const params = reply("Before the end.");
    await client.tools.executeTool({ toolName: "intercom_reply_to_conversation", identifier: ADA, params });
    first.child.kill("SIGKILL");
    await first.ended;
    const second = await startProcess();
    expect(setting(second.output, "SCALEKIT_CLIENT_SECRET")).toBe(
      setting(first.output, "SCALEKIT_CLIENT_SECRET"),
    );
    const { data } = await clientOf(second.output).tools.executeTool({
      toolName: "intercom_retrieve_conversation",
      identifier: ADA,
      params: { conversation_id: "1002" },
    });
    expect(JSON.stringify(data)).toContain("Before the end.");
    second.child.kill("SIGTERM");
    expect(await second.ended).toBe(0);
  });

  it("ends with what is wrong when it cannot start", async () => {
    const child = spawn("node", ["--import", "tsx", "src/sandbox/main.ts", "--workspace", folder], {
      cwd: root,
    });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect(code).toBe(1);
    expect(errors).toContain("workspace.yaml: is missing");
  });
});

function snapshot({ sandbox }: TestSandbox) {
  const { world, clientId, clientSecret, developmentTokens } = sandbox;
  return {
    clientId,
    clientSecret,
    developmentTokens,
    conversations: world.conversations(),
    accounts: world.accounts(),
    writes: world.writes(),
    tokens: world.providerTokens(),
  };
}

async function startProcess() {
  const child = spawn(
    "node",
    ["--import", "tsx", "src/sandbox/main.ts", "--state", stateFile, "--workspace", fixtureFolder],
    { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = new Promise((resolve) => child.once("close", resolve));
  let output = "";
  await new Promise<void>((resolve, reject) => {
    child.once("close", () => {
      reject(new Error(`the sandbox ended: ${output}`));
    });
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("Control key")) resolve();
    });
  });
  return { child, ended, output };
}

function setting(output: string, name: string): string {
  return new RegExp(`^${name}=(.*)$`, "m").exec(output)![1]!;
}

function clientOf(output: string): ScalekitClient {
  return new ScalekitClient(
    setting(output, "SCALEKIT_ENVIRONMENT_URL"),
    setting(output, "SCALEKIT_CLIENT_ID"),
    setting(output, "SCALEKIT_CLIENT_SECRET"),
  );
}

async function mint(output: string): Promise<string> {
  const response = await fetch(`${setting(output, "SCALEKIT_ENVIRONMENT_URL")}/sandbox/tokens`, {
    method: "POST",
    headers: { "x-sandbox-key": /^Control key for x-sandbox-key: (.*)$/m.exec(output)![1]! },
    body: JSON.stringify({ identifier: ADA }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

/** Jest cannot load the library the SDK verifies with, so plain Node does it. */
async function validateInOwnProcess(output: string, token: string): Promise<string> {
  const script = `
    import sdk from "@scalekit-sdk/node";
    const [url, id, secret, token] = process.argv.slice(1);
    console.log(await new sdk.ScalekitClient(url, id, secret).validateAccessToken(token));`;
  const settings = ["SCALEKIT_ENVIRONMENT_URL", "SCALEKIT_CLIENT_ID", "SCALEKIT_CLIENT_SECRET"];
  const values = settings.map((name) => setting(output, name));
  const child = spawn("node", ["--input-type=module", "-e", script, ...values, token], { cwd: root });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  return text.trim();
}
