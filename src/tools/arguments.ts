import type { Capability } from "../domain/capability.ts";
import { JsonObject } from "../domain/json.ts";
import type { Refusal } from "./gateway.ts";
import { refuse } from "./refusals.ts";
import { WriteArguments } from "./write-arguments.ts";

export type PreparedArguments = { kind: "ok"; value: JsonObject } | Refusal;

/**
 * The arguments as they will leave: what is undefined is gone and what the policy pins is set. Refuses anything that
 * would change on the wire (NaN, dates, functions, numbers beyond 2^53), an id that is not a string, and a
 * conversation id that is not digits: `last` would choose a conversation nobody named.
 */
export function prepareRead(capability: Capability, given: Record<string, unknown>): PreparedArguments {
  return check({ ...withoutUndefined(given), ...capability.pinned });
}

/**
 * The arguments of a write, exactly as they were approved: nothing is added, and one that differs from what the
 * policy pins, or that its tool is not known to take, is refused.
 */
export function prepareWrite(capability: Capability, given: Record<string, unknown>): PreparedArguments {
  const changed = Object.entries(capability.pinned).find(([name, value]) => given[name] !== value);
  if (changed)
    return refuse("invalid_arguments", `${capability.tool} is only allowed with its own "${changed[0]}".`);
  const schema = WriteArguments[capability.tool];
  if (!schema)
    return refuse("policy_denied", `Countersign does not know the arguments of ${capability.tool}.`);
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.join(".") ?? "";
    return refuse(
      "invalid_arguments",
      `The arguments of ${capability.tool} are not acceptable: ${where} ${issue?.message ?? ""}`,
    );
  }
  return check(given);
}

function check(args: Record<string, unknown>): PreparedArguments {
  const parsed = JsonObject.safeParse(args);
  if (!parsed.success || !isExact(args)) {
    return refuse(
      "invalid_arguments",
      "An argument is not plain JSON, so it would arrive as something else.",
    );
  }
  for (const [name, value] of Object.entries(parsed.data)) {
    if (name.endsWith("_id") && name !== "help_center_id" && typeof value !== "string") {
      return refuse("invalid_arguments", `The argument ${name} must be a string.`);
    }
  }
  const { conversation_id: conversationId } = parsed.data;
  if (typeof conversationId === "string" && !/^\d{1,20}$/.test(conversationId)) {
    return refuse("invalid_arguments", "A conversation_id has digits only.");
  }
  return { kind: "ok", value: parsed.data };
}

function withoutUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      if (member === undefined) return [];
      return [[name, isPlainObject(member) ? withoutUndefined(member) : member]];
    }),
  );
}

/** Whether nothing in the value is lost or rounded on its way through a protobuf Struct. */
function isExact(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (Array.isArray(value)) return value.every(isExact);
  if (typeof value === "object" && value !== null) {
    return isPlainObject(value) && Object.values(value).every(isExact);
  }
  return value === null || typeof value === "string" || typeof value === "boolean";
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
