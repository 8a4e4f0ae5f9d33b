import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { type AuditFact, hashEntry } from "../../src/domain/audit.ts";
import { canonicalJson, JsonObject } from "../../src/domain/json.ts";
import { appendFact, listFacts, verifyLedger } from "../../src/store/audit.ts";
import type { Database } from "../../src/store/database.ts";
import { onBothEngines, openTestStore, type TestStore } from "./engines.ts";
import { AT } from "./fixtures.ts";

onBothEngines("the ledger", (engine) => {
  let store: TestStore;
  let db: Database;

  beforeAll(async () => {
    store = await openTestStore(engine);
    db = store.db;
  });
  afterAll(() => store.close());

  it("is intact while it is empty", async () => {
    expect(await verifyLedger(db)).toEqual({ entries: 0, head: "0".repeat(64), broken: null });
  });

  it("gives back what was appended, with any text and number, in one chain", async () => {
    const data = {
      text: 'NUL \0, half a pair \ud83d, a whole one 😀, \\u0000, and a quote "',
      "key \0": null,
      numbers: [0.1 + 0.2, 1e21, 5e-324, -1.5, 9007199254740991, 1e-7],
      nested: { b: [{ z: 1, a: 2 }], a: {} },
    };
    const first = await appendFact(db, { ...fact("first"), data }, AT);
    const second = await appendFact(db, fact("second"), AT);
    expect(await listFacts(db, { after: first.sequence - 1 })).toEqual([first, second]);
    expect(first.data).toEqual(data);
    expect(second.previous).toBe(first.hash);
    expect((await verifyLedger(db)).broken).toBeNull();
  });

  it("chains text that PostgreSQL cannot hold as it stores it", async () => {
    const entry = await appendFact(db, { ...fact("odd"), actor: "a\0b\udc00", conversationId: "\ud800" }, AT);
    expect(entry).toMatchObject({ actor: "a\uFFFDb\uFFFD", conversationId: "\uFFFD" });
    expect((await verifyLedger(db)).broken).toBeNull();
  });

  it("stays one unbroken chain under twenty parallel appends", async () => {
    const before = await verifyLedger(db);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => appendFact(db, fact(`parallel ${index}`), AT)),
    );
    const after = await verifyLedger(db);
    expect(after).toMatchObject({ entries: before.entries + 20, broken: null });
    const events = (await listFacts(db, { after: before.entries })).map((entry) => entry.event);
    expect(new Set(events).size).toBe(20);
  });

  it("keeps nothing of a transaction that fails, and goes on from where it was", async () => {
    const before = await verifyLedger(db);
    const crash = db.transaction(async (transaction) => {
      await appendFact(transaction, fact("never"), AT);
      throw new Error("crash");
    });
    await expect(crash).rejects.toThrow("crash");
    expect(await verifyLedger(db)).toEqual(before);
    await appendFact(db, fact("after the crash"), AT);
    expect(await verifyLedger(db)).toMatchObject({ entries: before.entries + 1, broken: null });
  });

  it("reads one conversation, after a sequence, up to a limit", async () => {
    for (const event of ["one", "two", "three"]) {
      await appendFact(db, { ...fact(event), conversationId: "77" }, AT);
      await appendFact(db, { ...fact(event), conversationId: "78" }, AT);
    }
    const all = await listFacts(db, { conversationId: "77" });
    expect(all.map((entry) => entry.event)).toEqual(["one", "two", "three"]);
    const rest = await listFacts(db, { conversationId: "77", after: all[0]!.sequence, limit: 1 });
    expect(rest).toEqual([all[1]]);
  });

  it.each([
    ["update", "update countersign.ledger set actor = 'someone'"],
    ["delete", "delete from countersign.ledger where sequence = 1"],
    ["truncate", "truncate countersign.ledger"],
    ["deleting the head", "delete from countersign.ledger_head"],
    ["truncating the head", "truncate countersign.ledger_head"],
    ["moving the head back", "update countersign.ledger_head set sequence = sequence - 1"],
  ])("refuses %s", async (_, statement) => {
    const before = await verifyLedger(db);
    await expect(db.execute(sql.raw(statement))).rejects.toHaveProperty("cause.code", "23001");
    expect(await verifyLedger(db)).toEqual(before);
  });

  it("is verified in pages, while others append", async () => {
    for (let batch = 0; batch < 13; batch += 1) {
      await db.transaction(async (transaction) => {
        for (let index = 0; index < 40; index += 1) await appendFact(transaction, fact("many"), AT);
      });
    }
    const appending = Promise.all(Array.from({ length: 30 }, () => appendFact(db, fact("meanwhile"), AT)));
    const during = await verifyLedger(db);
    await appending;
    const after = await verifyLedger(db);
    expect(during.broken).toBeNull();
    expect(during.entries).toBeGreaterThan(520);
    expect(after.broken).toBeNull();
    expect(after.entries).toBeGreaterThanOrEqual(during.entries);
  });

  describe("that was tampered with by a superuser", () => {
    const last = async () => (await verifyLedger(db)).entries;

    it.each([
      ["a changed actor", "update countersign.ledger set actor = actor || 'x' where sequence = 3"],
      [
        "a moment moved by a millisecond",
        "update countersign.ledger set at = at + interval '1 ms' where sequence = 3",
      ],
      ["a moment that is none", "update countersign.ledger set at = 'infinity' where sequence = 3"],
      [
        "a conversation taken away",
        "update countersign.ledger set conversation_id = null where sequence = 3",
      ],
      [
        "a blank in the data",
        "update countersign.ledger set data = (data::text || ' ')::json where sequence = 3",
      ],
      ["data that is no object", "update countersign.ledger set data = '[]' where sequence = 3"],
      ["a hash in capitals", "update countersign.ledger set hash = upper(hash) where sequence = 3"],
      ["a renumbered entry", "update countersign.ledger set sequence = 1000000 where sequence = 3"],
      ["a removed entry", "delete from countersign.ledger where sequence = 3"],
      [
        "two entries in each other's place",
        `update countersign.ledger set sequence = -3 where sequence = 3;
         update countersign.ledger set sequence = 3 where sequence = 4;
         update countersign.ledger set sequence = 4 where sequence = -3`,
      ],
    ])("shows %s", async (_, statement) => {
      await tampering(db, statement, async (transaction) => {
        const { entries, broken } = await verifyLedger(transaction);
        expect(entries).toBe(2);
        expect([3, 4]).toContain(broken?.sequence);
      });
    });

    it("shows a removed first entry", async () => {
      await tampering(db, "delete from countersign.ledger where sequence = 1", async (transaction) => {
        expect(await verifyLedger(transaction)).toMatchObject({ entries: 0, broken: { sequence: 2 } });
      });
    });

    it("shows an end that was cut off, and how much is missing", async () => {
      const entries = await last();
      await tampering(
        db,
        `delete from countersign.ledger where sequence > ${entries - 5}`,
        async (transaction) => {
          const broken = { sequence: entries - 4, event: "ledger.missing", data: { missing: 5 } };
          expect(await verifyLedger(transaction)).toMatchObject({ entries: entries - 5, broken });
        },
      );
    });

    it("shows that everything is gone", async () => {
      const entries = await last();
      await tampering(db, "truncate countersign.ledger", async (transaction) => {
        const broken = { sequence: 1, event: "ledger.missing", data: { missing: entries } };
        expect(await verifyLedger(transaction)).toMatchObject({ entries: 0, broken });
      });
      await tampering(db, "truncate countersign.ledger, countersign.ledger_head", async (transaction) => {
        expect((await verifyLedger(transaction)).broken).toMatchObject({ event: "ledger.missing" });
      });
    });

    it("shows a last entry that was written anew with a fitting hash", async () => {
      const entries = await last();
      const [entry] = await listFacts(db, { after: entries - 1 });
      const forged = { ...entry!, actor: "someone.else@quillbook.example" };
      const statement = `update countersign.ledger set actor = '${forged.actor}', hash = '${hashEntry(forged)}'
        where sequence = ${entries}`;
      await tampering(db, statement, async (transaction) => {
        expect(await verifyLedger(transaction)).toMatchObject({
          broken: { sequence: entries, actor: forged.actor },
        });
      });
    });

    it("shows an entry put behind the head with a fitting hash", async () => {
      const { entries, head } = await verifyLedger(db);
      const forged = { ...fact("forged"), sequence: entries + 1, at: AT.toISOString(), previous: head };
      const statement = `insert into countersign.ledger (sequence, at, actor, event, data, previous, hash)
        values (${forged.sequence}, '${forged.at}', '${forged.actor}', 'forged', '{}', '${head}', '${hashEntry(forged)}')`;
      await tampering(db, statement, async (transaction) => {
        expect(await verifyLedger(transaction)).toMatchObject({ entries, head, broken: { event: "forged" } });
      });
    });
  });
});

describe("a ledger of any facts", () => {
  let store: TestStore;

  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());

  const anyFact = fc.record({
    actor: fc.string({ unit: "binary" }),
    event: fc.string(),
    conversationId: fc.option(fc.string()),
    data: fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()).map((data) => JsonObject.parse(data)),
  });
  const change = fc.constantFrom(
    "at = at - interval '1 ms'",
    "actor = actor || '.'",
    "event = event || '.'",
    "conversation_id = coalesce(conversation_id || '.', '')",
    "data = json_build_object('was', data)",
    "previous = reverse(previous) || '0'",
    "hash = hash || '0'",
    "sequence = sequence + 1000000000",
  );

  it("is intact, and any single changed field is found in its place", async () => {
    const property = fc.asyncProperty(
      fc.array(anyFact, { minLength: 1, maxLength: 5 }),
      fc.nat(),
      change,
      async (facts, place, changed) => {
        const { entries: before } = await verifyLedger(store.db);
        for (const one of facts) await appendFact(store.db, one, AT);
        const stored = await listFacts(store.db, { after: before });
        expect(stored.map((entry) => canonicalJson(entry.data))).toEqual(
          facts.map((one) => canonicalJson(one.data)),
        );
        expect(await verifyLedger(store.db)).toMatchObject({ entries: before + facts.length, broken: null });
        const target = before + 1 + (place % facts.length);
        const statement = `update countersign.ledger set ${changed} where sequence = ${target}`;
        await tampering(store.db, statement, async (transaction) => {
          const { entries, broken } = await verifyLedger(transaction);
          expect(entries).toBe(target - 1);
          expect(broken).not.toBeNull();
        });
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });
});

function fact(event: string): AuditFact {
  return { actor: "countersign", event, conversationId: null, data: {} };
}

/** Runs the statement with all triggers off, looks, and takes everything back. */
async function tampering(
  db: Database,
  statement: string,
  look: (transaction: Database) => Promise<void>,
): Promise<void> {
  const undone = new Error("undone");
  const attempt = db.transaction(async (transaction) => {
    for (const one of [
      "alter table countersign.ledger disable trigger all",
      "alter table countersign.ledger_head disable trigger all",
      "alter table countersign.ledger drop constraint ledger_sequence_check",
      ...statement.split(";"),
    ]) {
      await transaction.execute(sql.raw(one));
    }
    await look(transaction);
    throw undone;
  });
  await expect(attempt).rejects.toBe(undone);
}
