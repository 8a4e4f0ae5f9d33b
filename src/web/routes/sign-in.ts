import { Hono } from "hono";
import { recallConnection } from "../../identity/connection.ts";
import { originOf } from "../../identity/origins.ts";
import { localAddress } from "../../identity/return-state.ts";
import { csrfTokenOf, endedSessionCookie } from "../../identity/session.ts";
import { beginSignIn, finishSignIn, signedOutCookie } from "../../identity/sign-in.ts";
import { hashToken } from "../../identity/tokens.ts";
import { endSession, findSession } from "../../store/sessions.ts";
import { answerNotice, keepPrivate } from "../notice.ts";
import type { OpenPeople, PeopleEnvironment } from "../people.ts";
import { answerRefused, hostRequired, principalOf, sessionRequired, signedInAs } from "../people.ts";

/** `/sign-in`: to Scalekit and back, and then to where the person was. Open to everybody. */
export function signInRoutes(open: OpenPeople) {
  return new Hono<PeopleEnvironment>()
    .get("/", async (context) => {
      const { headers } = context.req.raw;
      const origin = originOf(headers);
      if (origin === null) return answerRefused(hostRequired);
      keepPrivate(context);
      const to = context.req.query("to") ?? "/";
      if (signedInAs(context)) return context.redirect(localAddress(to, origin).href, 303);
      const { location, cookie } = beginSignIn(await open(), headers, origin, to);
      context.header("set-cookie", cookie);
      return context.redirect(location, 303);
    })
    .get("/callback", async (context) => {
      const { headers } = context.req.raw;
      const origin = originOf(headers);
      if (origin === null) return answerRefused(hostRequired);
      keepPrivate(context);
      const result = await finishSignIn(await open(), headers, origin, context.req.query());
      switch (result.kind) {
        case "signed_in":
          for (const cookie of result.cookies) context.header("set-cookie", cookie, { append: true });
          return context.redirect(result.to.href, 303);
        case "not_ours":
          // Another tab was faster.
          if (signedInAs(context)) return context.redirect(new URL("/", origin).href, 303);
          return answerNotice(context, 400, {
            title: "This sign-in is not complete",
            message: "It was begun in another browser, or took too long. Nobody was signed in.",
            link: signInAgain,
          });
        case "refused": {
          const { kind, reason, next } = result.refusal;
          return answerNotice(context, kind === "rejected" ? 403 : 503, {
            title: "You are not signed in",
            message: `${reason} ${next}`,
            link: signInAgain,
          });
        }
      }
    });
}

/** `/sign-out`: ends the session of this browser. */
export function signOutRoutes(open: OpenPeople) {
  return new Hono<PeopleEnvironment>().post("/", async (context) => {
    const person = signedInAs(context);
    const origin = originOf(context.req.raw.headers);
    if (!person || origin === null) return answerRefused(sessionRequired);
    const { store, clock } = await open();
    await endSession(store.db, hashToken(person.sessionToken), clock());
    context.header("set-cookie", endedSessionCookie(origin), { append: true });
    context.header("set-cookie", signedOutCookie(origin), { append: true });
    return context.body(null, 204);
  });
}

/** `/api/me`: who calls, how they are connected, and what a signed-in page must send to change something. */
export function meRoutes(open: OpenPeople) {
  return new Hono<PeopleEnvironment>().get("/", async (context) => {
    const principal = principalOf(context);
    if (!principal) return answerRefused(sessionRequired);
    const { identity, kind, via } = principal;
    const dependencies = await open();
    const { sessionToken } = signedInAs(context) ?? {};
    const session =
      sessionToken === undefined
        ? null
        : await findSession(dependencies.store.db, hashToken(sessionToken), dependencies.clock());
    const connection = kind === "teammate" ? await recallConnection(dependencies, identity) : null;
    context.header("cache-control", "no-store");
    return context.json({
      identity,
      kind,
      via,
      name: nameOf(connection?.teammate?.name, session?.name) ?? identity,
      csrf: sessionToken === undefined ? null : csrfTokenOf(sessionToken),
      expiresAt: session?.expiresAt ?? null,
      connection,
    });
  });
}

function nameOf(...names: (string | undefined)[]): string | undefined {
  return names.find((name) => name !== undefined && name !== "");
}

const signInAgain = { to: "/sign-in", label: "Sign in again" };
