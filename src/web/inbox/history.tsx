import type { HistoryEntry, ReviewOutcome } from "../api.ts";
import { Moment } from "./moment.tsx";
import { decisionNames, deliveryNames } from "./words.ts";

/** Earlier drafts of the conversation, and what became of each. */
export function History({
  entries,
  now,
  onOpen,
}: {
  entries: readonly HistoryEntry[];
  now: Date;
  onOpen: (id: string) => void;
}) {
  if (entries.length === 0) return null;
  return (
    <details className="history">
      <summary>
        {entries.length} other {entries.length === 1 ? "draft" : "drafts"} of this conversation
      </summary>
      <ol>
        {entries.map((entry) => (
          <li key={entry.reviewId}>
            <button
              type="button"
              className="quiet"
              onClick={() => {
                onOpen(entry.reviewId);
              }}
            >
              Version {entry.version}
            </button>{" "}
            <Moment at={entry.createdAt} now={now} /> ·{" "}
            {entry.outcome ? (
              <Outcome outcome={entry.outcome} now={now} />
            ) : entry.status === "open" ? (
              <>
                waiting for <bdi>{entry.teammateName}</bdi>
              </>
            ) : (
              "replaced by a newer draft"
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}

/** What was decided, by whom and when, and how far each write has come. */
export function Outcome({ outcome, now }: { outcome: ReviewOutcome; now: Date }) {
  return (
    <>
      {decisionNames[outcome.type]} by {outcome.decidedBy}, <Moment at={outcome.decidedAt} now={now} />
      {outcome.comment !== null && (
        <>
          : <q dir="auto">{outcome.comment}</q>
        </>
      )}
      {outcome.deliveries.length > 0 && (
        <ul className="deliveries">
          {outcome.deliveries.map(({ summary, status, reason }, index) => (
            <li key={index}>
              <b>{deliveryNames[status]}</b>: <span dir="auto">{summary}</span>
              {reason !== null && ` (${reason})`}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
