import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { getTableColumns, sql } from "drizzle-orm";
import { getTableConfig, type PgColumn, type PgTable } from "drizzle-orm/pg-core";
import { appendFact, ledger, ledgerHead, listFacts, verifyLedger } from "../../src/store/audit.ts";
import { openStore } from "../../src/store/database.ts";
import { decisions } from "../../src/store/decisions.ts";
import { deliveries } from "../../src/store/deliveries.ts";
import { eraseStore } from "../../src/store/erase.ts";
import { reviews } from "../../src/store/reviews.ts";
import { teammates } from "../../src/store/teammates.ts";
import { tokens } from "../../src/store/tokens.ts";
import { onBothEngines, openTestStore, type TestStore } from "./engines.ts";
import { AT } from "./fixtures.ts";

const fact = { actor: "countersign", event: "noted", conversationId: null, data: {} };
const tables: PgTable[] = [teammates, reviews, decisions, deliveries, ledger, ledgerHead, tokens];

onBothEngines("opening and closing a store", (engine) => {
  let store: TestStore;

  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  afterAll(() => store.close());

  it.each(tables.map((table) => [getTableConfig(table).name, table] as const))(
    "makes the table %s with the columns that the queries expect, and no others",
    async (name, table) => {
      const declared = Object.values<PgColumn>(getTableColumns(table)).map((column) => {
        return `${column.name}: ${column.getSQLType().replace(" (3)", "(3)")}${column.notNull ? "" : " or null"}`;
      });
      const stored = await store.db
        .select({
          column: sql<string>`attname || ': ' || format_type(atttypid, atttypmod)
            || case when attnotnull then '' else ' or null' end`,
        })
        .from(sql`pg_attribute`)
        .where(sql`attrelid = ${`countersign.${name}`}::text::regclass and attnum > 0`);
      expect(stored.map((row) => row.column).sort()).toEqual(declared.sort());
    },
  );

  it("keeps what was written when it is opened again, and migrates nothing twice", async () => {
    const first = await openTestStore(engine);
    await appendFact(first.db, fact, AT);
    const kept = await verifyLedger(first.db);
    await first.release();
    const second = await openStore(first.options);
    expect(await verifyLedger(second.db)).toEqual(kept);
    expect(second.description).toBe(first.description);
    await second.close();
    await first.close();
  });

  it.each([
    [
      "made by a newer version",
      "store_newer",
      sql`insert into countersign.migrations values (99, '0099.sql', 'x')`,
    ],
    ["made by other migrations", "store_different", sql`update countersign.migrations set digest = 'x'`],
  ])("refuses a database %s, and lets go of it", async (_, code, change) => {
    const changed = await openTestStore(engine);
    await changed.db.execute(change);
    await changed.release();
    const refusal = { actor: "operator", code };
    await expect(openStore(changed.options)).rejects.toMatchObject(refusal);
    await expect(openStore(changed.options)).rejects.toMatchObject(refusal);
    await changed.close();
  });

  it("starts from nothing after it was erased, which a folder in use refuses", async () => {
    const erased = await openTestStore(engine);
    await appendFact(erased.db, fact, AT);
    if (engine === "embedded") {
      await expect(eraseStore(erased.options)).rejects.toMatchObject({ code: "store_in_use" });
      expect(await verifyLedger(erased.db)).toMatchObject({ entries: 1, broken: null });
    }
    await erased.release();
    await eraseStore(erased.options);
    await eraseStore(erased.options);
    const anew = await openStore(erased.options);
    expect(await verifyLedger(anew.db)).toMatchObject({ entries: 0, broken: null });
    await anew.close();
    await erased.close();
  });

  it("waits for running transactions when it is closed, and can be closed twice", async () => {
    const closing = await openTestStore(engine);
    let finished = 0;
    const running = Array.from({ length: 30 }, async () => {
      await appendFact(closing.db, fact, AT);
      finished += 1;
    });
    await closing.release();
    await Promise.all(running);
    expect(finished).toBe(30);
    await closing.close();
    await expect(listFacts(closing.db)).rejects.toThrow();
  });
});
