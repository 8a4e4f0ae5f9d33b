import { Hono } from "hono";
import { html } from "hono/html";
import type { Core } from "../core.ts";
import type { Admin } from "../intercom/workspace.ts";
import type { Html } from "../pages/page.ts";
import { page, sendPage } from "../pages/page.ts";
import { originOf } from "../same-origin.ts";
import type { AuthorizationRequest } from "./accounts.ts";
import { consent } from "./accounts.ts";

/**
 * The page behind an authorization link: Intercom asking whether the application may act for a teammate. In the sandbox
 * nobody is signed in to Intercom, so the page also asks which teammate it is.
 */
export function createConsentRoutes(core: Core): Hono {
  const routes = new Hono();
  const now = () => core.clock().getTime();

  routes.get("/magicLink/:linkId", (context) => {
    const authorization = usable(core, context.req.param("linkId"), now());
    if (!authorization) return sendPage(context, expiredPage(), { status: 410 });
    return sendPage(context, consentPage(core, authorization), targetsOf(authorization));
  });

  routes.post("/magicLink/:linkId", async (context) => {
    if (originOf(core, context.req.raw) === "foreign") {
      return sendPage(context, foreignPage(), { status: 403 });
    }
    const authorization = usable(core, context.req.param("linkId"), now());
    if (!authorization) return sendPage(context, expiredPage(), { status: 410 });
    // Without a place to verify who came back, anyone with the link could bind their own Intercom.
    if (authorization.userVerifyUrl === null) {
      return sendPage(context, unverifiablePage(), { status: 400 });
    }
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
    if (!admin) {
      const again = consentPage(core, authorization);
      return sendPage(context, again, { status: 400, ...targetsOf(authorization) });
    }
    const { authRequestId } = consent(core.state, authorization, admin.id, now());
    await core.save();
    back.searchParams.set("auth_request_id", authRequestId);
    return context.redirect(back.toString(), 303);
  });

  routes.get("/connected", (context) =>
    sendPage(context, page("Connected", html`<p>Intercom is connected. You can close this page.</p>`)),
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
        <button name="decision" value="allow" class="main">Allow</button>
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

function foreignPage(): Html {
  return page("This cannot be done", html`<p>The form was sent by a page that is not the sandbox's.</p>`);
}

function targetsOf({ userVerifyUrl }: AuthorizationRequest): { formTargets: string[] } {
  const isAddress = userVerifyUrl !== null && URL.canParse(userVerifyUrl);
  return { formTargets: isAddress ? [new URL(userVerifyUrl).origin] : [] };
}
