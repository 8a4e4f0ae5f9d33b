import type { ReviewState } from "./review-state.ts";

interface ReviewPlaceholderProps {
  state: ReviewState;
  /** True when the list has nothing to choose from. */
  empty: boolean;
  onRetry: () => void;
  onBack: () => void;
}

/** What stands where a review would be: nothing chosen, being read, or not to be shown. */
export function ReviewPlaceholder({ state, empty, onRetry, onBack }: ReviewPlaceholderProps) {
  switch (state.status) {
    case "none":
      return (
        <div className="state">
          <h2>{empty ? "Nothing to review" : "Choose a review"}</h2>
          <p>
            {empty ? (
              "New drafts appear by themselves."
            ) : (
              <>
                Or press <kbd>J</kbd> to begin with the most urgent one.
              </>
            )}
          </p>
        </div>
      );
    case "loading":
      return (
        <div className="state" role="status">
          <p>Reading the review…</p>
        </div>
      );
    case "failed": {
      const { code, message, next } = state.problem;
      return (
        <div className="state" role="alert">
          <h2>This review cannot be shown</h2>
          <p>
            {message} {code === "review_unknown" ? "Or your Intercom cannot read its conversation." : next}
          </p>
          <div className="buttons">
            <button type="button" onClick={onRetry}>
              Try again
            </button>
            <button type="button" onClick={onBack}>
              Back to the list
            </button>
          </div>
        </div>
      );
    }
    case "ready":
      return null;
  }
}
