import { z } from "zod";
import { CallerError, CountersignError, VendorError } from "../domain/errors.ts";

/** What the SDK throws for an answer that is not 2xx. */
const HttpFailure = z.object({ status: z.number(), text: z.string().optional(), message: z.string() });
const Body = z.union([
  z.object({ code: z.string(), message: z.string(), next: z.string() }),
  z.object({ message: z.string() }),
  z.object({ error: z.string() }),
]);

/** Another run is at work on the thread. */
export function isBusy(error: unknown): boolean {
  return errorOf(error).code === "thread_busy";
}

/** Any failure of a call to the server, in our terms. Never holds the token the call was made with. */
export function errorOf(error: unknown): CountersignError {
  if (error instanceof CountersignError) return error;
  const failure = HttpFailure.safeParse(error);
  if (!failure.success) {
    return new VendorError(
      "server_unreachable",
      "The Countersign server does not answer.",
      "Start it with npm start, or set COUNTERSIGN_URL to where it runs.",
      { cause: error },
    );
  }
  const { status, text, message } = failure.data;
  const body = bodyOf(text);
  if (body && "code" in body) return new CallerError(body.code, body.message, body.next);
  const reason = body ? ("message" in body ? body.message : body.error) : message;
  return new CallerError(`http_${status}`, reason, nextFor(status));
}

function bodyOf(text: string | undefined): z.infer<typeof Body> | null {
  try {
    const parsed = Body.safeParse(JSON.parse(text ?? ""));
    return parsed.success ? parsed.data : { message: text ?? "" };
  } catch {
    return text ? { message: text } : null;
  }
}

function nextFor(status: number): string {
  switch (status) {
    case 401:
      return "Send a valid token: countersign token create <identifier> makes one.";
    case 403:
    case 404:
      return "Check the id, and that it is yours.";
    case 422:
      return "Another run is at work on this conversation: try again in a moment.";
    default:
      return "Look at the server's log.";
  }
}
