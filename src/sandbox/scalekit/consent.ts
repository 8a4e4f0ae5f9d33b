import { Hono } from "hono";
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { Core } from "../core.ts";
import type { Admin } from "../intercom/workspace.ts";
import type { AuthorizationRequest } from "./accounts.ts";
import { consent } from "./accounts.ts";

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/**
 * The page behind an authorization link: Intercom asking whether the application may act for a teammate. In the sandbox
 * nobody is signed in to Intercom, so the page also asks which teammate it is.
 */
export function createConsentRoutes(core: Core): Hono {
  const routes = new Hono();
  const now = () => core.clock().getTime();

  routes.get("/magicLink/:linkId", (context) => {
    const authorization = usable(core, context.req.param("linkId"), now());
    if (!authorization) return context.html(expiredPage(), 410);
    return context.html(consentPage(core, authorization));
  });

  routes.post("/magicLink/:linkId", async (context) => {
    const authorization = usable(core, context.req.param("linkId"), now());
    if (!authorization) return context.html(expiredPage(), 410);
    // Without a place to verify who came back, anyone with the link could bind their own Intercom.
    if (authorization.userVerifyUrl === null) return context.html(unverifiablePage(), 400);
    const form = await context.req.parseBody();
    const back = new URL(authorization.userVerifyUrl);
    if (authorization.state !== null) back.searchParams.set("state", authorization.state);
    if (form.decision !== "allow") {
      authorization.step = "verified";
      await core.save();
      back.searchParams.set("error", "access_denied");
      return context.redirect(back.toString(), 303);
    }
    const admin = core.state.workspace.admins.find(({ id }) => id === form.admin_id);
    if (!admin) return context.html(consentPage(core, authorization), 400);
    const { authRequestId } = consent(core.state, authorization, admin.id, now());
    await core.save();
    back.searchParams.set("auth_request_id", authRequestId);
    return context.redirect(back.toString(), 303);
  });

  routes.get("/connected", (context) =>
    context.html(page("Connected", html`<p>Intercom is connected. You can close this page.</p>`)),
  );

  return routes;
}

function usable(core: Core, linkId: string, now: number): AuthorizationRequest | null {
  const authorization = core.state.authorizationRequests.find((candidate) => candidate.linkId === linkId);
  return authorization?.step === "link" && authorization.expiresAt > now ? authorization : null;
}

function consentPage(core: Core, authorization: AuthorizationRequest): Html {
  const { accounts, workspace } = core.state;
  const account = accounts.find(({ id }) => id === authorization.accountId);
  const choice = (admin: Admin) =>
    html`<label>
      <input
        type="radio"
        name="admin_id"
        value="${admin.id}"
        required
        ${admin.email === account?.identifier ? "checked" : ""}
      />
      ${admin.name} <small>${admin.email}, ${admin.role}</small>
    </label>`;
  return page(
    "Connect Intercom",
    html`<p>
        An application asks to read and answer conversations in the Intercom workspace
        <b>${workspace.name}</b> in your name, for the account <b>${account?.identifier ?? ""}</b>.
      </p>
      <form method="post">
        <fieldset>
          <legend>Who are you in Intercom?</legend>
          ${workspace.admins.map(choice)}
        </fieldset>
        <button name="decision" value="allow">Allow</button>
        <button name="decision" value="deny" formnovalidate>Deny</button>
      </form>`,
  );
}

function expiredPage(): Html {
  return page("This link no longer works", html`<p>It has been used or has expired. Ask for a new one.</p>`);
}

function unverifiablePage(): Html {
  return page(
    "failed_to_exchange",
    html`<p>
      This environment verifies users, and the link was made without a user verify URL. Ask for a new one.
    </p>`,
  );
}

function page(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Sandbox</title>
        <style>
          body {
            font:
              16px/1.5 system-ui,
              sans-serif;
            max-width: 34rem;
            margin: 4rem auto;
            padding: 0 1rem;
          }
          fieldset {
            border: 1px solid #bbb;
            border-radius: 8px;
            margin: 1rem 0;
          }
          label {
            display: block;
            padding: 0.35rem 0;
          }
          small {
            color: #666;
          }
          button {
            font: inherit;
            padding: 0.5rem 1.25rem;
            border-radius: 8px;
            border: 1px solid #888;
            cursor: pointer;
          }
          button[value="allow"] {
            background: #1f6feb;
            border-color: #1f6feb;
            color: #fff;
          }
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${content}
          <p><small>This is Countersign's sandbox. Nothing here reaches the real Intercom.</small></p>
        </main>
      </body>
    </html>`;
}
