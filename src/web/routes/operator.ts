import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { z } from "zod";
import { examine } from "../../doctor.ts";
import { CallerError } from "../../domain/errors.ts";
import { isSameSecret } from "../../identity/tokens.ts";
import { issueToken } from "../../identity/issue.ts";
import { listTokens, revokeToken } from "../../store/tokens.ts";
import { parseRequest, readJson, type WebEnvironment } from "../answer.ts";

const NewToken = z.strictObject({
  identifier: z.string().min(1),
  name: z.string().min(1).max(100),
});
const Revocation = z.strictObject({ id: z.string().min(1) });

/** Only who can read the data folder knows the key: that is what an operator is. */
const operatorOnly = createMiddleware<WebEnvironment>(async (context, next) => {
  const key = context.req.header("x-countersign-operator") ?? "";
  if (!isSameSecret(key, context.get("runtime").operatorKey)) {
    throw new CallerError(
      "not_permitted",
      "This is for the operator of the server.",
      "Run the command on the server's machine, with its data folder.",
    );
  }
  await next();
});

/** What the operator's commands ask of a running server: API tokens, and its state of health. */
export const operatorRoutes = new Hono<WebEnvironment>()
  .use("*", operatorOnly)
  .get("/tokens", async (context) =>
    context.json({ tokens: await listTokens(context.get("runtime").store.db) }),
  )
  .post("/tokens", async (context) => {
    const { identifier, name } = parseRequest(NewToken, await readJson(context));
    return context.json(await issueToken(context.get("runtime"), identifier, name));
  })
  .post("/tokens/revoke", async (context) => {
    const { store, clock } = context.get("runtime");
    const { id } = parseRequest(Revocation, await readJson(context));
    return context.json({ revoked: await revokeToken(store.db, id, clock()) });
  })
  .get("/doctor", async (context) => context.json({ findings: await examine(context.get("runtime")) }));
