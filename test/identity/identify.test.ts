import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { VendorError } from "../../src/domain/errors.ts";
import { identify } from "../../src/identity/identify.ts";
import type { IdentitySettings } from "../../src/identity/settings.ts";
import { createDispatchToken, hashToken } from "../../src/identity/tokens.ts";

const now = new Date("2026-03-01T09:00:00Z");
const key = Buffer.alloc(32, 1);
const apiToken = `cst_${"a".repeat(43)}`;
const developmentToken = `csdev_${"d".repeat(43)}`;
const accessToken = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJsZW8ifQ.c2lnbmF0dXJl";
const studioOrigin = "https://smith.langchain.com";

const settings: IdentitySettings = {
  graphs: ["support"],
  recursionLimit: 25,
  development: { teammate: "mina", tokens: { mina: "csdev_other", tomas: developmentToken } },
  boundToLoopback: true,
  allowedOrigins: [studioOrigin],
  publicPaths: [],
  dispatchKey: key,
  clock: () => now,
  findToken: async (hash) => (hash === hashToken(apiToken) ? { identifier: "ana" } : null),
  verifyAccessToken: async (token) => (token === accessToken ? { identifier: "leo" } : null),
  checkAnswer: async () => null,
};

const withToken = (token: string) => ({ authorization: `Bearer ${token}` });
const studio = { "x-auth-scheme": "langsmith", host: "localhost:4870" };

function identifyBy(headers: Record<string, string> | Headers, changes: Partial<IdentitySettings> = {}) {
  return identify(new Request("http://localhost:4870/threads", { headers }), { ...settings, ...changes });
}

const refused = (code: string, status = 401) => expect.objectContaining({ kind: "refused", status, code });

describe("a token", () => {
  it("says who calls and how they proved it", async () => {
    const dispatch = createDispatchToken("priya", key, now);
    expect(await identifyBy(withToken(apiToken))).toEqual({
      identity: "ana",
      kind: "teammate",
      via: "api-token",
    });
    expect(await identifyBy(withToken(developmentToken))).toEqual({
      identity: "tomas",
      kind: "teammate",
      via: "development-token",
    });
    expect(await identifyBy(withToken(accessToken))).toEqual({
      identity: "leo",
      kind: "teammate",
      via: "access-token",
    });
    expect(await identifyBy(withToken(dispatch))).toEqual({
      identity: "priya",
      kind: "dispatcher",
      via: "dispatch",
    });
  });

  it("may come as x-api-key, which is all that some clients can send", async () => {
    expect(await identifyBy({ "x-api-key": apiToken })).toMatchObject({ identity: "ana" });
    expect(await identifyBy({ "x-api-key": `  ${apiToken} ` })).toMatchObject({ identity: "ana" });
  });

  it("in Authorization outranks an x-api-key, even when it is wrong", async () => {
    expect(await identifyBy({ ...withToken(apiToken), "x-api-key": "lsv2_key" })).toMatchObject({
      identity: "ana",
    });
    const wrong = { ...withToken(`cst_${"b".repeat(43)}`), "x-api-key": apiToken };
    expect(await identifyBy(wrong)).toEqual(refused("unknown_token"));
    expect(await identifyBy({ authorization: "Basic YTpi", "x-api-key": apiToken })).toEqual(
      refused("malformed_credential"),
    );
  });

  it("is read past the scheme's case and white space around it", async () => {
    for (const authorization of [
      `bearer ${apiToken}`,
      `BEARER ${apiToken}`,
      `Bearer   ${apiToken}`,
      `  Bearer ${apiToken}  `,
    ]) {
      expect(await identifyBy({ authorization })).toMatchObject({ identity: "ana" });
    }
  });

  it("is refused when it is not exactly one token", async () => {
    for (const authorization of [
      "Bearer",
      "Bearer ",
      apiToken,
      `Basic ${apiToken}`,
      `Bearer ${apiToken} ${apiToken}`,
      `Bearer ${apiToken}, Bearer ${apiToken}`,
      `Bearer "${apiToken}"`,
      `Bearer\u00a0${apiToken}`,
      `Bearer ${"c".repeat(8193)}`,
      `Bearer cst_${"a".repeat(100_000)}`,
    ]) {
      expect(await identifyBy({ authorization })).toEqual(refused("malformed_credential"));
    }
    const twice = new Headers(withToken(apiToken));
    twice.append("authorization", `Bearer ${apiToken}`);
    expect(await identifyBy(twice)).toEqual(refused("malformed_credential"));
  });

  it("is refused in any other case or shape than its own", async () => {
    for (const token of [
      apiToken.toUpperCase(),
      `${apiToken}=`,
      apiToken.slice(0, -1),
      "cst_",
      "csdev_",
      "csdsp_",
    ]) {
      expect([token, await identifyBy(withToken(token))]).toEqual([token, refused("unknown_token")]);
    }
  });

  it("of development opens nothing outside the sandbox", async () => {
    expect(await identifyBy(withToken(developmentToken), { development: null })).toEqual(
      refused("unknown_token"),
    );
  });

  it("of Scalekit cannot be judged while Scalekit does not answer: refused, and said so", async () => {
    const verifyAccessToken = () =>
      Promise.reject(new VendorError("keys_unavailable", "Scalekit does not answer.", "Try again later."));
    expect(await identifyBy(withToken(accessToken), { verifyAccessToken })).toEqual(
      refused("keys_unavailable", 503),
    );
  });

  it("identifies nobody, and breaks nothing, when it is any other text", async () => {
    const visible = fc.string({
      unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
    });
    await fc.assert(
      fc.asyncProperty(
        visible,
        fc.constantFrom("", "Bearer ", "Bearer cst_", "Bearer csdsp_"),
        async (text, before) => {
          expect(await identifyBy({ authorization: before + text })).toMatchObject({ kind: "refused" });
          expect(await identifyBy({ "x-api-key": text })).toMatchObject({ kind: "refused" });
        },
      ),
    );
  });
});

describe("no credential", () => {
  it("is refused with what to do about it", async () => {
    expect(await identifyBy({})).toEqual(refused("no_credential"));
    expect(await identifyBy({ authorization: "  ", "x-api-key": "" })).toEqual(refused("no_credential"));
    expect(await identifyBy({ cookie: "session=1" })).toMatchObject({
      next: expect.stringContaining("x-api-key"),
    });
  });
});

describe("Studio's header", () => {
  it("is the development teammate, whatever credential Studio sends beside it", async () => {
    const mina = { identity: "mina", kind: "teammate", via: "studio" };
    expect(await identifyBy(studio)).toEqual(mina);
    expect(await identifyBy({ ...studio, origin: studioOrigin })).toEqual(mina);
    expect(await identifyBy({ ...studio, origin: "http://localhost:4870" })).toEqual(mina);
    expect(await identifyBy({ ...studio, "x-api-key": "lsv2_key" })).toEqual(mina);
    expect(await identifyBy({ ...studio, authorization: "Basic odd" })).toEqual(mina);
    for (const host of ["localhost", "LOCALHOST:4870", "127.0.0.1:80", "[::1]:4870"]) {
      expect(await identifyBy({ ...studio, host })).toEqual(mina);
    }
  });

  it("does not outrank a token of ours, right or wrong", async () => {
    expect(await identifyBy({ ...studio, ...withToken(apiToken) })).toMatchObject({ identity: "ana" });
    expect(await identifyBy({ ...studio, ...withToken(`${apiToken}x`) })).toEqual(refused("unknown_token"));
  });

  it("is refused outside the sandbox and beyond loopback", async () => {
    expect(await identifyBy(studio, { development: null })).toEqual(refused("studio_refused"));
    expect(await identifyBy(studio, { boundToLoopback: false })).toEqual(refused("studio_refused"));
  });

  it("is refused when the request names another host, as after DNS rebinding", async () => {
    for (const host of [
      "evil.example",
      "localhost.evil.example",
      "evil.example:4870",
      "localhost@evil.example",
      "localhost:4870, evil.example",
      "127.0.0.1.evil.example",
      "127.0.0.2",
      "localhost.",
      "",
    ]) {
      expect([host, await identifyBy({ ...studio, host })]).toEqual([host, refused("studio_refused")]);
    }
    expect(await identifyBy({ "x-auth-scheme": "langsmith" })).toEqual(refused("studio_refused"));
  });

  it("is refused to pages of other origins", async () => {
    for (const origin of [
      "https://evil.example",
      "null",
      "",
      "http://localhost:3000",
      "https://localhost:4870",
      `${studioOrigin}.evil.example`,
      `${studioOrigin}/`,
      `${studioOrigin}, ${studioOrigin}`,
    ]) {
      expect([origin, await identifyBy({ ...studio, origin })]).toEqual([origin, refused("studio_refused")]);
    }
  });

  it("counts only exactly as Studio sends it", async () => {
    for (const scheme of ["LangSmith", "langsmith, langsmith", "langsmith-agent", ""]) {
      expect(await identifyBy({ ...studio, "x-auth-scheme": scheme })).toEqual(refused("no_credential"));
    }
  });
});
