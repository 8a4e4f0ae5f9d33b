import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { InvalidArgumentError, type Command } from "commander";
import type { Config } from "../../src/config.ts";
import { OperatorError } from "../../src/domain/errors.ts";
import { openStore } from "../../src/store/database.ts";
import { listTeammates } from "../../src/store/teammates.ts";
import { replayHtml } from "../report/html-replay.ts";
import { privacyNote } from "../report/replay-words.ts";
import { replayText } from "../report/replay.ts";
import { caseLineOf } from "./export.ts";
import { comparePast, readPastAnswers, type PastAnswer } from "./past-reviews.ts";
import { openReadingDesk, type Reader, type ReadingDesk, type ReadingDeskOptions } from "./reading-desk.ts";
import { redaction, type People, type Redact } from "./redact.ts";
import { countReasons, type Replay, type ReplayedAnswer, type Series } from "./replay-document.ts";
import { draftAgain, shadowConversations, type Shadow } from "./shadow.ts";

export interface ReplaySurroundings {
  say: (text: string) => void;
  progress: ((text: string) => void) | null;
  now: () => Date;
  config: () => Config;
  signal?: AbortSignal;
  change?: ReadingDeskOptions["change"];
}

interface ReplayOptions {
  store?: boolean;
  conversations?: boolean;
  data?: string;
  redraft?: boolean;
  as?: string;
  limit?: number;
  since?: Date;
  export?: string;
  redact: boolean;
  json?: string;
  html?: string;
}

/** So many closed conversations unless another number is given: each is drafted, which may cost money. */
const MOST_CONVERSATIONS = 50;

/** Adds the command that compares drafts with what people really sent. It reads, and writes only the files it is given. */
export function addReplayCommand(
  program: Command,
  surroundings: ReplaySurroundings,
  finish: () => void,
): void {
  program
    .command("replay")
    .description("compare drafts with what people really sent, and forecast what would be sent")
    .option("--store", "the reviews of the past, as they were decided")
    .option("--data <folder>", "with --store: the data folder to read, in place of the settings' store")
    .option("--redraft", "with --store: also draft again with today's engines, and compare that")
    .option("--conversations", "closed conversations in Intercom, drafted as if nobody had answered yet")
    .option("--as <teammate>", "in whose name Intercom is read (default: who reviews what nobody has)")
    .option(
      "--limit <number>",
      `at most so many, newest first (default: ${MOST_CONVERSATIONS} conversations)`,
      positive,
    )
    .option("--since <date>", "nothing older, as in 2026-01-31", day)
    .option("--export <file>", "with --conversations: write them as cases, to add expectations by hand")
    .option(
      "--redact",
      "replace known names, e-mail addresses and long numbers in all that is written",
      false,
    )
    .option("--json <file>", "write the whole replay")
    .option("--html <file>", "write the report to read")
    .action(async (options: ReplayOptions) => {
      assertSensible(options);
      const startedAt = surroundings.now().toISOString();
      const series = options.store
        ? await replayStore(options, surroundings)
        : await replayConversations(options, surroundings);
      const replay: Replay = { format: 1, kind: "replay", redacted: options.redact, startedAt, series };
      await write(options.json, `${JSON.stringify(replay)}\n`);
      await write(options.html, replayHtml(replay));
      surroundings.say(replayText(replay));
      const files = [options.json, options.html, options.export].flatMap((file) => file ?? []);
      if (files.length > 0) surroundings.say(`\n${files.join(", ")}: ${privacyNote(replay)}`);
      finish();
    });
}

async function replayStore(options: ReplayOptions, surroundings: ReplaySurroundings): Promise<Series[]> {
  const config = configWith(surroundings.config(), options.data);
  const { answers, leftOut, teammates } = await readStore(config, options);
  const redactFor = (customers: readonly string[], people?: People) =>
    options.redact
      ? redaction({
          customers: [...customers, ...(people?.customers ?? [])],
          teammates: [...teammates, ...(people?.teammates ?? [])],
        })
      : asItIs;
  const decided: Series = {
    kind: "decided",
    title: "Drafts as people decided them",
    engines: [...new Set(answers.map(({ review }) => review.draft.engine))].sort(),
    answers: answers.map((past) => redacted(comparePast(past), redactFor([past.review.customer]))),
    leftOut: countReasons(leftOut),
  };
  if (!options.redraft) return [decided];
  const again = await withDesk(config, surroundings, (desk) =>
    draftAgain(desk, readersOf(desk, options.as), answers, following(surroundings)).then((shadow) =>
      seriesOf({ kind: "again", title: "The same, drafted again today" }, desk, shadow, redactFor),
    ),
  );
  return [decided, again];
}

async function replayConversations(
  options: ReplayOptions,
  surroundings: ReplaySurroundings,
): Promise<Series[]> {
  const config = surroundings.config();
  return await withDesk(config, surroundings, async (desk) => {
    const reader = await desk.identify(options.as ?? desk.unassigned);
    const shadow = await shadowConversations(desk, reader, {
      since: options.since ?? null,
      limit: options.limit ?? MOST_CONVERSATIONS,
      ...following(surroundings),
    });
    // A teammate of one conversation may be spoken of in another.
    const all = shadow.shadowed.flatMap(({ people }) => people.teammates);
    const teammates = [...new Set([...all, reader.teammate.name])];
    const redactFor = (_: readonly string[], people?: People) =>
      options.redact && people ? redaction({ ...people, teammates }) : asItIs;
    const lines = shadow.shadowed.map((one) => caseLineOf(one, redactFor([], one.people)));
    await write(options.export, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    return [seriesOf({ kind: "unseen", title: "If this were switched on" }, desk, shadow, redactFor)];
  });
}

function seriesOf(
  about: Pick<Series, "kind" | "title">,
  desk: ReadingDesk,
  { shadowed, leftOut }: Shadow,
  redactFor: (customers: readonly string[], people: People) => Redact,
): Series {
  return {
    ...about,
    engines: [desk.engines],
    answers: shadowed.map(({ answer, people }) => redacted(answer, redactFor([], people))),
    leftOut: countReasons(leftOut),
  };
}

/** Reads the store as the desk does; an embedded one only while no server has it. */
async function readStore({ environment }: Config, { since, limit }: ReplayOptions) {
  const folder = join(resolve(environment.COUNTERSIGN_DATA), "store");
  const url = environment.DATABASE_URL ?? null;
  if (url === null && !existsSync(join(folder, "database"))) {
    throw new OperatorError(
      "replay_store_missing",
      `There is no store in ${environment.COUNTERSIGN_DATA}.`,
      "Name the data folder with --data, or set COUNTERSIGN_DATA or DATABASE_URL as for the desk.",
    );
  }
  const store = await openStore({ url, folder });
  try {
    const past = await readPastAnswers(store.db, {
      since: since ?? null,
      limit: limit ?? Number.POSITIVE_INFINITY,
    });
    const teammates = await listTeammates(store.db);
    return { ...past, teammates: teammates.map(({ name }) => name) };
  } finally {
    await store.close();
  }
}

async function withDesk<T>(
  config: Config,
  { now, change }: ReplaySurroundings,
  work: (desk: ReadingDesk) => Promise<T>,
): Promise<T> {
  const desk = await openReadingDesk({ config, now, ...(change && { change }) });
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

/** Reads each conversation as whoever decided its review, unless somebody is named. */
function readersOf(desk: ReadingDesk, as: string | undefined): (answer: PastAnswer) => Promise<Reader> {
  const known = new Map<string, Promise<Reader>>();
  return ({ decision }) => {
    const identifier = as ?? decision.decidedBy;
    const reader = known.get(identifier) ?? desk.identify(identifier);
    known.set(identifier, reader);
    return reader;
  };
}

function following({ progress, signal }: ReplaySurroundings) {
  return { signal, onProgress: (done: number, of: number) => progress?.(`${done} of ${of} conversations`) };
}

const asItIs: Redact = (text) => text;

function redacted(answer: ReplayedAnswer, redact: Redact): ReplayedAnswer {
  return {
    ...answer,
    messages: answer.messages.map(({ from, text }) => ({ from, text: redact(text) })),
    asks: answer.asks.map(redact),
    draft: { ...answer.draft, body: redact(answer.draft.body) },
    sent: answer.sent === null ? null : redact(answer.sent),
    reason: redact(answer.reason),
  };
}

function configWith(config: Config, data: string | undefined): Config {
  if (data === undefined) return config;
  const { DATABASE_URL: _, ...environment } = config.environment;
  return { ...config, environment: { ...environment, COUNTERSIGN_DATA: data } };
}

function assertSensible(options: ReplayOptions): void {
  const { store = false, conversations = false } = options;
  if (store === conversations) {
    throw usage(
      "Say what is to be replayed.",
      "Give --store for past reviews, or --conversations for closed ones in Intercom.",
    );
  }
  const lost = store
    ? options.export !== undefined && "--export"
    : (options.data !== undefined && "--data") || (options.redraft && "--redraft");
  if (lost)
    throw usage(
      `${lost} does not go with ${store ? "--store" : "--conversations"}.`,
      "Leave one of them out.",
    );
}

async function write(file: string | undefined, text: string): Promise<void> {
  if (file === undefined) return;
  await mkdir(dirname(resolve(file)), { recursive: true });
  // It holds what customers wrote: nobody else on this machine needs to read it.
  await writeFile(file, text, { mode: 0o600 });
}

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("Give a whole number from 1.");
  return number;
}

function day(value: string): Date {
  const date = new Date(value);
  if (!/^\d{4}-\d{2}-\d{2}/.test(value) || Number.isNaN(date.getTime())) {
    throw new InvalidArgumentError("Give a date such as 2026-01-31.");
  }
  return date;
}

function usage(message: string, next: string): OperatorError {
  return new OperatorError("eval_usage", message, next);
}
