import { useState } from "react";
import { noAnswer } from "./answered.ts";
import type { Client, ReviewPage } from "./client.ts";
import { useKeys } from "./keys.ts";
import { stepNames } from "./words.ts";

interface PickUpBarProps {
  page: ReviewPage;
  client: Client;
  shortcuts: boolean;
  onOpen: (id: string) => void;
  onReload: () => void;
  onConnect: () => void;
  announce: (text: string) => void;
}

/** Stands where the decisions are when the draft is a colleague's: whose it is, and how to make it one's own. */
export function PickUpBar(props: PickUpBarProps) {
  const { page, client, shortcuts, onOpen, onReload, onConnect, announce } = props;
  const { permission, authorName, review } = page;
  const [step, setStep] = useState<string | null>(null);
  const [failure, setFailure] = useState<{ code: string; words: string } | null>(null);

  const pickUp = async () => {
    if (permission.kind !== "pick_up" || step !== null) return;
    setFailure(null);
    setStep("Picking it up…");
    const answered = await client.pickUp(review.id, (node) => {
      setStep(stepNames[node] ?? "Working…");
    });
    setStep(null);
    if (answered.kind === "ok" && answered.value.type === "waiting") {
      announce("The draft is yours now.");
      onOpen(answered.value.reviewId);
      return;
    }
    setFailure(
      answered.kind === "refused"
        ? { code: answered.problem.code, words: `${answered.problem.message} ${answered.problem.next}` }
        : { code: "", words: answered.kind === "ok" ? "The agents are at work on it." : noAnswer.message },
    );
    onReload();
  };
  useKeys(shortcuts, { P: () => void pickUp() });

  return (
    <footer className="decision" aria-label="Decision" role="group">
      <p className="target">
        This draft is for{" "}
        <b>
          <bdi>{authorName}</bdi>
        </b>
        .{" "}
        {permission.kind === "pick_up"
          ? "Pick it up to decide it: it is signed by you then, and sent as you."
          : permission.kind === "refused" && `You can look at it, but not decide it. ${permission.reason}`}
      </p>
      {permission.kind === "pick_up" && (
        <div className="buttons">
          <button type="button" className="primary" disabled={step !== null} onClick={() => void pickUp()}>
            {step ?? (
              <>
                Pick up <kbd>P</kbd>
              </>
            )}
          </button>
        </div>
      )}
      {failure !== null && (
        <p role="alert">
          {failure.words}{" "}
          {failure.code === "not_connected" && (
            <button type="button" onClick={onConnect}>
              Connect Intercom
            </button>
          )}
        </p>
      )}
    </footer>
  );
}
