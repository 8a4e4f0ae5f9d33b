import { z } from "zod";
import { DeskOverrides } from "../domain/desk.ts";
import type { Principal } from "../domain/teammate.ts";
import type { Refused } from "./refused.ts";
import { refuse } from "./refused.ts";
import type { IdentitySettings } from "./settings.ts";

type RunLimits = Pick<IdentitySettings, "recursionLimit">;

/** The only input a run takes: which conversation. Everything else is read as the teammate. */
const RunInput = z.strictObject({ conversationId: z.string().regex(/^\d{1,20}$/) });

/** What a client asked a run to do, as the request's body and the server's own record both name it. */
const RunAsk = z.looseObject({
  input: z.unknown().optional(),
  command: z.looseObject({ resume: z.unknown().optional() }).nullish(),
  context: z.unknown().optional(),
  config: z
    .looseObject({
      recursion_limit: z.number().int().positive().nullish(),
      configurable: z.looseObject({}).nullish(),
    })
    .nullish(),
});

/** A run that may be started: what is left of the request after everything unknown was dropped. */
export interface PermittedRun {
  kind: "run";
  input: z.infer<typeof RunInput> | null;
  /** What the client answers a review with, unchecked; null when the run resumes nothing. */
  resume: { value: unknown } | null;
  context: DeskOverrides;
  recursionLimit: number;
}

/** Options that would send data elsewhere, stop between nodes, or start from another point than the thread's last. */
const CLOSED_OPTIONS = [
  "webhook",
  "interrupt_before",
  "interrupt_after",
  "checkpoint",
  "checkpoint_id",
  "feedback_keys",
  "after_seconds",
] as const;
const CLOSED_CONFIGURABLE = ["checkpoint_id", "checkpoint_ns", "checkpoint_map", "thread_ts"];

/**
 * What `principal` may ask of a run. Judged on the request's body, and again on what the server is about to store. A
 * dispatcher starts runs and never answers a review; nobody jumps, forks, edits state or sends a webhook.
 */
export function judgeRun(principal: Principal, limits: RunLimits, ask: unknown): PermittedRun | Refused {
  const parsed = RunAsk.safeParse(ask);
  if (!parsed.success) return refuseRun("run_malformed", "The run's options are malformed.");
  const run = parsed.data;

  const closed = closedOptionOf(run);
  if (closed) return refuseRun("run_option_refused", `Countersign does not take the run option ${closed}.`);

  const recursionLimit = run.config?.recursion_limit ?? limits.recursionLimit;
  if (recursionLimit > limits.recursionLimit) {
    return refuseRun("run_option_refused", `The recursion limit is at most ${limits.recursionLimit}.`);
  }

  const context = DeskOverrides.safeParse(run.context ?? {});
  if (!context.success) return refuseRun("run_context_refused", z.prettifyError(context.error));

  if (run.command) return judgeResume(principal, run.command, run.input, context.data, recursionLimit);
  const input = RunInput.nullable().safeParse(run.input ?? null);
  if (!input.success) {
    return refuseRun("run_input_refused", "The run's input is not exactly one conversation id in digits.");
  }
  return { kind: "run", input: input.data, resume: null, context: context.data, recursionLimit };
}

/** What the server is to store for a permitted run: nothing the client forged, and the authenticated user. */
export function stampRun(
  kwargs: Record<string, unknown>,
  run: PermittedRun,
  user: { identity: string },
): void {
  const kept = { ...kwargs };
  for (const key of Object.keys(kwargs)) Reflect.deleteProperty(kwargs, key);
  Object.assign(kwargs, {
    input: run.input,
    ...(run.resume && { command: { resume: run.resume.value } }),
    context: run.context,
    config: {
      recursion_limit: run.recursionLimit,
      configurable: {
        langgraph_auth_user: user,
        langgraph_auth_user_id: user.identity,
        langgraph_auth_permissions: [],
      },
    },
    // A temporary run takes its thread with it when it ends.
    temporary: false,
    stream_mode: kept.stream_mode,
    subgraphs: kept.subgraphs,
    resumable: kept.resumable,
    ...(kept[PROTOCOL_RUN] === true && { [PROTOCOL_RUN]: true }),
  });
}

/** The server's own mark of a run that was started through a thread's command route. */
export const PROTOCOL_RUN = "__protocol_stream_run";

function judgeResume(
  principal: Principal,
  command: Record<string, unknown>,
  input: unknown,
  context: DeskOverrides,
  recursionLimit: number,
): PermittedRun | Refused {
  const others = Object.keys(command).filter((key) => key !== "resume" && !isEmpty(command[key]));
  if (others.length > 0) {
    return refuseRun("run_command_refused", `A command may only resume; ${others.join(" and ")} is refused.`);
  }
  if (command.resume === undefined) {
    return refuseRun("run_command_refused", "The command resumes nothing.");
  }
  if (!isEmpty(input)) {
    return refuseRun("run_command_refused", "A run that resumes takes no input.");
  }
  if (principal.kind === "dispatcher") {
    return refuse(
      403,
      "dispatcher_may_not_decide",
      "The desk itself may not answer a review.",
      "Only the teammate a review is for may answer it.",
    );
  }
  return { kind: "run", input: null, resume: { value: command.resume }, context, recursionLimit };
}

function closedOptionOf(run: z.infer<typeof RunAsk>): string | undefined {
  const option = CLOSED_OPTIONS.find((name) => !isEmpty(run[name]) && run[name] !== 0);
  if (option) return option;
  if (run.on_completion === "delete") return "on_completion";
  const forked = CLOSED_CONFIGURABLE.find((name) => !isEmpty(run.config?.configurable?.[name]));
  return forked && `config.configurable.${forked}`;
}

/** Absent in any of the ways clients write it. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function refuseRun(code: string, message: string): Refused {
  return refuse(
    422,
    code,
    message,
    "Start a run with input {conversationId} or none, or with command {resume} alone.",
  );
}
