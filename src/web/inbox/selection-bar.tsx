import type { ListedReview } from "./client.ts";
import type { Selection } from "./selection.ts";

interface SelectionBarProps {
  selection: Selection;
  /** Why nothing can be approved together now, in a sentence; null when it can. */
  blocked: string | null;
  onApprove: () => void;
}

/** How many rows are chosen, and what can be done with them. */
export function SelectionBar({ selection, blocked, onApprove }: SelectionBarProps) {
  const { active, ids, alike, begin, choose, clear } = selection;
  const more = alike.filter((id) => !ids.includes(id)).length;
  if (!active) {
    return (
      <div className="selecting">
        <button type="button" className="quiet" onClick={begin}>
          Select <kbd>S</kbd>
        </button>
      </div>
    );
  }
  return (
    <div className="selecting active" role="group" aria-label="Selected reviews">
      <p role="status">
        <b>{ids.length}</b> selected
      </p>
      <button
        type="button"
        className="primary"
        disabled={ids.length === 0 || blocked !== null}
        title={blocked ?? undefined}
        onClick={onApprove}
      >
        Approve…
      </button>
      <button type="button" onClick={clear}>
        Clear
      </button>
      {more > 0 && (
        <button
          type="button"
          className="quiet like"
          onClick={() => {
            choose(alike);
          }}
        >
          Select all like this ({more} more)
        </button>
      )}
    </div>
  );
}

/** The box of one row. With Shift everything between the last chosen row and this one is chosen. */
export function RowBox({ review, selection }: { review: ListedReview; selection: Selection }) {
  return (
    <label className="pick">
      <input
        type="checkbox"
        aria-label={`Select ${review.customer}: ${review.title || "without a title"}`}
        checked={selection.ids.includes(review.id)}
        onChange={({ nativeEvent }) => {
          selection.toggle(review.id, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey);
        }}
      />
    </label>
  );
}
