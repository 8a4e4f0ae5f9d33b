import type { Runtime } from "../src/runtime.ts";
import type { Database } from "../src/store/database.ts";
import { listReviewSummaries } from "../src/store/reviews.ts";

/** Copies begin where no conversation of the workspace is. */
const FIRST = 900_000_000_000;

/**
 * Fills a teammate's waiting list up with copies of the first review the desk drafted for them, each under another
 * conversation's id, over all topics. Returns the ids of the drafted ones, which are listed before every copy: the
 * copies are of the drafted one's urgency or less, and younger. Nothing but the table of reviews knows of the copies.
 */
export async function fillUp({ store, desk }: Runtime, size: number): Promise<string[]> {
  const { db } = store;
  const drafted = await listReviewSummaries(db, { teammate: desk.unassigned, status: "open" });
  const [pattern] = drafted;
  if (pattern === undefined) throw new Error("the desk drafted nothing to copy");
  const { urgency } = pattern.classification;
  if (drafted.some((review) => review.classification.urgency !== urgency))
    throw new Error("the drafted reviews are not alike");
  await insertCopies(
    db,
    pattern.id,
    size - drafted.length,
    desk.topics.map(({ id }) => id),
  );
  return drafted.map(({ id }) => id);
}

/** In the text of the classification, as it stands in the table: by SQL, as ten thousand openings take minutes. */
async function insertCopies(
  db: Database,
  pattern: string,
  copies: number,
  topics: readonly string[],
): Promise<void> {
  const topic = `(array[${topics.map(literal).join(", ")}])[1 + n % ${topics.length}]`;
  const classification = `regexp_replace(classification::text, '"topic":"[^"]*"', '"topic":"' || ${topic} || '"')`;
  const calmer = `case when n % 2 = 0 then regexp_replace(${classification}, '"urgency":"[a-z]+"', '"urgency":"low"') else ${classification} end`;
  await db.execute(`
    insert into countersign.reviews (id, thread_id, workspace_id, conversation_id, version, status, teammate, team_id,
      customer, title, classification, findings, draft, plan, digest, notice, kept, created_at)
    select 'copy' || n, gen_random_uuid(), workspace_id, (${FIRST} + n)::text, 1, 'open', teammate, team_id,
      customer, title, (${calmer})::json, findings, draft, plan, digest, notice, kept, now()
    from countersign.reviews, generate_series(1, ${copies}) as n where id = ${literal(pattern)}`);
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
