import type { ReactNode } from "react";
import type { Pending } from "./decisions.ts";
import { needsConnection } from "./conversation.tsx";

interface UndoBarProps {
  pending: readonly Pending[];
  now: Date;
  onUndo: (id: string) => void;
  onDismiss: (id: string) => void;
  onOpen: (id: string) => void;
  onConnect: () => void;
  /** What else is on its way. */
  children: ReactNode;
}

/** Decisions on their way: how long each can still be undone, and what came of it. */
export function UndoBar({ pending, now, onUndo, onDismiss, onOpen, onConnect, children }: UndoBarProps) {
  if (pending.length === 0 && children === null) return null;
  return (
    <section className="undo" aria-label="Decisions on their way">
      {children}
      {pending.map((one) => {
        const { subject, status, problem, nextReviewId } = one;
        const seconds = Math.max(0, Math.ceil((one.leavesAt - now.getTime()) / 1000));
        return (
          <div key={subject.id} className={`leaving-item ${status}`}>
            <p>
              <strong>{headline(one)}</strong> <bdi>{subject.customer}</bdi>
              {status === "waiting" && <span className="countdown"> · leaves in {seconds} s</span>}
              {problem && (
                <span>
                  {" "}
                  · {problem.message} {problem.next}
                </span>
              )}
            </p>
            <div className="buttons">
              {status === "waiting" && (
                <button
                  type="button"
                  className="primary"
                  onClick={() => {
                    onUndo(subject.id);
                  }}
                >
                  Undo <kbd>U</kbd>
                </button>
              )}
              {problem && needsConnection(problem.code) && (
                <button type="button" onClick={onConnect}>
                  Connect Intercom
                </button>
              )}
              {(nextReviewId !== null || status === "failed") && (
                <button
                  type="button"
                  onClick={() => {
                    onOpen(nextReviewId ?? subject.id);
                  }}
                >
                  {nextReviewId === null ? "Open" : "Open the new draft"}
                </button>
              )}
              {(status === "done" || status === "failed") && (
                <button
                  type="button"
                  className="quiet"
                  aria-label={`Dismiss: ${subject.customer}`}
                  onClick={() => {
                    onDismiss(subject.id);
                  }}
                >
                  Dismiss
                </button>
              )}
            </div>
          </div>
        );
      })}
    </section>
  );
}

/** What is happening to a decision, as it is: `sent` is said only of what was sent. */
export function headline({ answer, status, message }: Pending): string {
  if (status === "done") return message;
  if (status === "failed") return "Not done:";
  const verb = {
    approve: "Approving",
    edit: "Approving with edits",
    revise: "Sending back",
    reject: "Rejecting",
    take_over: "Taking over",
  }[answer.type];
  return status === "sending" && answer.type === "revise" ? "Drafting again:" : `${verb}:`;
}
