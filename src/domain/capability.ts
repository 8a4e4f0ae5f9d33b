import { z } from "zod";

/** The parts of the desk that may reach Intercom. Only `delivery` may write. */
export const Actor = z.enum(["desk", "researcher", "delivery"]);
export type Actor = z.infer<typeof Actor>;

/** What an actor may do with a tool; what is not listed is refused. */
export const Capability = z.object({
  tool: z.string(),
  access: z.enum(["read", "write"]),
  actors: z.array(Actor),
  /** Arguments that code sets and nobody else may: never shown to a model. */
  pinned: z.record(z.string(), z.union([z.string(), z.boolean()])).default({}),
  /** True when the desk cannot work without it. */
  required: z.boolean(),
});
export type Capability = z.infer<typeof Capability>;

export type Permission = { allowed: true; capability: Capability } | { allowed: false; reason: string };

/** Whether `actor` may call `tool` for `access`. Deny by default. */
export function permit(
  policy: readonly Capability[],
  actor: Actor,
  tool: string,
  access: Capability["access"],
): Permission {
  const capability = policy.find((candidate) => candidate.tool === tool);
  if (!capability) return { allowed: false, reason: `The capability policy does not list ${tool}.` };
  if (capability.access !== access) {
    return { allowed: false, reason: `The capability policy allows ${tool} as a ${capability.access} only.` };
  }
  if (!capability.actors.includes(actor)) {
    return { allowed: false, reason: `The capability policy does not give ${tool} to the ${actor}.` };
  }
  return { allowed: true, capability };
}
