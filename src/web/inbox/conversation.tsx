import { useEffect, useRef } from "react";
import type { Contact, Part } from "../../domain/conversation.ts";
import type { ReviewPage } from "./client.ts";
import { Moment } from "./moment.tsx";

interface ConversationPaneProps {
  page: ReviewPage;
  now: Date;
  onConnect: () => void;
}

/** The conversation as the customer sees it, with the team's notes set apart, and who the customer is. */
export function ConversationPane({ page, now, onConnect }: ConversationPaneProps) {
  const { conversation: read, review } = page;
  const end = useRef<HTMLDivElement>(null);
  const lastPartId = read.kind === "read" ? read.conversation.lastPartId : null;
  useEffect(() => {
    const pane = end.current?.closest(".pane-body");
    if (pane) pane.scrollTop = pane.scrollHeight;
  }, [review.id, lastPartId]);
  return (
    <section className="pane conversation" aria-labelledby="conversation-title">
      <h3 id="conversation-title">Conversation</h3>
      <div className="pane-body" tabIndex={0} role="group" aria-labelledby="conversation-title">
        {read.kind === "refused" ? (
          <div className="state">
            <p>
              <strong>The conversation cannot be read as you.</strong> {read.message}
            </p>
            <p>{read.next}</p>
            {needsConnection(read.code) && (
              <button type="button" onClick={onConnect}>
                Connect Intercom
              </button>
            )}
          </div>
        ) : (
          <>
            {read.contact && <Customer contact={read.contact} />}
            <ol className="parts">
              {read.conversation.parts.map((part, index) => (
                <PartItem
                  key={part.id}
                  part={part}
                  now={now}
                  omitted={index === 1 ? read.conversation.omittedParts : 0}
                />
              ))}
            </ol>
          </>
        )}
        <div ref={end} />
      </div>
    </section>
  );
}

export function needsConnection(code: string): boolean {
  return (
    ["needs_connection", "not_connected", "grant_revoked"].includes(code) || code.startsWith("connection")
  );
}

function PartItem({ part, now, omitted }: { part: Part; now: Date; omitted: number }) {
  const customer = part.author.type === "user" || part.author.type === "lead";
  const says = part.text !== "" || part.attachments.length > 0 || part.redacted;
  const side = part.type === "note" ? "note" : customer ? "customer" : "team";
  return (
    <>
      {omitted > 0 && <li className="event">{omitted} messages are not shown here</li>}
      {says ? (
        <li className={`part ${side}`}>
          <p className="part-head">
            <bdi>{part.author.name || (customer ? "Customer" : "Teammate")}</bdi>
            {side === "note" && <span> · internal note</span>}
            {part.author.type === "bot" && <span> · bot</span>} <Moment at={part.createdAt} now={now} />
          </p>
          {part.redacted && <p className="faint">Removed in Intercom</p>}
          {part.text !== "" && (
            <p className="text" dir="auto">
              {part.text}
            </p>
          )}
          {part.attachments.map(({ name, contentType }, index) => (
            <p key={index} className="attachment">
              Attachment: <bdi>{name || "without a name"}</bdi> {contentType && <span>({contentType})</span>}
            </p>
          ))}
        </li>
      ) : (
        <li className="event">
          {eventName(part.type)} · <bdi>{part.author.name}</bdi> · <Moment at={part.createdAt} now={now} />
        </li>
      )}
    </>
  );
}

function Customer({ contact }: { contact: Contact }) {
  const facts: [string, string][] = [
    ...(contact.companies.length > 0 ? [["Company", contact.companies.join(", ")] as [string, string]] : []),
    ...(contact.tags.length > 0 ? [["Tags", contact.tags.join(", ")] as [string, string]] : []),
    ...Object.entries(contact.attributes),
  ];
  return (
    <details className="facts">
      <summary>
        <bdi>{contact.name}</bdi>
        {contact.email && (
          <span>
            {" "}
            · <bdi>{contact.email}</bdi>
          </span>
        )}
      </summary>
      {facts.length === 0 ? (
        <p>Intercom knows nothing more.</p>
      ) : (
        <dl>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name.replaceAll("_", " ")}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </details>
  );
}

const eventNames: Record<string, string> = {
  assignment: "Assigned",
  close: "Closed",
  open: "Reopened",
  snoozed: "Snoozed",
};

function eventName(type: string): string {
  return eventNames[type] ?? type.replaceAll("_", " ");
}
