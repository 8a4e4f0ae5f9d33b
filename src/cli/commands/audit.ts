import type { Command } from "commander";
import { z } from "zod";
import { AuditEntry } from "../../domain/audit.ts";
import { DefectError } from "../../domain/errors.ts";
import { table } from "../output.ts";
import type { Act } from "../program.ts";
import { withStore } from "../here.ts";
import { openSessionIfRunning, type Session } from "../session.ts";

const Listing = z.object({ entries: z.array(AuditEntry) });
const Verification = z.object({ entries: z.number(), head: z.string(), broken: AuditEntry.nullable() });

export function addAuditCommand(program: Command, act: Act): void {
  const audit = program
    .command("audit")
    .description("the ledger: what happened, who did it, and whether it is whole");

  audit
    .command("list")
    .description("list what happened, oldest first")
    .option("--conversation <id>", "only what concerns one conversation")
    .action(async ({ conversation }: { conversation?: string }) => {
      await act(async ({ options, output }) => {
        const session = await openSessionIfRunning(options);
        const entries = session
          ? await listEntries(session, conversation)
          : await listEntriesHere(conversation);
        output.result(entries);
        output.say(
          table([
            ["ENTRY", "TIME (UTC)", "EVENT", "BY", "CONVERSATION", "HASH"],
            ...entries.map((entry) => [
              String(entry.sequence),
              entry.at.slice(0, 19).replace("T", " "),
              entry.event,
              entry.actor,
              entry.conversationId ?? "",
              entry.hash.slice(0, 12),
            ]),
          ]),
        );
      });
    });

  audit
    .command("verify")
    .description("check every entry of the ledger and the chain between them")
    .action(async () => {
      await act(async ({ options, output }) => {
        const session = await openSessionIfRunning(options);
        const verified = session
          ? await session.get("/api/ledger/verification", Verification)
          : await verifyHere();
        output.result(verified);
        if (verified.broken !== null) {
          throw new DefectError(
            "ledger_broken",
            `The ledger is broken at entry ${verified.broken.sequence}: it was changed, moved or removed.`,
            "Keep a copy of the database and find out who wrote to it.",
          );
        }
        output.say(`${verified.entries} entries, unbroken. Head ${verified.head}`);
      });
    });
}

async function listEntries(session: Session, conversation: string | undefined): Promise<AuditEntry[]> {
  const filter = conversation === undefined ? "" : `&conversationId=${encodeURIComponent(conversation)}`;
  const all: AuditEntry[] = [];
  for (;;) {
    const after = all.at(-1)?.sequence ?? 0;
    const { entries } = await session.get(`/api/ledger?limit=1000&after=${after}${filter}`, Listing);
    all.push(...entries);
    if (entries.length < 1000) return all;
  }
}

function listEntriesHere(conversation: string | undefined): Promise<AuditEntry[]> {
  return withStore(async ({ db }) => {
    const { listFacts } = await import("../../store/audit.ts");
    return await listFacts(db, conversation === undefined ? {} : { conversationId: conversation });
  });
}

function verifyHere(): Promise<z.infer<typeof Verification>> {
  return withStore(async ({ db }) => {
    const { verifyLedger } = await import("../../store/audit.ts");
    return await verifyLedger(db);
  });
}
