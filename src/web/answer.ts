import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { stream } from "hono/streaming";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";
import { CallerError, CountersignError, reportOf } from "../domain/errors.ts";
import type { Principal } from "../domain/teammate.ts";
import { openRuntime, type Runtime } from "../runtime.ts";

/** What the middleware leaves for the routes. `auth` is set by the LangGraph server from our authentication. */
export interface WebEnvironment {
  Variables: { runtime: Runtime; auth: { user: Principal } };
}

type WebContext = Context<WebEnvironment>;

/** Any failure of a route, as `{code, message, next}`; what was not foreseen goes to the log and not to the caller. */
export async function answerError(error: Error, context: WebContext): Promise<Response> {
  if (error instanceof HTTPException) return error.getResponse();
  if (!(error instanceof CountersignError)) {
    const { log } = await openRuntime();
    log.error({ err: error, path: context.req.path }, "a route failed");
  }
  return context.json(reportOf(error), statusOf(error));
}

/** What a request holds, by its schema; a CallerError that names the field otherwise. */
export function parseRequest<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CallerError(
    "request_invalid",
    parsed.error.issues.map((issue) => `${issue.path.join(".") || "request"}: ${issue.message}`).join("; "),
    "Correct the request and send it again.",
  );
}

/** The body of a request as JSON; an empty body is an empty object. */
export async function readJson(context: WebContext): Promise<unknown> {
  const text = await context.req.text();
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    throw new CallerError("json_invalid", "The body is not JSON.", "Send a JSON object.");
  }
}

/** Events as they come, one JSON object a line. A failure in the middle is the last line, as `{type: "error", ...}`. */
export function answerEvents(context: WebContext, events: AsyncIterable<unknown>): Response {
  context.header("content-type", "application/x-ndjson");
  return stream(context, async (output) => {
    try {
      for await (const event of events) await output.writeln(JSON.stringify(event));
    } catch (error) {
      await output.writeln(JSON.stringify({ type: "error", ...reportOf(error) }));
    }
  });
}

function statusOf(error: Error): ContentfulStatusCode {
  if (!(error instanceof CountersignError)) return 500;
  switch (error.actor) {
    case "caller":
      return error.code.endsWith("_unknown") ? 404 : error.code === "not_permitted" ? 403 : 400;
    case "teammate":
      return 403;
    case "vendor":
      return 503;
    case "operator":
    case "developer":
      return 500;
  }
}
