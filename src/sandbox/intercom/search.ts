import type { Json } from "../../domain/json.ts";
import { invalidParameter } from "./errors.ts";

type Value = string | number | boolean | null;

/** A searchable field: its type decides which operators it takes, `values` what an item holds there. */
export interface Field<Item> {
  type: "string" | "integer" | "date" | "boolean";
  values: (item: Item) => readonly Value[];
}

export interface SearchRules<Item> {
  field: (name: string) => Field<Item> | undefined;
  /** The calendar day of a date, for objects whose dates are compared by day; absent compares by the second. */
  dayOf?: (seconds: number) => string;
}

const MOST_LEVELS = 2;
const MOST_FILTERS = 15;
const operators = ["=", "!=", "IN", "NIN", ">", "<", "~", "!~", "^", "$"];

/** Whether an item fits a query of Intercom's search API. Throws an IntercomError for a query Intercom refuses. */
export function compileQuery<Item>(query: Json, rules: SearchRules<Item>): (item: Item) => boolean {
  return compile(query, rules, 0);
}

function compile<Item>(query: Json, rules: SearchRules<Item>, level: number): (item: Item) => boolean {
  if (query === null || typeof query !== "object" || Array.isArray(query)) {
    throw invalidParameter("query must be an object");
  }
  const { operator, value } = query;
  if (operator === "AND" || operator === "OR") {
    if (level >= MOST_LEVELS) throw invalidParameter("Query is nested too deeply: at most 2 nested filters");
    if (!Array.isArray(value)) throw invalidParameter(`The value of ${operator} must be an array of filters`);
    if (value.length > MOST_FILTERS) throw invalidParameter("A group may have at most 15 filters");
    const filters = value.map((filter) => compile(filter, rules, level + 1));
    return operator === "AND"
      ? (item) => filters.every((filter) => filter(item))
      : (item) => filters.some((filter) => filter(item));
  }
  return compileFilter(query, rules);
}

function compileFilter<Item>(
  filter: Record<string, Json>,
  rules: SearchRules<Item>,
): (item: Item) => boolean {
  const name = filter.field;
  const operator = filter.operator;
  if (typeof name !== "string") throw invalidParameter("A filter needs a field");
  const field = rules.field(name);
  if (!field) throw invalidParameter(`${name} is not a valid search field`);
  if (typeof operator !== "string" || !operators.includes(operator)) {
    throw invalidParameter(`${JSON.stringify(operator ?? null)} is not a valid operator`);
  }
  checkOperator(name, field.type, operator);
  const wanted = wantedValues(name, field.type, operator, filter.value ?? null);
  const comparable = (value: Value) => comparableOf(value, field.type, rules.dayOf);
  const test = testOf(operator, wanted.map(comparable));
  const negated = operator === "!=" || operator === "NIN" || operator === "!~";
  return (item) => {
    const values = field.values(item);
    const matches = (values.length === 0 ? [null] : values).map(comparable).some(test);
    return negated ? !matches : matches;
  };
}

function checkOperator(name: string, type: Field<unknown>["type"], operator: string): void {
  const ordered = operator === ">" || operator === "<";
  const textual = ["~", "!~", "^", "$"].includes(operator);
  if ((ordered && type !== "integer" && type !== "date") || (textual && type !== "string")) {
    throw invalidParameter(`Operator ${operator} is not valid for the ${type} field ${name}`);
  }
}

function wantedValues(name: string, type: Field<unknown>["type"], operator: string, value: Json): Value[] {
  const several = operator === "IN" || operator === "NIN";
  if (several !== Array.isArray(value)) {
    throw invalidParameter(several ? `${operator} needs an array of values` : `${name} takes a single value`);
  }
  return (Array.isArray(value) ? value : [value]).map((one) => typedValue(name, type, one));
}

function typedValue(name: string, type: Field<unknown>["type"], value: Json): Value {
  if (value === null) return null;
  if (type === "string" && (typeof value === "string" || typeof value === "number")) return String(value);
  if (type === "boolean" && (value === true || value === "true")) return true;
  if (type === "boolean" && (value === false || value === "false")) return false;
  if (type === "integer" || type === "date") {
    if (typeof value === "number") return value;
    if (typeof value === "string" && /^-?\d+$/.test(value)) return Number(value);
  }
  throw invalidParameter(
    `The value of ${name} must be a ${type === "date" ? "date (UNIX timestamp)" : type}`,
  );
}

/** Text is compared without regard to case, dates of some objects by their day. */
function comparableOf(
  value: Value,
  type: Field<unknown>["type"],
  dayOf?: (seconds: number) => string,
): Value {
  if (typeof value === "string") return value.toLowerCase();
  if (type === "date" && typeof value === "number" && dayOf) return dayOf(value);
  return value;
}

function testOf(operator: string, wanted: readonly Value[]): (value: Value) => boolean {
  const [first = null] = wanted;
  switch (operator) {
    case ">":
      return (value) => isAfter(value, first);
    case "<":
      return (value) => isAfter(first, value);
    case "~":
    case "!~":
      return (value) => String(value ?? "").includes(String(first ?? ""));
    case "^":
      return (value) => String(value ?? "").startsWith(String(first ?? ""));
    case "$":
      return (value) => String(value ?? "").endsWith(String(first ?? ""));
    default:
      return (value) => wanted.includes(value);
  }
}

/** By the second, Intercom's `>` and `<` mean "or equal"; by the day they mean another day. */
function isAfter(later: Value, earlier: Value): boolean {
  if (typeof later === "number" && typeof earlier === "number") return later >= earlier;
  return typeof later === "string" && typeof earlier === "string" && later > earlier;
}
