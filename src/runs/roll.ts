import { Actor } from "../domain/capability.ts";
import type { Teammate } from "../domain/teammate.ts";
import { identifyNow, type TeammateDependencies } from "../identity/teammates.ts";

export interface Roll {
  connected: Teammate[];
  /** Who cannot be acted for, and why. */
  refused: { identifier: string; reason: string }[];
}

/** Asks Intercom who every connected teammate is. One whose connection fails is named, and stops nobody else. */
export async function callRoll(dependencies: TeammateDependencies): Promise<Roll> {
  const accounts = await dependencies.gateway.listAccounts();
  if (accounts.kind !== "ok") {
    return {
      connected: [],
      refused: [{ identifier: "everybody", reason: `${accounts.reason} ${accounts.next}` }],
    };
  }
  const identified = await Promise.all(
    accounts.value.map(async ({ identifier }) => ({
      identifier,
      person: await identifyNow(dependencies, identifier),
    })),
  );
  return {
    connected: identified.flatMap(({ person }) => (person.kind === "ok" ? person.value : [])),
    refused: identified.flatMap(({ identifier, person }) =>
      person.kind === "ok" ? [] : { identifier, reason: `${person.reason} ${person.next}` },
    ),
  };
}

/** Throws an OperatorError that names the tool when the connection lacks one the desk cannot work without. */
export async function requireTools(
  { gateway }: Pick<TeammateDependencies, "gateway">,
  { connected }: Roll,
): Promise<void> {
  const [anyone] = connected;
  if (anyone) await Promise.all(Actor.options.map((actor) => gateway.listTools(actor, anyone)));
}
