import { randomUUID } from "node:crypto";
import { z } from "zod";

const Answer = z.discriminatedUnion("kind", [
  /** Intercom refused: a tool error with the status it would have had. */
  z.strictObject({
    kind: z.literal("tool_error"),
    status: z.number().int().min(400).max(599),
    code: z.string().optional(),
    message: z.string().optional(),
  }),
  /** Scalekit failed with a gRPC status and no details. */
  z.strictObject({
    kind: z.literal("grpc"),
    code: z.enum([
      "unavailable",
      "deadline_exceeded",
      "internal",
      "unauthenticated",
      "aborted",
      "resource_exhausted",
      "permission_denied",
      "unknown",
    ]),
  }),
  /** Something between the client and Scalekit answered with a bare HTTP status. */
  z.strictObject({ kind: z.literal("http"), status: z.number().int().min(400).max(599) }),
  /** The TCP connection is reset, together with every other call on it. */
  z.strictObject({ kind: z.literal("reset") }),
  /** No answer ever; the client's deadline ends it. */
  z.strictObject({ kind: z.literal("hang") }),
]);
export type FaultAnswer = z.infer<typeof Answer>;

const Effect = z.discriminatedUnion("kind", [
  ...Answer.options,
  /** The call takes this much longer, and then goes its way. */
  z.strictObject({ kind: z.literal("latency"), milliseconds: z.number().int().nonnegative() }),
  /** The caller gets `answer` at once; the call is carried out this much later. */
  z.strictObject({
    kind: z.literal("late_commit"),
    milliseconds: z.number().int().nonnegative(),
    answer: Answer.default({ kind: "grpc", code: "deadline_exceeded" }),
  }),
  /** The caller's own account changes, and then the call goes its way. */
  z.strictObject({
    kind: z.literal("account"),
    change: z.enum(["active", "expired", "disconnected", "token_revoked"]),
  }),
]);
export type FaultEffect = z.infer<typeof Effect>;

/** Something that is to go wrong. */
export const FaultRequest = z
  .strictObject({
    /**
     * A tool's name; `*` for every tool. Also the name of another call: `ListScopedTools`, `ListConnectedAccounts` or any
     * other RPC, or `oauth/token`. Those take faults `before` only. Or `webhooks/scalekit` and `webhooks/intercom`: a
     * failure `before` means that a webhook does not arrive, one `after` that its answer does not, so that either way it
     * is sent again; with `latency` what happened later overtakes it.
     */
    tool: z.string().min(1),
    /** Only calls under this identifier; absent for everyone's. */
    identifier: z.string().optional(),
    /** Before the tool is carried out, or after it was and its change is kept. */
    when: z.enum(["before", "after"]).default("before"),
    /** How many calls it meets before it is used up. */
    times: z.union([z.number().int().positive(), z.literal("always")]).default(1),
    effect: Effect,
  })
  .refine(({ when, effect }) => when === "before" || effect.kind !== "late_commit", {
    error: "after the commit nothing is left to commit late",
    path: ["effect"],
  });
export type FaultRequest = z.input<typeof FaultRequest>;
type Fault = z.output<typeof FaultRequest> & { id: string; met: number };

/** The faults that are waiting for calls. The oldest matching one is met first. */
export interface Faults {
  /** Adds one and returns its id. Throws when it is not a valid fault. */
  add(request: FaultRequest): string;
  list(): Fault[];
  remove(id: string): boolean;
  clear(): void;
  /** Takes what a call meets at this point: any number of faults that let it go on, and at most one that ends it. */
  meet(call: { tool: string; identifier: string | null }, when: Fault["when"]): FaultEffect[];
}

export function createFaults(): Faults {
  let faults: Fault[] = [];
  return {
    add(request) {
      const fault = { ...FaultRequest.parse(request), id: randomUUID(), met: 0 };
      faults.push(fault);
      return fault.id;
    },
    list: () => structuredClone(faults),
    remove(id) {
      const before = faults.length;
      faults = faults.filter((fault) => fault.id !== id);
      return faults.length < before;
    },
    clear() {
      faults = [];
    },
    meet(call, when) {
      const met: FaultEffect[] = [];
      for (const fault of faults) {
        if (fault.when !== when || !isFor(fault, call)) continue;
        fault.met += 1;
        met.push(fault.effect);
        if (fault.effect.kind !== "latency" && fault.effect.kind !== "account") break;
      }
      faults = faults.filter(({ times, met: count }) => times === "always" || count < times);
      return met;
    },
  };
}

function isFor(fault: Fault, call: { tool: string; identifier: string | null }): boolean {
  const everyTool = fault.tool === "*" && call.tool.startsWith("intercom_");
  const names = [call.tool, call.tool.replace(/^intercom_/, "")];
  if (!everyTool && !names.includes(fault.tool)) return false;
  return fault.identifier === undefined || fault.identifier === call.identifier;
}
