import { Hono } from "hono";
import { html } from "hono/html";
import type { Core } from "../core.ts";
import type { Admin } from "../intercom/workspace.ts";
import type { Html } from "../pages/page.ts";
import { page, sendPage } from "../pages/page.ts";
import { originOf } from "../same-origin.ts";
import type { SignInCodes } from "./sign-in-codes.ts";
import type { SignInRequest } from "./sign-in-request.ts";
import { isAllowedReturn, readSignInRequest, returnTo } from "./sign-in-request.ts";

/**
 * Signing in with OpenID Connect: a page that lists the teammates, where choosing one is proof enough. Nobody stays
 * signed in here, so each sign-in asks again and signing out has nothing to forget.
 */
export function createSignInRoutes(core: Core, codes: SignInCodes): Hono {
  const routes = new Hono();

  routes.get("/oauth/authorize", (context) => {
    const read = readSignInRequest(core, new URL(context.req.url).searchParams);
    if (read.kind === "unanswerable") return sendPage(context, refusalPage(read.reason), { status: 400 });
    if (read.kind === "refused") return context.redirect(read.back, 302);
    return sendPage(context, choicePage(core, read.request), targetsOf(read.request));
  });

  routes.post("/oauth/authorize", async (context) => {
    if (originOf(core, context.req.raw) === "foreign") {
      const reason = "The form was sent by a page that is not the sandbox's.";
      return sendPage(context, refusalPage(reason), { status: 403 });
    }
    const read = readSignInRequest(core, new URL(context.req.url).searchParams);
    if (read.kind === "unanswerable") return sendPage(context, refusalPage(read.reason), { status: 400 });
    if (read.kind === "refused") return context.redirect(read.back, 303);
    const { request } = read;
    const form = await context.req.parseBody();
    if (form.decision === "cancel") {
      const { redirectUri, state } = request;
      return context.redirect(returnTo(redirectUri, { error: "access_denied", state }), 303);
    }
    const admin = core.state.workspace.admins.find(({ email }) => email === form.identifier);
    if (!admin) return sendPage(context, choicePage(core, request), { status: 400, ...targetsOf(request) });
    const { redirectUri, state, scopes, nonce, codeChallenge } = request;
    const code = codes.issue({
      identifier: admin.email,
      name: admin.name,
      redirectUri,
      scopes,
      nonce,
      codeChallenge,
      at: core.clock().getTime(),
    });
    return context.redirect(returnTo(redirectUri, { code, state }), 303);
  });

  routes.get("/oidc/logout", async (context) => {
    const { id_token_hint, post_logout_redirect_uri, state } = context.req.query();
    if (id_token_hint !== undefined && !(await core.issuer.isIdToken(id_token_hint))) {
      return sendPage(context, refusalPage("The id_token_hint is not one of this environment."), {
        status: 400,
      });
    }
    if (post_logout_redirect_uri === undefined) {
      return sendPage(context, page("Signed out", html`<p>You can close this page.</p>`));
    }
    if (!isAllowedReturn(core, post_logout_redirect_uri)) {
      return sendPage(context, refusalPage("The address to return to is not allowed."), { status: 400 });
    }
    return context.redirect(returnTo(post_logout_redirect_uri, { state: state ?? null }), 302);
  });

  return routes;
}

function choicePage(core: Core, request: SignInRequest): Html {
  const { workspace } = core.state;
  const hinted = (admin: Admin) => admin.email === request.loginHint;
  const admins = workspace.admins.toSorted((a, b) => Number(hinted(b)) - Number(hinted(a)));
  const choice = (admin: Admin) =>
    html`<li>
      <button
        name="identifier"
        value="${admin.email}"
        class="${hinted(admin) ? "main" : ""}"
        ${hinted(admin) ? "autofocus" : ""}
      >
        ${admin.name} <small>${admin.role}, ${admin.email}</small>
      </button>
    </li>`;
  return page(
    `Sign in to ${workspace.name}`,
    html`<p class="quiet">Who are you? The sandbox asks for no password.</p>
      <form method="post">
        <ul class="choices">
          ${admins.map(choice)}
        </ul>
        <p><button name="decision" value="cancel">Cancel</button></p>
      </form>`,
  );
}

function refusalPage(reason: string): Html {
  return page("This sign-in cannot go on", html`<p>${reason}</p>`);
}

function targetsOf(request: SignInRequest): { formTargets: string[] } {
  return { formTargets: [new URL(request.redirectUri).origin] };
}
