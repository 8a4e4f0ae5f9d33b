import { reportOf } from "./domain/errors.ts";
import { identifyNow } from "./identity/teammates.ts";
import type { Runtime } from "./runtime.ts";
import { verifyLedger } from "./store/audit.ts";
import type { ConnectedAccount } from "./tools/gateway.ts";

/** One thing that was looked at. `next` says how to mend it when it is not well. */
export interface Finding {
  check: string;
  well: boolean;
  detail: string;
  next: string | null;
}

/**
 * Looks at everything a desk needs: configuration, desk, models, store, ledger, Scalekit, and for each teammate their
 * connection, identity and every tool. Reads only. A part that fails is a finding, never an exception.
 */
export async function examine(runtime: Runtime): Promise<Finding[]> {
  const { config, desk, models, store, gateway } = runtime;
  const mode = config.scalekit ? `Scalekit at ${config.scalekit.environmentUrl}` : "the sandbox";
  const accounts = await attempt("scalekit", () => gateway.listAccounts());
  const findings = [
    well("configuration", `valid; ${mode}`),
    well("desk", `${desk.name}: ${desk.topics.length} topics`),
    well("models", models.description),
    well("store", store.description),
    await ledgerFinding(runtime),
  ];
  if ("well" in accounts) return [...findings, accounts];
  if (accounts.kind !== "ok") return [...findings, unwell("scalekit", accounts.reason, accounts.next)];
  const identifiers = accounts.value.map(({ identifier }) => identifier);
  const people = await Promise.all(accounts.value.map((account) => teammateFindings(runtime, account)));
  return [
    ...findings,
    well(
      "scalekit",
      `answers; ${accounts.value.filter(({ status }) => status === "active").length} connected accounts`,
    ),
    identifiers.includes(desk.unassigned)
      ? well("unassigned", `${desk.unassigned} reviews what nobody is assigned to`)
      : unwell(
          "unassigned",
          `${desk.unassigned}, who reviews what nobody is assigned to, has no connected account`,
          "Connect them, or name another teammate as `unassigned` in desk/desk.yaml.",
        ),
    ...people.flat(),
  ];
}

async function ledgerFinding({ store }: Runtime): Promise<Finding> {
  const verified = await attempt("ledger", () => verifyLedger(store.db));
  if ("well" in verified) return verified;
  return verified.broken === null
    ? well("ledger", `${verified.entries} entries, unbroken`)
    : unwell(
        "ledger",
        `entry ${verified.broken.sequence} was changed, moved or removed`,
        "Keep a copy of the database and find out who wrote to it.",
      );
}

async function teammateFindings(
  runtime: Runtime,
  { identifier, status }: ConnectedAccount,
): Promise<Finding[]> {
  if (status === "pending")
    return [well(identifier, "has not connected Intercom yet; nothing is done as them")];
  const person = await attempt(identifier, () => identifyNow(runtime, identifier));
  if ("well" in person) return [person];
  if (person.kind !== "ok") return [unwell(identifier, person.reason, person.next)];
  const { name, adminId, hasInboxSeat } = person.value;
  const tools = await Promise.all(
    (["desk", "researcher", "delivery"] as const).map((actor) =>
      attempt(identifier, () => runtime.gateway.listTools(actor, person.value)),
    ),
  );
  const missing = tools.flatMap((listed) => {
    if ("well" in listed) return listed;
    return listed.kind === "ok" ? [] : unwell(identifier, listed.reason, listed.next);
  });
  const seat = hasInboxSeat ? "" : ", without an inbox seat";
  return missing.length > 0
    ? missing
    : [well(identifier, `${name}, Intercom admin ${adminId}${seat}; all tools`)];
}

async function attempt<T>(check: string, work: () => Promise<T>): Promise<T | Finding> {
  try {
    return await work();
  } catch (error) {
    const { message, next } = reportOf(error);
    return unwell(check, message, next);
  }
}

function well(check: string, detail: string): Finding {
  return { check, well: true, detail, next: null };
}

function unwell(check: string, detail: string, next: string): Finding {
  return { check, well: false, detail, next };
}
