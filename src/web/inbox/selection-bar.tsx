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
  // There before anything is selected, so that the first one is said aloud as well.
  const count = <p role="status">{active && `${ids.length} selected`}</p>;
  if (!active) {
    return (
      <div className="selecting" role="group" aria-label="Selected reviews">
        {count}
        <button type="button" className="quiet" onClick={begin}>
          Select <kbd>S</kbd>
        </button>
      </div>
    );
  }
  return (
    <div className="selecting active" role="group" aria-label="Selected reviews">
      {count}
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

interface RowBoxProps {
  review: ListedReview;
  chosen: boolean;
  onToggle: Selection["toggle"];
  /** True while a decision about it is on its way. */
  disabled: boolean;
}

/** The box of one row. With Shift everything between the last chosen row and this one is chosen. */
export function RowBox({ review, chosen, onToggle, disabled }: RowBoxProps) {
  return (
    <label className="pick">
      <input
        type="checkbox"
        aria-label={`Select ${review.customer}: ${review.title || "without a title"}`}
        disabled={disabled}
        checked={chosen}
        onChange={({ nativeEvent }) => {
          onToggle(review.id, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey);
        }}
      />
    </label>
  );
}
