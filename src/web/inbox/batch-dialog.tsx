import { useState } from "react";
import { doubtsAbout, hindranceTo, type Choice } from "./batch.ts";
import type { ReviewPage } from "./client.ts";
import { Target } from "./decision-bar.tsx";
import { Dialog } from "./dialogs.tsx";

/** A text of up to so many characters is shown whole at once. */
const SHORT = 240;

interface BatchDialogProps {
  choices: readonly Choice[];
  /** How many more were selected than fit in one batch. */
  leftOut: number;
  hasEdited: (id: string, draft: string) => boolean;
  undoSeconds: number;
  onTick: (id: string, ticked: boolean) => void;
  onApprove: (ticked: readonly Choice[]) => void;
  onClose: () => void;
}

/** Each draft that would be approved: to whom, as what, its text, what else would happen, and what speaks against it. */
export function BatchDialog(props: BatchDialogProps) {
  const { choices, leftOut, hasEdited, undoSeconds, onTick, onApprove, onClose } = props;
  const read = choices.filter(({ page, problem }) => page !== null || problem !== null).length;
  const ticked = choices.filter((choice) => choice.ticked && hindranceTo(choice) === null);
  const reading = read < choices.length;
  return (
    <Dialog title="Approve together" wide onClose={onClose}>
      <p className="faint">
        Each leaves as it stands here
        {undoSeconds > 0 ? `, after ${undoSeconds} seconds in which all can be undone.` : ", at once."} What
        should be read by itself is not ticked.
        {leftOut > 0 && ` ${choices.length} at a time: ${leftOut} more stay selected.`}
      </p>
      <ul className="choices">
        {choices.map((choice) => (
          <ChoiceItem key={choice.id} choice={choice} hasEdited={hasEdited} onTick={onTick} />
        ))}
      </ul>
      <div className="buttons">
        <button
          type="button"
          className="primary"
          disabled={reading || ticked.length === 0}
          onClick={() => {
            onApprove(ticked);
          }}
        >
          Approve{ticked.length > 0 && ` ${ticked.length}`}
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <p className="faint" role="status">
          {reading
            ? `Reading ${read + 1} of ${choices.length}…`
            : `${ticked.length} of ${choices.length} ticked`}
        </p>
      </div>
    </Dialog>
  );
}

interface ChoiceItemProps extends Pick<BatchDialogProps, "hasEdited" | "onTick"> {
  choice: Choice;
}

function ChoiceItem({ choice, hasEdited, onTick }: ChoiceItemProps) {
  const { id, customer, title, page, problem, ticked } = choice;
  const hindrance = hindranceTo(choice);
  const edited = page !== null && hasEdited(id, page.review.draft.body);
  const doubts = page ? doubtsAbout(page, edited) : [];
  const waiting = page === null && problem === null;
  const reasons = hindrance !== null && !waiting ? [hindrance, ...doubts] : doubts;
  const reasonsId = `doubts-${id}`;
  return (
    <li className={hindrance === null ? "choice" : "choice hindered"} aria-busy={waiting}>
      <label className="choice-head">
        <input
          type="checkbox"
          checked={ticked && hindrance === null}
          disabled={hindrance !== null}
          aria-describedby={reasons.length > 0 ? reasonsId : undefined}
          onChange={(event) => {
            onTick(id, event.target.checked);
          }}
        />
        <span>
          <b>
            <bdi>{customer}</bdi>
          </b>{" "}
          <bdi>{title || "Without a title"}</bdi>
        </span>
      </label>
      {waiting && <p className="faint">Reading…</p>}
      {page && <Target page={page} unsent={{ body: page.review.draft.body, without: [] }} />}
      {reasons.length > 0 && (
        <ul className="doubts" id={reasonsId}>
          {reasons.map((reason, index) => (
            <li key={index} dir="auto">
              {reason}
            </li>
          ))}
        </ul>
      )}
      {page && <Text page={page} />}
    </li>
  );
}

/** The text that would be sent, the whole of it; a long one is folded. */
function Text({ page }: { page: ReviewPage }) {
  const { body, channel } = page.review.draft;
  const long = body.length > SHORT || body.split("\n").length > 4;
  const [whole, setWhole] = useState(!long);
  if (body === "") return null;
  return (
    <div className={channel === "note" ? "words note" : "words"}>
      <p className={whole ? "text" : "text folded"} dir="auto">
        {body}
      </p>
      {long && (
        <button
          type="button"
          className="quiet"
          aria-expanded={whole}
          onClick={() => {
            setWhole(!whole);
          }}
        >
          {whole ? "Show less" : "Show all of it"}
          <span className="hidden">: {page.review.customer}</span>
        </button>
      )}
    </div>
  );
}
