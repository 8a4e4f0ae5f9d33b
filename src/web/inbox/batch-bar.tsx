import { summaryOf, type BatchItem, type BatchRun, type ItemStatus } from "./batch.ts";

interface BatchBarProps {
  run: BatchRun;
  now: Date;
  onUndo: () => void;
  onSendRest: () => void;
  onDismiss: () => void;
  onOpen: (id: string) => void;
}

const words: Record<ItemStatus, string> = {
  waiting: "Waits its turn",
  sending: "On its way…",
  sent: "Sent",
  reconciling: "Being reconciled",
  back: "Came back",
  refused: "Refused",
  unknown: "Not known yet",
  held: "Not sent",
};

/** A batch on its way: how long it can still be undone, how far it is, and what came of each. */
export function BatchBar({ run, now, onUndo, onSendRest, onDismiss, onOpen }: BatchBarProps) {
  const { items, status, leavesAt } = run;
  const settled = items.filter((item) => item.status !== "waiting" && item.status !== "sending").length;
  const held = items.filter((item) => item.status === "held").length;
  const well = items.every((item) => item.status === "sent");
  const seconds = Math.max(0, Math.ceil((leavesAt - now.getTime()) / 1000));
  return (
    <div className={status === "over" && !well ? "leaving-item batch failed" : "leaving-item batch"}>
      <div className="batch-head">
        <p>
          <strong>{status === "over" ? "Approved together:" : "Approving together:"}</strong>{" "}
          {status === "waiting" && (
            <span className="countdown">
              {drafts(items.length)} · leaves in {seconds} s
            </span>
          )}
          {status === "sending" && (
            <span>
              {settled} of {items.length}
            </span>
          )}
          {status === "over" && <span>{summaryOf(items)}</span>}
        </p>
        <div className="buttons">
          {status === "waiting" && (
            <button type="button" className="primary" onClick={onUndo}>
              Undo <kbd>U</kbd>
            </button>
          )}
          {status === "over" && held > 0 && (
            <button type="button" onClick={onSendRest}>
              Approve the other {held}
            </button>
          )}
          {status === "over" && (
            <button
              type="button"
              className="quiet"
              aria-label="Dismiss: approved together"
              onClick={onDismiss}
            >
              Dismiss
            </button>
          )}
        </div>
      </div>
      {status === "sending" && <progress aria-label="Approved so far" value={settled} max={items.length} />}
      {status !== "waiting" && (
        <ul className="results">
          {items.map((item) => (
            <Result key={item.id} item={item} onOpen={onOpen} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Result({ item, onOpen }: { item: BatchItem; onOpen: (id: string) => void }) {
  const { id, customer, title, status, message, nextReviewId } = item;
  const to = nextReviewId ?? id;
  return (
    <li>
      <span className={`result ${status}`}>{words[status]}</span>
      <span>
        <a
          href={`/?review=${encodeURIComponent(to)}`}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            onOpen(to);
          }}
        >
          <bdi>{customer}</bdi>: <bdi>{title || "Without a title"}</bdi>
          {nextReviewId !== null && " (the new draft)"}
        </a>
        {message !== "" && status !== "sent" && <span className="faint"> · {message}</span>}
      </span>
    </li>
  );
}

function drafts(count: number): string {
  return count === 1 ? "1 draft" : `${count} drafts`;
}
