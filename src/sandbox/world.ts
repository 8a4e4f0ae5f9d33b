import { OperatorError } from "../domain/errors.ts";
import type { Core, ExecutionCall } from "./core.ts";
import { secondsNow } from "./core.ts";
import * as changes from "./intercom/changes.ts";
import { storedHtml } from "./intercom/html.ts";
import type { Admin, Contact, Conversation, Part } from "./intercom/workspace.ts";
import type { AccountChange, AccountStatus } from "./scalekit/accounts.ts";
import { changeAccount } from "./scalekit/accounts.ts";
import type { Write } from "./state.ts";
import type { Delivery, WebhookSender } from "./webhooks/outbox.ts";

/**
 * The sandbox's world from above: what is in it, and what everyone but the application does in it. Whatever it returns is
 * a copy. A change has been kept once its promise resolves. An id that does not exist throws.
 */
export interface World {
  workspaceId: string;
  conversation(id: string): Conversation;
  conversations(): Conversation[];
  parts(conversationId: string): Part[];
  /** Write tools that were carried out, the oldest first, also before a restart. */
  writes(filter?: { tool?: string; conversationId?: string }): Write[];
  /** Executions asked for since the start, carried out or not; each attempt of a client counts. */
  calls(filter?: { tool?: string; identifier?: string }): ExecutionCall[];
  /** Every provider token there has ever been: strings that must never be found outside Scalekit. */
  providerTokens(): string[];
  accounts(): {
    id: string;
    identifier: string;
    connection: string;
    status: AccountStatus;
    adminId: string | null;
  }[];
  changeAccount(identifier: string, change: AccountChange): Promise<void>;
  /** Adds another connection to the environment, so that an identifier can have more than one account. */
  addConnection(name: string): Promise<void>;
  /** Sends a sender's webhooks to an address from now on; null sends them nowhere. Throws when it is no web address. */
  setWebhook(sender: WebhookSender, url: string | null): Promise<void>;
  /** The webhooks that are still to be delivered, the oldest first. */
  undelivered(): Delivery[];
  /** The customer begins a conversation; with a subject, by e-mail. */
  beginConversation(message: { contactId: string; body: string; subject?: string }): Promise<Conversation>;
  /** The customer writes in a conversation: its first contact unless another is named. */
  customerWrites(
    conversationId: string,
    message: { body: string; contactId?: string; attachments?: Part["attachments"] },
  ): Promise<Part>;
  /** A teammate answers by hand in the inbox. */
  adminWrites(
    conversationId: string,
    message: { adminId: string; body: string; type?: "comment" | "note" },
  ): Promise<Part>;
  closeConversation(conversationId: string, adminId: string): Promise<Part>;
  openConversation(conversationId: string, adminId: string): Promise<Part>;
  /** By `adminId`, to a teammate, a team or nobody. */
  assignConversation(
    conversationId: string,
    adminId: string,
    to: NonNullable<Part["assignedTo"]>,
  ): Promise<Part>;
  redactPart(conversationId: string, partId: string): Promise<void>;
}

export function createWorld(core: Core): World {
  const { state } = core;
  const { workspace } = state;
  const kept = async <T>(change: T): Promise<T> => {
    await core.save();
    return structuredClone(change);
  };
  const conversation = (id: string): Conversation => {
    changes.wakeSnoozed(workspace, secondsNow(core));
    return need(workspace.conversations, id, "conversation");
  };
  const by = (adminId: string) => ({
    author: changes.actorOf(need<Admin>(workspace.admins, adminId, "admin")),
    at: secondsNow(core),
  });
  return {
    workspaceId: workspace.idCode,
    conversation: (id) => structuredClone(conversation(id)),
    conversations: () => structuredClone(workspace.conversations),
    parts: (id) => structuredClone(conversation(id).parts),
    writes: (filter = {}) =>
      structuredClone(
        state.writes.filter(
          ({ tool, parameters }) =>
            (filter.tool === undefined || tool === filter.tool) &&
            (filter.conversationId === undefined || parameters.conversation_id === filter.conversationId),
        ),
      ),
    calls: (filter = {}) =>
      structuredClone(
        core.calls.filter(
          ({ tool, identifier }) =>
            (filter.tool === undefined || tool === filter.tool) &&
            (filter.identifier === undefined || identifier === filter.identifier),
        ),
      ),
    providerTokens: () => [...state.issuedTokens],
    accounts: () =>
      state.accounts.map(({ id, identifier, connection, status, adminId }) => ({
        id,
        identifier,
        connection,
        status,
        adminId,
      })),
    changeAccount(identifier, change) {
      const accounts = state.accounts.filter((account) => account.identifier === identifier);
      if (accounts.length === 0) throw missing("account", identifier);
      for (const account of accounts) changeAccount(account, change, core.clock().getTime());
      return core.save();
    },
    addConnection(name) {
      if (!state.connections.some((connection) => connection.name === name)) {
        state.connections.push({ id: `conn_7000000000000000${state.connections.length + 1}`, name });
      }
      return core.save();
    },
    setWebhook(sender, url) {
      if (url !== null && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : "")) {
        throw new OperatorError(
          "sandbox_webhook_address",
          `${url} is no address webhooks could be sent to.`,
          "Give one that begins with http:// or https://.",
        );
      }
      state.outbox[sender].url = url;
      return core.save();
    },
    undelivered: () => structuredClone(state.outbox.waiting),
    beginConversation({ contactId, body, subject }) {
      const contact = need<Contact>(workspace.contacts, contactId, "contact");
      const message = { contact, body, subject: subject ?? null, at: secondsNow(core) };
      return kept(changes.beginConversation(workspace, message));
    },
    customerWrites(id, { body, contactId, attachments = [] }) {
      const target = conversation(id);
      const contact = need<Contact>(workspace.contacts, contactId ?? target.contactIds[0] ?? "", "contact");
      return kept(
        changes.receiveMessage(workspace, target, { contact, body, attachments, at: secondsNow(core) }),
      );
    },
    adminWrites(id, { adminId, body, type = "comment" }) {
      const part = { ...by(adminId), type, body: storedHtml(body) };
      return kept(changes.addPart(workspace, conversation(id), part));
    },
    closeConversation: (id, adminId) =>
      kept(changes.closeConversation(workspace, conversation(id), by(adminId))),
    openConversation: (id, adminId) =>
      kept(changes.openConversation(workspace, conversation(id), by(adminId))),
    assignConversation(id, adminId, to) {
      if (to.type !== "nobody")
        need(to.type === "admin" ? workspace.admins : workspace.teams, to.id, to.type);
      return kept(changes.assignConversation(workspace, conversation(id), { ...by(adminId), to }));
    },
    async redactPart(id, partId) {
      if (!changes.redactPart(conversation(id), partId, secondsNow(core))) throw missing("part", partId);
      await core.save();
    },
  };
}

function need<Item extends { id: string }>(items: readonly Item[], id: string, kind: string): Item {
  const found = items.find((item) => item.id === id);
  if (!found) throw missing(kind, id);
  return found;
}

function missing(kind: string, id: string): OperatorError {
  return new OperatorError(
    "sandbox_not_found",
    `The sandbox has no ${kind} ${id}.`,
    "Name one that is in the workspace.",
  );
}
