import { existsSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createEngines } from "../../src/agents/engines.ts";
import { errorOf } from "../../src/agents/researcher/refused.ts";
import type { Config } from "../../src/config.ts";
import type { Classification } from "../../src/domain/classification.ts";
import type { Contact, Conversation } from "../../src/domain/conversation.ts";
import type { Directory } from "../../src/domain/directory.ts";
import type { Draft } from "../../src/domain/draft.ts";
import { OperatorError } from "../../src/domain/errors.ts";
import { noFindings } from "../../src/domain/findings.ts";
import type { Teammate } from "../../src/domain/teammate.ts";
import { createRuntime, type Runtime } from "../../src/runtime.ts";
import { readContact } from "../../src/tools/contacts.ts";
import type { ReadOutcome, ToolGateway } from "../../src/tools/gateway.ts";
import { identifyTeammate, readDirectory } from "../../src/tools/intercom.ts";
import { openTemporaryStore } from "../stage.ts";
import { readOnly, withBlinkers } from "./blinkers.ts";

/** A desk that reads and drafts, and has neither a store nor a way to write. */
export interface ReadingDesk {
  /** Cannot write. */
  gateway: ToolGateway;
  /** Who reviews what nobody is assigned to. */
  unassigned: string;
  engines: string;
  identify(identifier: string): Promise<Reader>;
  draft(
    reader: Reader,
    conversation: Conversation,
  ): Promise<{ classification: Classification; draft: Draft }>;
  close(): Promise<void>;
}

/** The teammate in whose name everything is read, and the teams and tags they see. */
export interface Reader {
  teammate: Teammate;
  directory: Directory;
}

export interface ReadingDeskOptions {
  config: Config;
  now: () => Date;
  /** Puts something in the place of a part: what a test watches. */
  change?: (runtime: Runtime) => Runtime;
}

/**
 * Opens a desk on the configured Intercom, or on the sandbox as it stands in the data folder. Its store is a temporary one
 * and the sandbox a copy: nothing of it is left when it is closed.
 */
export async function openReadingDesk({ config, now, change }: ReadingDeskOptions): Promise<ReadingDesk> {
  const data = await mkdtemp(join(tmpdir(), "countersign-replay-"));
  const closing = [() => rm(data, { recursive: true, force: true })];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const sandbox = join(resolve(config.environment.COUNTERSIGN_DATA), "sandbox.json");
    if (config.scalekit === null && existsSync(sandbox)) await copyFile(sandbox, join(data, "sandbox.json"));
    const store = await openTemporaryStore();
    closing.push(() => store.close());
    const environment = { ...config.environment, COUNTERSIGN_DATA: data };
    const opened = await createRuntime({ ...config, environment }, { clock: now, store });
    closing.push(() => opened.close());
    const runtime = change?.(opened) ?? opened;
    const { models, desk } = runtime;
    const gateway = readOnly(runtime.gateway);
    return {
      gateway,
      unassigned: desk.unassigned,
      engines: models.description,
      identify: (identifier) => identifyReader(gateway, identifier),
      draft: async (reader, conversation) => {
        const until = conversation.updatedAt;
        const blinkered = withBlinkers(gateway, { conversationId: conversation.id, until });
        const engines = createEngines({ models, gateway: blinkered });
        const contact = await contactOf(gateway, reader.teammate, conversation);
        const briefing = { desk, conversation, contact, ...reader };
        const classification = await engines.classify(briefing);
        // As the graph goes: what needs no reply is not looked up.
        const findings =
          classification.route === "no_reply" ? noFindings : await engines.research(briefing, classification);
        const request = { ...briefing, classification, findings, instruction: null, previousBody: null };
        return { classification, draft: await engines.draft(request) };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function identifyReader(gateway: ToolGateway, identifier: string): Promise<Reader> {
  const account = valueOf(await gateway.findAccount(identifier));
  if (account?.status !== "active") {
    throw new OperatorError(
      "reader_not_connected",
      `${identifier} has no active Intercom connection, so nothing can be read as them.`,
      "Have them connect Intercom in the inbox, or name another teammate with --as.",
    );
  }
  const as = { identifier, connectedAccountId: account.id };
  const teammate = valueOf(await identifyTeammate(gateway, as));
  return { teammate, directory: valueOf(await readDirectory(gateway, as)) };
}

/** The customer as they are today, without the tags that answering them may have given. Null when they are gone. */
async function contactOf(
  gateway: ToolGateway,
  as: Teammate,
  { contactId }: Conversation,
): Promise<Contact | null> {
  if (contactId === null) return null;
  const contact = await readContact(gateway, as, contactId);
  if (contact.kind !== "ok" && contact.code === "not_found") return null;
  return { ...valueOf(contact), tags: [] };
}

export function valueOf<T>(outcome: ReadOutcome<T>): T {
  if (outcome.kind === "ok") return outcome.value;
  throw errorOf(outcome);
}
