import { z } from "zod";
import { CallerError } from "../domain/errors.ts";
import { Principal } from "../domain/teammate.ts";

const Stamped = z.object({ configurable: z.object({ langgraph_auth_user: Principal }) });

/**
 * Who runs this graph: what the server stamped after authenticating the request, and nothing else. Throws a
 * CallerError when the run carries no identity.
 */
export function principalOf(config: unknown): Principal {
  const parsed = Stamped.safeParse(config);
  if (parsed.success) return parsed.data.configurable.langgraph_auth_user;
  throw new CallerError(
    "not_authenticated",
    "This run carries no identity, so nothing may be read or written in anybody's name.",
    "Start it through the Countersign server with a token.",
  );
}
