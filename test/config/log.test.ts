import { Writable } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import { createLog } from "../../src/log.ts";

describe("the log", () => {
  it.each([
    [
      "a known secret in a message",
      (log: Lines) => {
        log.info(`failed with hunter22`);
      },
      "hunter22",
    ],
    [
      "a known secret deep in a field",
      (log: Lines) => {
        log.info({ a: { b: { c: "x hunter22 y" } } }, "m");
      },
      "hunter22",
    ],
    [
      "an authorization field",
      (log: Lines) => {
        log.info({ headers: { authorization: "Basic abc" } }, "m");
      },
      "Basic abc",
    ],
    [
      "a bearer token nobody announced",
      (log: Lines) => {
        log.info("sent Bearer abc.def-123");
      },
      "abc.def-123",
    ],
    [
      "a JWT",
      (log: Lines) => {
        log.info("eyJhbGciOi.eyJzdWIiOiJ.c2lnbmF0dXJl");
      },
      "c2lnbmF0dXJl",
    ],
    [
      "an API token",
      (log: Lines) => {
        log.info({ note: "cst_AbCdEf123" }, "m");
      },
      "AbCdEf123",
    ],
    [
      "an error's message",
      (log: Lines) => {
        log.error({ err: new Error("hunter22 leaked") }, "m");
      },
      "hunter22",
    ],
    [
      "a failed query's parameters",
      (log: Lines) => {
        const failure = Object.assign(new Error("Failed query: insert, params: my card is 4242"), {
          query: "insert",
        });
        log.error({ err: failure, token: "x" }, "m");
      },
      "4242",
    ],
    [
      "a customer's words",
      (log: Lines) => {
        log.info({ part: { text: "my card is 4242" } }, "m");
      },
      "4242",
    ],
  ])("leaves out %s", (_, write, secret) => {
    const lines: string[] = [];
    const destination = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(chunk.toString());
        done();
      },
    });
    write(createLog("info", ["hunter22"], destination));
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(secret);
    expect(lines[0]).toContain("[redacted]");
  });
});

type Lines = ReturnType<typeof createLog>;
