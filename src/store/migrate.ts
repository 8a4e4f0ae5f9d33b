import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { asc, sql } from "drizzle-orm";
import { integer } from "drizzle-orm/pg-core";
import { OperatorError } from "../domain/errors.ts";
import { countersign, text } from "./columns.ts";
import type { Database } from "./database.ts";

const migrations = countersign.table("migrations", {
  position: integer("position").primaryKey(),
  name: text("name").notNull(),
  digest: text("digest").notNull(),
});

interface Migration {
  name: string;
  digest: string;
  statements: string[];
}

const FOLDER = new URL("./migrations/", import.meta.url);

/**
 * Brings the tables up to date, once and whole: in one transaction, and one process at a time. A database that was made
 * by a newer version, or by other migrations than ours, is an OperatorError and stays as it is.
 */
export async function migrate(db: Database): Promise<void> {
  const ours = await readMigrations();
  await db.transaction(async (transaction) => {
    await transaction.execute(
      sql`select pg_advisory_xact_lock(hashtextextended('countersign:migrations', 0))`,
    );
    const applied = await readApplied(transaction);
    const [unknown] = applied.slice(ours.length);
    if (unknown) throw newerDatabase(unknown.name);
    for (const [index, migration] of ours.entries()) {
      const before = applied[index];
      if (before === undefined) await apply(transaction, index, migration);
      else if (before.digest !== migration.digest) throw otherDatabase(before.name);
    }
  });
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(
    names.map(async (name) => {
      const script = await readFile(new URL(name, FOLDER), "utf8");
      const digest = createHash("sha256").update(script.replaceAll("\r\n", "\n")).digest("hex");
      return { name, digest, statements: script.split("--> statement-breakpoint") };
    }),
  );
}

async function readApplied(transaction: Database): Promise<{ name: string; digest: string }[]> {
  const [found] = await transaction
    .select({ table: sql<string | null>`to_regclass('countersign.migrations')::text` })
    .from(sql`(values (1)) as one`);
  if (found?.table == null) {
    await transaction.execute(sql`create schema if not exists countersign`);
    await transaction.execute(
      sql`create table countersign.migrations (position integer primary key, name text not null, digest text not null)`,
    );
    return [];
  }
  return transaction.select().from(migrations).orderBy(asc(migrations.position));
}

async function apply(
  transaction: Database,
  position: number,
  { name, digest, statements }: Migration,
): Promise<void> {
  for (const statement of statements) await transaction.execute(sql.raw(statement));
  await transaction.insert(migrations).values({ position, name, digest });
}

function newerDatabase(name: string): OperatorError {
  return new OperatorError(
    "store_newer",
    `The database was made by a newer version of Countersign (it has ${name}, which this version does not know).`,
    "Start that newer version again, or restore a backup from before the update.",
  );
}

function otherDatabase(name: string): OperatorError {
  return new OperatorError(
    "store_different",
    `The database was made with another ${name} than the one of this version.`,
    "Start the version that made it, or point DATABASE_URL or the data folder at a database of its own.",
  );
}
