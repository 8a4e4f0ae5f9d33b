import type { ReviewPage } from "./client.ts";
import type { Unsent } from "./remembered.ts";

interface DecisionBarProps {
  page: ReviewPage;
  unsent: Unsent;
  /** Why it cannot be approved now, in a sentence; null when it can. */
  blocked: string | null;
  onApprove: () => void;
  onRevise: () => void;
  onReject: () => void;
  onTakeOver: () => void;
}

/** To whom, from whom, as what, and what else will happen; and the decisions. Always in sight. */
export function DecisionBar({
  page,
  unsent,
  blocked,
  onApprove,
  onRevise,
  onReject,
  onTakeOver,
}: DecisionBarProps) {
  const changed = unsent.body !== page.review.draft.body || unsent.without.length > 0;
  return (
    <footer className="decision" aria-label="Decision" role="group">
      <Target page={page} unsent={unsent} />
      <div className="buttons">
        <button
          type="button"
          className="primary"
          disabled={blocked !== null}
          aria-describedby={blocked === null ? undefined : "blocked"}
          onClick={onApprove}
        >
          {changed ? "Approve with edits" : "Approve"} <kbd>A</kbd>
        </button>
        <button type="button" onClick={onRevise}>
          Send back <kbd>R</kbd>
        </button>
        <button type="button" onClick={onReject}>
          Reject <kbd>X</kbd>
        </button>
        <button type="button" onClick={onTakeOver}>
          Take over <kbd>T</kbd>
        </button>
        {blocked !== null && (
          <span id="blocked" className="faint">
            {blocked}
          </span>
        )}
      </div>
    </footer>
  );
}

export function Target({ page, unsent }: { page: ReviewPage; unsent: Unsent }) {
  const { review, authorName, shown } = page;
  const nothing = review.draft.body === "";
  const isNote = review.draft.channel === "note";
  const then = shown.followUps.filter((_, position) => !unsent.without.includes(position));
  return (
    <p className="target">
      {nothing ? (
        <strong>No reply</strong>
      ) : (
        <>
          <strong className={isNote ? "as-note" : "as-reply"}>
            {isNote ? "Internal note" : "Public reply"}
          </strong>
          <span>
            {" "}
            to{" "}
            <b>
              <bdi>{isNote ? "the team" : review.customer}</bdi>
            </b>{" "}
            from{" "}
            <b>
              <bdi>{authorName}</bdi>
            </b>
          </span>
        </>
      )}
      <span>{then.length === 0 ? " · nothing else happens" : ` · then: ${then.join(" · ")}`}</span>
    </p>
  );
}
