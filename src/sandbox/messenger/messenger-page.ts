import { html } from "hono/html";
import { plainText } from "../intercom/html.ts";
import type { Conversation, Workspace } from "../intercom/workspace.ts";
import type { Html } from "../pages/page.ts";
import { document } from "../pages/page.ts";
import type { CustomerView, Message } from "./customer-view.ts";
import { customerOf, nameOfContact } from "./customer-view.ts";

/** Conversations the list shows at once. */
const MOST_LISTED = 50;

/** A message that was not sent, and why not. */
export interface Draft {
  body: string;
  subject?: string;
  contactId?: string;
  problem: string;
}

export interface MessengerState {
  /** What the list is searched for; empty for all. */
  query: string;
  /** The open conversation; null while a new one is begun. */
  current: CustomerView | null;
  draft?: Draft | undefined;
}

/** The whole messenger: the list of conversations, and beside it one of them or the beginning of a new one. */
export function messengerPage(workspace: Workspace, state: MessengerState): Html {
  const { current } = state;
  return document(
    current ? `${current.customer} · Messenger` : "Messenger",
    html`<a class="skip" href="#main">Skip to the conversation</a>
      <header class="top">
        <a class="name" href="/messenger">${workspace.name} messenger</a>
        <span class="quiet">Sandbox: you play the customer. Nothing here reaches the real Intercom.</span>
      </header>
      <div class="columns ${current ? "reading" : ""}">
        ${listOf(workspace, state)}
        <main id="main" tabindex="-1">
          ${current ? conversationOf(current, state.draft) : beginningOf(workspace, state.draft)}
        </main>
      </div>`,
    html`<link rel="stylesheet" href="/assets/messenger.css" />
      <script type="module" src="/assets/messenger.js"></script>`,
  );
}

function listOf(workspace: Workspace, { query, current }: MessengerState): Html {
  const words = query.toLowerCase().split(/\s+/);
  const found = workspace.conversations
    .filter((conversation) => {
      const text = `${customerOf(workspace, conversation)} ${conversation.source.subject} ${previewOf(conversation)}`;
      return words.every((word) => text.toLowerCase().includes(word));
    })
    .toSorted((a, b) => b.updatedAt - a.updatedAt || Number(b.id) - Number(a.id));
  const item = (conversation: Conversation) =>
    html`<li>
      <a
        href="/messenger/conversations/${conversation.id}${query === "" ? "" : `?q=${encodeURIComponent(query)}`}"
        ${conversation.id === current?.id ? html`aria-current="page"` : ""}
      >
        <b dir="auto">${customerOf(workspace, conversation)}</b>
        <span class="preview" dir="auto">${previewOf(conversation)}</span>
      </a>
    </li>`;
  const count = found.length === 1 ? "1 conversation" : `${found.length} conversations`;
  return html`<nav aria-label="Conversations">
    <form class="search" role="search" method="get" action="/messenger">
      <label for="q">Search conversations</label>
      <div class="row"><input id="q" name="q" type="search" value="${query}" /><button>Search</button></div>
    </form>
    <p class="quiet count">
      ${count}${found.length > MOST_LISTED ? `, the newest ${MOST_LISTED} shown` : ""}
      ${current ? html` · <a href="/messenger">Begin a new one</a>` : ""}
    </p>
    <ul class="list">
      ${found.slice(0, MOST_LISTED).map(item)}
    </ul>
  </nav>`;
}

function conversationOf(view: CustomerView, draft: Draft | undefined): Html {
  const path = `/messenger/conversations/${view.id}`;
  return html`<p class="back"><a href="/messenger">All conversations</a></p>
    <div class="head">
      <h1 dir="auto">${view.subject ?? `Conversation of ${view.customer}`}</h1>
      <p class="quiet">You are <b dir="auto">${view.customer}</b>. <span id="live" role="status"></span></p>
    </div>
    <div
      id="messages"
      role="log"
      aria-label="Messages"
      aria-live="polite"
      tabindex="0"
      data-events="${path}/events"
    >
      ${view.messages.map(messageOf)}
    </div>
    <template id="message">
      ${messageOf({ id: "", from: "team", name: "", text: "", attachments: [], at: "" })}
    </template>
    <p id="closed" class="quiet" ${view.state === "closed" ? "" : "hidden"}>
      The team has closed this conversation. Writing opens it again.
    </p>
    <form class="compose" method="post" action="${path}/messages">
      <label for="body">Your message</label>
      <textarea
        id="body"
        name="body"
        rows="3"
        maxlength="10000"
        dir="auto"
        required
        aria-describedby="problem"
      >
${draft?.body ?? ""}</textarea>
      <p id="problem" class="alarm" role="alert">${draft?.problem ?? ""}</p>
      <div class="send"><button class="main">Send</button> <small hidden>Ctrl+Enter sends</small></div>
    </form>`;
}

function messageOf({ id, from, name, text, attachments, at }: Message): Html {
  const files = attachments.length > 0 ? `Attached: ${attachments.join(", ")}` : "";
  return html`<article class="message ${from}" data-id="${id}">
    <p class="who">
      <b dir="auto">${name}</b> <time datetime="${at}">${at.slice(0, 16).replace("T", " ")}</time>
    </p>
    <p class="text" dir="auto">${text}</p>
    <p class="files" dir="auto" ${files === "" ? "hidden" : ""}>${files}</p>
  </article>`;
}

function beginningOf(workspace: Workspace, draft: Draft | undefined): Html {
  const contacts = workspace.contacts.toSorted((a, b) =>
    nameOfContact(a).localeCompare(nameOfContact(b), "en"),
  );
  return html`<div class="head">
      <h1>Begin a conversation</h1>
      <p class="quiet">Or choose one from the list and go on with it as its customer.</p>
    </div>
    <form class="compose" method="post" action="/messenger/conversations">
      <label for="contact_id">You are</label>
      <select id="contact_id" name="contact_id" required>
        <option value="">Choose a customer</option>
        ${contacts.map(
          (contact) =>
            html`<option value="${contact.id}" ${draft?.contactId === contact.id ? "selected" : ""}>
              ${nameOfContact(contact)}${contact.email ? ` (${contact.email})` : ""}
            </option>`,
        )}
      </select>
      <label for="subject">Subject <small>(optional; makes it an e-mail)</small></label>
      <input id="subject" name="subject" maxlength="200" dir="auto" value="${draft?.subject ?? ""}" />
      <label for="body">Your message</label>
      <textarea
        id="body"
        name="body"
        rows="6"
        maxlength="10000"
        dir="auto"
        required
        aria-describedby="problem"
      >
${draft?.body ?? ""}</textarea>
      <p id="problem" class="alarm" role="alert">${draft?.problem ?? ""}</p>
      <div class="send"><button class="main">Send</button> <small hidden>Ctrl+Enter sends</small></div>
    </form>`;
}

function previewOf({ source, parts, channel }: Conversation): string {
  const last = parts.findLast(({ type, body }) => type !== "note" && body !== null);
  const text = plainText(last?.body ?? source.body).replace(/\s+/g, " ");
  const preview = text === "" && source.attachments.length > 0 ? "Attachment" : text;
  const subject = channel === "email" && source.subject !== "" ? `${source.subject}: ` : "";
  return `${subject}${preview}`.slice(0, 120);
}
