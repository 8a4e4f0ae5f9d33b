import { randomBytes } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  createApiToken,
  createDelegationToken,
  createDevelopmentToken,
  createDispatchToken,
  DISPATCH_SECONDS,
  familyOf,
  hashToken,
  isSameSecret,
  readDelegationToken,
  readDispatchToken,
} from "../../src/identity/tokens.ts";

const key = Buffer.alloc(32, 1);
const now = new Date("2026-03-01T09:00:00Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe("an API token", () => {
  it("is cst_ and 256 random bits, of which only the hash is kept", () => {
    const { token, hash } = createApiToken(() => Buffer.alloc(32, 0xff));
    expect(token).toBe(`cst_${"_".repeat(42)}8`);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(hash).toBe(hashToken(token));
  });

  it("is never the same twice", () => {
    const tokens = Array.from({ length: 100 }, () => createApiToken(randomBytes).token);
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^cst_[A-Za-z0-9_-]{43}$/);
  });

  it("is told from the other families by its prefix alone", () => {
    expect(familyOf(createApiToken(randomBytes).token)).toBe("api");
    expect(familyOf(createDevelopmentToken(randomBytes))).toBe("development");
    expect(familyOf(createDispatchToken("ana@quillbook.example", key, now))).toBe("dispatch");
    for (const foreign of ["", "CST_a", " cst_a", "csd_a", "eyJhbGciOi.a.b", "csts"]) {
      expect([foreign, familyOf(foreign)]).toEqual([foreign, "foreign"]);
    }
  });
});

describe("a dispatch token", () => {
  it("names its teammate for a minute, whatever the identifier looks like", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (identifier) => {
        const token = createDispatchToken(identifier, key, now);
        expect(readDispatchToken(token, key, now)).toBe(identifier);
        expect(readDispatchToken(token, key, later(DISPATCH_SECONDS - 1))).toBe(identifier);
        expect(readDispatchToken(token, key, later(DISPATCH_SECONDS))).toBeNull();
      }),
    );
  });

  it("means nothing under another key", () => {
    const token = createDispatchToken("ana@quillbook.example", key, now);
    expect(readDispatchToken(token, Buffer.alloc(32, 2), now)).toBeNull();
    expect(readDispatchToken(token, Buffer.alloc(0), now)).toBeNull();
  });

  it("means nothing once any character of it is changed, added or removed", () => {
    const token = createDispatchToken("ana@quillbook.example", key, now);
    const position = fc.nat({ max: token.length - 1 });
    const character = fc.constantFrom("a", "b", "X", "0", "9", "_", "-", ".", "=", "+", "/", " ");
    fc.assert(
      fc.property(position, character, (at, other) => {
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        fc.pre(changed !== token);
        for (const forged of [changed, token.slice(0, at) + token.slice(at + 1), token.slice(0, at)]) {
          if (forged !== token) expect(readDispatchToken(forged, key, now)).toBeNull();
        }
        expect(readDispatchToken(token + other, key, now)).toBeNull();
      }),
    );
  });

  it("is read from any text without failing", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (claims, signature) => {
        expect(readDispatchToken(claims, key, now)).toBeNull();
        expect(readDispatchToken(`csdsp_${claims}.${signature}`, key, now)).toBeNull();
      }),
    );
  });
});

describe("a delegation token", () => {
  const mina = { identity: "mina@quillbook.example", kind: "teammate", via: "session" } as const;

  it("is the teammate, as they proved themselves, for a minute", () => {
    const token = createDelegationToken(mina, key, now);
    expect(familyOf(token)).toBe("delegation");
    expect(readDelegationToken(token, key, now)).toEqual(mina);
    expect(readDelegationToken(token, key, later(DISPATCH_SECONDS - 1))).toEqual(mina);
    expect(readDelegationToken(token, key, later(DISPATCH_SECONDS))).toBeNull();
    expect(readDelegationToken(token, Buffer.alloc(32, 2), now)).toBeNull();
  });

  it("is no dispatch token under another prefix, nor the other way round", () => {
    const delegation = createDelegationToken(mina, key, now);
    const dispatch = createDispatchToken("mina@quillbook.example", key, now);
    expect(readDispatchToken(delegation, key, now)).toBeNull();
    expect(readDispatchToken(delegation.replace("csdel_", "csdsp_"), key, now)).toBeNull();
    expect(readDelegationToken(dispatch, key, now)).toBeNull();
    expect(readDelegationToken(dispatch.replace("csdsp_", "csdel_"), key, now)).toBeNull();
  });

  it("is read from any text without failing", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (claims, signature) => {
        expect(readDelegationToken(`csdel_${claims}.${signature}`, key, now)).toBeNull();
      }),
    );
  });
});

describe("comparing secrets", () => {
  it("holds for equal ones only, of any length", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        expect(isSameSecret(left, left)).toBe(true);
        expect(isSameSecret(left, right)).toBe(left === right);
      }),
    );
  });
});
