import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { html } from "hono/html";
import { streamSSE } from "hono/streaming";
import type { Core } from "../core.ts";
import type { Conversation } from "../intercom/workspace.ts";
import { page, sendPage } from "../pages/page.ts";
import { originOf } from "../same-origin.ts";
import type { World } from "../world.ts";
import { customerView } from "./customer-view.ts";
import type { Draft } from "./messenger-page.ts";
import { messengerPage } from "./messenger-page.ts";

/** Characters a message may have. */
const LONGEST = 10_000;
/** Milliseconds between signs of life on a quiet stream. */
const HEARTBEAT = 15_000;

/**
 * The page on which a customer is played. Its endpoints can do what a customer can do and nothing else: read a
 * conversation as the customer sees it, write in it and begin one. They need no key, so they listen to this page alone.
 */
export function createMessengerRoutes(core: Core, world: World): Hono {
  const routes = new Hono();
  const { workspace } = core.state;
  const find = (id: string) => workspace.conversations.find((conversation) => conversation.id === id) ?? null;
  const showPage = (query: string, current: Conversation | null, draft?: Draft) =>
    messengerPage(workspace, { query, current: current && customerView(workspace, current), draft });
  const missing = page(
    "There is no such conversation",
    html`<p><a href="/messenger">All conversations</a></p>`,
  );

  routes.use(async (context, next) => {
    const origin = originOf(core, context.req.raw);
    if (origin === "foreign" || (context.req.method !== "GET" && origin !== "own")) {
      const refusal = page("Refused", html`<p>The messenger listens to its own page only.</p>`);
      return sendPage(context, refusal, { status: 403 });
    }
    return next();
  });
  routes.use(
    bodyLimit({ maxSize: 16 * LONGEST, onError: (context) => context.text("The message is too long.", 413) }),
  );

  routes.get("/", (context) => sendPage(context, showPage(context.req.query("q") ?? "", null)));

  routes.get("/conversations/:id", (context) => {
    const conversation = find(context.req.param("id"));
    if (!conversation) return sendPage(context, missing, { status: 404 });
    return sendPage(context, showPage(context.req.query("q") ?? "", conversation));
  });

  routes.get("/conversations/:id/events", (context) => {
    const conversation = find(context.req.param("id"));
    if (!conversation) return sendPage(context, missing, { status: 404 });
    return streamSSE(context, async (stream) => {
      let sent = "";
      const send = async (): Promise<void> => {
        const data = JSON.stringify(customerView(workspace, conversation));
        if (data === sent) return;
        sent = data;
        await stream.writeSSE({ event: "conversation", data });
      };
      const stop = core.onChange(() => void send());
      stream.onAbort(stop);
      await send();
      while (!stream.aborted) {
        await stream.writeSSE({ event: "heartbeat", data: "" });
        // It ends early, and badly, when the sandbox closes.
        await core.pause(HEARTBEAT).catch(() => {
          stream.abort();
        });
      }
      stop();
    });
  });

  routes.post("/conversations", async (context) => {
    const form = await context.req.parseBody();
    const draft = {
      body: textOf(form.body),
      subject: textOf(form.subject),
      contactId: textOf(form.contact_id),
    };
    const isContact = workspace.contacts.some(({ id }) => id === draft.contactId);
    const problem = isContact ? problemOf(draft.body) : "Choose who you are.";
    if (problem !== null) {
      return sendPage(context, showPage("", null, { ...draft, problem }), { status: 422 });
    }
    const { contactId, body, subject } = draft;
    const begun = await world.beginConversation({ contactId, body, ...(subject !== "" && { subject }) });
    return context.redirect(`/messenger/conversations/${begun.id}`, 303);
  });

  routes.post("/conversations/:id/messages", async (context) => {
    const conversation = find(context.req.param("id"));
    if (!conversation) return sendPage(context, missing, { status: 404 });
    const form = await context.req.parseBody();
    const body = textOf(form.body);
    const problem = problemOf(body);
    if (problem !== null) {
      return sendPage(context, showPage("", conversation, { body, problem }), { status: 422 });
    }
    await world.customerWrites(conversation.id, { body });
    return context.redirect(`/messenger/conversations/${conversation.id}`, 303);
  });

  return routes;
}

function textOf(field: unknown): string {
  return typeof field === "string" ? field.trim() : "";
}

function problemOf(body: string): string | null {
  if (body === "") return "Write a message first.";
  return body.length > LONGEST
    ? `A message may have ${LONGEST} characters; this one has ${body.length}.`
    : null;
}
