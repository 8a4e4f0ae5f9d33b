import { Hono } from "hono";
import { z } from "zod";
import {
  disconnect,
  readConnection,
  requestConnection,
  verifyConnection,
} from "../../identity/connection.ts";
import { refuse } from "../../identity/refused.ts";
import { originOf } from "../../identity/origins.ts";
import type { ConnectionLink } from "../api.ts";
import { answerNotice, keepPrivate } from "../notice.ts";
import type { OpenPeople, PeopleEnvironment } from "../people.ts";
import {
  answerRefusal,
  answerRefused,
  hostRequired,
  principalOf,
  sessionRequired,
  signedInAs,
  teammatesOnly,
} from "../people.ts";

/** Where to come back to once Intercom is connected: an address of this server. */
const LinkRequest = z.strictObject({ to: z.string().startsWith("/").max(1500).default("/") });

/** `/api/connection`: the caller's own Intercom connection. */
export function connectionRoutes(open: OpenPeople) {
  return new Hono<PeopleEnvironment>()
    .get("/", async (context) => {
      const principal = principalOf(context);
      if (principal?.kind !== "teammate") return answerRefused(teammatesOnly);
      context.header("cache-control", "no-store");
      return context.json(await readConnection(await open(), principal.identity));
    })
    .post("/link", async (context) => {
      const person = signedInAs(context);
      const origin = originOf(context.req.raw.headers);
      // Consent comes back to a browser, and only a session says whose browser that is.
      if (!person || origin === null) return answerRefused(sessionRequired);
      const asked = LinkRequest.safeParse(await context.req.json().catch(() => null));
      if (!asked.success) return answerRefused(linkRequestInvalid);
      const link = await requestConnection(await open(), person, { origin, to: asked.data.to });
      if (link.kind !== "ok") return answerRefusal(link);
      const { url, expiresAt } = link.value;
      context.header("cache-control", "no-store");
      const answer: ConnectionLink = { link: url, expiresAt: expiresAt?.toISOString() ?? null };
      return context.json(answer);
    })
    .post("/disconnect", async (context) => {
      const principal = principalOf(context);
      if (principal?.kind !== "teammate") return answerRefused(teammatesOnly);
      const dependencies = await open();
      const refusal = await disconnect(dependencies, principal.identity);
      if (refusal) return answerRefusal(refusal);
      return context.json(await readConnection(dependencies, principal.identity));
    });
}

/** `/connect`: where Intercom's consent comes back to. Answers pages, to whoever comes. */
export function connectRoutes(open: OpenPeople) {
  return new Hono<PeopleEnvironment>().get("/verify", async (context) => {
    const origin = originOf(context.req.raw.headers);
    if (origin === null) return answerRefused(hostRequired);
    keepPrivate(context);
    const person = signedInAs(context);
    if (!person) {
      return answerNotice(context, 401, {
        title: "Intercom is not connected",
        message: "You are signed out. Sign in, and start connecting Intercom again.",
        link: { to: "/sign-in", label: "Sign in" },
      });
    }
    const { state, auth_request_id: requestId } = context.req.query();
    const result = await verifyConnection(await open(), person, origin, { state, requestId });
    switch (result.kind) {
      case "connected":
        return context.redirect(result.to.href, 303);
      case "not_ours":
        return answerNotice(context, 400, {
          title: "Intercom is not connected",
          message:
            "This consent was not asked for by you in this browser, or took too long. Start connecting Intercom again.",
          link: { to: "/", label: "Go to the inbox" },
        });
      case "refused": {
        const { kind, reason, next } = result.refusal;
        const later = kind === "unavailable" || kind === "rate_limited";
        return answerNotice(context, later ? 503 : 403, {
          title: "Intercom is not connected",
          message: `${reason} ${next}`,
          link: { to: result.to.href, label: "Go back to where you were" },
        });
      }
    }
  });
}

const linkRequestInvalid = refuse(
  422,
  "request_invalid",
  "The body is not {to}, an address of this server that starts with a slash.",
  "Send {} or {to}.",
);
