import { z } from "zod";
import type { Principal } from "../domain/teammate.ts";
import type { Refused } from "./refused.ts";
import { isRefused, refuse } from "./refused.ts";
import { judgeRun } from "./run-rules.ts";
import type { IdentitySettings } from "./settings.ts";

type RunLimits = Pick<IdentitySettings, "recursionLimit">;

/** A request's body as the LangGraph server is to read it. */
export interface PermittedBody {
  kind: "body";
  body: Record<string, unknown>;
  /** The assistant a new run is for; null when the request starts none. */
  assistant: string | null;
  /** True when a run starts, so that the thread must be free. */
  starts: boolean;
}

const RunBody = z.looseObject({ assistant_id: z.string().min(1) });
const Command = z.looseObject({
  id: z.number().int().nonnegative(),
  method: z.string(),
  params: z.looseObject({}).nullish(),
});
const NewThread = z.looseObject({ supersteps: z.array(z.unknown()).nullish() });

/** Commands that only look. */
const LOOKING = ["state.get", "agent.getTree", "subscription.subscribe", "subscription.unsubscribe"];

/**
 * The body of a request that starts a run, reduced to what counts. The run is rejected when the thread is busy, and
 * goes on when its caller leaves: a reply on its way is not cut off by a closed window.
 */
export function judgeRunBody(
  principal: Principal,
  limits: RunLimits,
  body: unknown,
): PermittedBody | Refused {
  const parsed = RunBody.safeParse(body);
  if (!parsed.success) return malformed("The body does not name an assistant.");
  const run = judgeRun(principal, limits, body);
  if (isRefused(run)) return run;
  const asked = parsed.data;
  return {
    kind: "body",
    assistant: asked.assistant_id,
    starts: true,
    body: {
      assistant_id: asked.assistant_id,
      input: run.input,
      command: run.resume ? { resume: run.resume.value } : undefined,
      context: run.context,
      config: { recursion_limit: run.recursionLimit },
      metadata: principal.kind === "dispatcher" ? asked.metadata : undefined,
      stream_mode: asked.stream_mode ?? undefined,
      stream_subgraphs: asked.stream_subgraphs ?? undefined,
      stream_resumable: asked.stream_resumable ?? undefined,
      if_not_exists: asked.if_not_exists ?? undefined,
      multitask_strategy: "reject",
      on_disconnect: "continue",
    },
  };
}

/** The body of a command to a thread: the same limits as for a run, and nothing but looking besides. */
export function judgeCommandBody(
  principal: Principal,
  limits: RunLimits,
  body: unknown,
): PermittedBody | Refused {
  const parsed = Command.safeParse(body);
  if (!parsed.success) return malformed("The body is not a command with an id and a method.");
  const { id, method } = parsed.data;
  const params = parsed.data.params ?? {};
  if (LOOKING.includes(method)) {
    return { kind: "body", assistant: null, starts: false, body: { id, method, params } };
  }
  if (method === "run.start") return judgeRunStart(principal, limits, id, params);
  if (method === "input.respond") return judgeInputRespond(principal, limits, id, params);
  return refuse(403, "command_refused", `Countersign does not take the command ${method}.`, commandsTaken);
}

/** The body that makes a thread: it may not bring steps that never ran. */
export function judgeThreadBody(body: unknown): PermittedBody | Refused {
  const parsed = NewThread.safeParse(body);
  if (!parsed.success) return malformed("The body is not a thread.");
  if (parsed.data.supersteps?.length) {
    return refuse(403, "thread_state_refused", "A thread begins empty.", "Leave supersteps out.");
  }
  return { kind: "body", assistant: null, starts: false, body: parsed.data };
}

function judgeRunStart(
  principal: Principal,
  limits: RunLimits,
  id: number,
  params: Record<string, unknown>,
): PermittedBody | Refused {
  const asked = RunBody.safeParse(params);
  if (!asked.success) return malformed("run.start does not name an assistant.");
  const run = judgeRun(principal, limits, params);
  if (isRefused(run)) return run;
  return {
    kind: "body",
    assistant: asked.data.assistant_id,
    starts: true,
    body: {
      id,
      method: "run.start",
      params: {
        assistant_id: asked.data.assistant_id,
        input: run.input,
        config: { recursion_limit: run.recursionLimit },
      },
    },
  };
}

function judgeInputRespond(
  principal: Principal,
  limits: RunLimits,
  id: number,
  params: Record<string, unknown>,
): PermittedBody | Refused {
  const { interrupt_id, response, responses, update, goto, config } = params;
  const run = judgeRun(principal, limits, { command: { resume: true, update, goto }, config });
  if (isRefused(run)) return run;
  return {
    kind: "body",
    assistant: null,
    starts: true,
    body: { id, method: "input.respond", params: { interrupt_id, response, responses } },
  };
}

function malformed(message: string): Refused {
  return refuse(422, "request_malformed", message, "Send the JSON that LangGraph's clients send.");
}

const commandsTaken = `Use run.start, input.respond, ${LOOKING.join(", ")}.`;
