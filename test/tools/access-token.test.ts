import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { VendorError } from "../../src/domain/errors.ts";
import { openGateway } from "./gateway.ts";
import { clientId, startScriptedScalekit, type ScriptedScalekit } from "./scripted-scalekit.ts";

describe("an access token", () => {
  let server: ScriptedScalekit;
  beforeEach(async () => {
    server = await startScriptedScalekit();
  });
  afterEach(() => server.close());

  const now = Math.floor(Date.now() / 1000);
  const good = { sub: "mina.park@quillbook.example", aud: [clientId], iat: now, exp: now + 600 };
  const verify = (token: string) => openGateway(server.url).gateway.verifyAccessToken(token);

  it("names its bearer", async () => {
    expect(await verify(await server.sign(good))).toEqual({ identifier: "mina.park@quillbook.example" });
  });

  it.each([
    ["is out of date", { ...good, exp: now - 60 }],
    ["never ends", { ...good, exp: undefined }],
    ["is not valid yet", { ...good, nbf: now + 600 }],
    ["is for another application", { ...good, aud: ["https://elsewhere.example/mcp"] }],
    ["is for nobody in particular", { ...good, aud: undefined }],
    ["names nobody", { ...good, sub: undefined }],
    ["is Countersign's own", { ...good, sub: clientId }],
  ])("is nobody's when it %s", async (_, claims) => {
    expect(await verify(await server.sign(claims))).toBeNull();
  });

  it("is nobody's when it was signed with another key, or changed, or is no token", async () => {
    const other = await startScriptedScalekit();
    expect(await verify(await other.sign(good))).toBeNull();
    await other.close();
    const token = await server.sign(good);
    expect(await verify(`${token.slice(0, -4)}AAAA`)).toBeNull();
    expect(await verify(await server.sign(good, "unknown-key"))).toBeNull();
    for (const text of ["", "not a token", "a.b.c", unsigned(good)]) expect(await verify(text)).toBeNull();
  });

  it("is not called bad when the keys cannot be fetched", async () => {
    const token = await server.sign(good);
    server.script.keysStatus = 503;
    await expect(verify(token)).rejects.toThrow(VendorError);
    await server.close();
    await expect(verify(token)).rejects.toThrow(VendorError);
    server = await startScriptedScalekit();
  });

  it("is checked against keys that are fetched once", async () => {
    const { gateway } = openGateway(server.url);
    const token = await server.sign(good);
    for (let index = 0; index < 5; index += 1) await gateway.verifyAccessToken(token);
    expect(server.calls.keys).toBe(1);
  });
});

function unsigned(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.`;
}
