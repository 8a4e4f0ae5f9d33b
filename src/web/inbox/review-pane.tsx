import { useEffect, useRef, useState } from "react";
import type { PresenceEventData, ReviewOutcome } from "../api.ts";
import type { Answer, Client, ReviewPage } from "./client.ts";
import { ConversationPane } from "./conversation.tsx";
import { DecisionBar } from "./decision-bar.tsx";
import type { Pending } from "./decisions.ts";
import { WordsDialog } from "./dialogs.tsx";
import { DraftPane } from "./draft.tsx";
import { EvidencePane } from "./evidence.tsx";
import { History, Outcome } from "./history.tsx";
import { useKeys } from "./keys.ts";
import { noAnswer } from "./answered.ts";
import { Moment } from "./moment.tsx";
import { PickUpBar } from "./pick-up-bar.tsx";
import { Readers, usePresence } from "./presence.tsx";
import type { Unsent } from "./remembered.ts";
import { stepNames, urgencyNames } from "./words.ts";

interface ReviewPaneProps {
  page: ReviewPage;
  /** True when the last reading failed and what is shown may be old. */
  outdated: boolean;
  now: Date;
  client: Client;
  unsent: Unsent;
  /** What the reader had typed for a review that was decided without it. */
  leftover: string | null;
  /** What the reader had typed for an earlier draft of the conversation. */
  earlier: string | null;
  pending: Pending | undefined;
  /** Who else has it before them. */
  readers: PresenceEventData["readers"];
  shortcuts: boolean;
  onUnsent: (unsent: Unsent) => void;
  onDecide: (page: ReviewPage, answer: Answer) => void;
  onOpen: (id: string | null) => void;
  onReload: () => void;
  onConnect: () => void;
  announce: (text: string) => void;
}

const revisions = [
  "Make it shorter.",
  "Make it warmer.",
  "Use simpler words.",
  "Answer every question.",
  "Ask for the missing details.",
  "Do not promise anything.",
];
const reasons = ["Not for us to answer.", "The answer is wrong.", "Already solved.", "It needs a person."];

/** One review: the conversation, the draft and its evidence side by side, and the decisions beneath. */
export function ReviewPane(props: ReviewPaneProps) {
  const { page, outdated, now, unsent, pending, shortcuts, onUnsent, onDecide, onOpen, onConnect } = props;
  const { review, conversation } = page;
  const [editing, setEditing] = useState(unsent.body !== review.draft.body);
  const [active, setActive] = useState<number | null>(null);
  const [dialog, setDialog] = useState<"revise" | "reject" | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const editor = useRef<HTMLTextAreaElement>(null);
  const waits = review.status === "open" && pending === undefined;
  const isTheirs = page.permission.kind === "yours";
  const open = waits && isTheirs;
  const blocked = blockedBy(page, unsent);
  usePresence(props.client, review.id, editing && open);

  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    if (editing) editor.current?.focus();
  }, [editing]);

  const approve = () => {
    if (open && blocked === null) onDecide(page, approvalOf(page, unsent));
    else if (open) props.announce(blocked ?? "");
  };
  const takeOver = () => {
    if (open) onDecide(page, { type: "take_over", digest: review.digest });
  };
  const ask = (which: "revise" | "reject") => () => {
    if (open) setDialog(which);
  };
  useKeys(shortcuts, {
    A: approve,
    E: () => {
      if (!open || review.draft.body === "") return;
      setEditing(true);
      editor.current?.focus();
    },
    R: ask("revise"),
    X: ask("reject"),
    T: takeOver,
  });

  return (
    <article className="review" aria-labelledby="review-title">
      <header className="review-head">
        <div className="title">
          <button
            type="button"
            className="back"
            onClick={() => {
              onOpen(null);
            }}
          >
            Back<span className="hidden"> to the list</span>
          </button>
          <h2 id="review-title" ref={heading} tabIndex={-1}>
            <bdi>{review.title || "Without a title"}</bdi>
          </h2>
        </div>
        <p className="meta">
          <bdi>{review.customer}</bdi> · {page.topicTitle} ·{" "}
          <span className={`urgency ${review.classification.urgency}`}>
            {urgencyNames[review.classification.urgency]} urgency
          </span>{" "}
          · version {review.version}, <Moment at={review.createdAt} now={now} />
        </p>
        <Readers readers={props.readers} announce={props.announce} />
        <Banners {...props} />
        {page.decision && (
          <div className="banner">
            <Outcome outcome={outcomeOf(page.decision, page)} now={now} />
          </div>
        )}
        <History entries={page.history} now={now} onOpen={onOpen} />
      </header>
      <div className="columns">
        <ConversationPane page={page} now={now} onConnect={onConnect} />
        <DraftPane
          page={page}
          unsent={unsent}
          editing={editing && open}
          active={active}
          editor={editor}
          leftover={props.leftover}
          earlier={props.earlier}
          locked={!open}
          onActivate={setActive}
          onEdit={setEditing}
          onChange={onUnsent}
          onApprove={approve}
        />
        <EvidencePane page={page} now={now} active={active} onActivate={setActive} />
      </div>
      {open && (
        <DecisionBar
          page={page}
          unsent={unsent}
          blocked={blocked}
          onApprove={approve}
          onRevise={ask("revise")}
          onReject={ask("reject")}
          onTakeOver={takeOver}
        />
      )}
      {waits && !isTheirs && <PickUpBar {...props} />}
      {dialog === "revise" && (
        <WordsDialog
          title="Send the draft back"
          label="What should the new draft do differently?"
          action="Send back"
          chips={revisions}
          onClose={() => {
            setDialog(null);
          }}
          onSubmit={(instruction) => {
            setDialog(null);
            onDecide(page, { type: "revise", instruction, digest: review.digest });
          }}
        />
      )}
      {dialog === "reject" && (
        <WordsDialog
          title="Reject the draft"
          label="Why? Nothing is sent; the reason goes into the ledger."
          action="Reject"
          chips={reasons}
          onClose={() => {
            setDialog(null);
          }}
          onSubmit={(reason) => {
            setDialog(null);
            onDecide(page, { type: "reject", reason, digest: review.digest });
          }}
        />
      )}
      {outdated && (
        <p className="hidden" role="status">
          {noAnswer.message}
        </p>
      )}
    </article>
  );

  function outcomeOf(
    decision: NonNullable<ReviewPage["decision"]>,
    { deliveries }: ReviewPage,
  ): ReviewOutcome {
    return {
      ...{ reviewId: review.id, decisionId: decision.id, type: decision.type, decidedBy: decision.decidedBy },
      ...{ decidedAt: decision.decidedAt, comment: decision.comment },
      deliveries: deliveries.map(({ action, status, reason }) => ({
        summary: action.summary,
        status,
        reason,
      })),
    };
  }

  function blockedBy({ review: { status, draft } }: ReviewPage, { body }: Unsent): string | null {
    if (status !== "open") return "This review is closed.";
    if (conversation.kind === "refused") return "It cannot be sent while Intercom cannot be read as you.";
    if (conversation.change !== null) return "The conversation moved on: this draft cannot be sent.";
    return draft.body !== "" && body.trim() === "" ? "A reply needs words." : null;
  }
}

/** What the reader must know before anything else. */
function Banners({ page, outdated, client, onOpen, onReload, announce }: ReviewPaneProps) {
  const isTheirs = page.permission.kind === "yours";
  const { review, conversation, history } = page;
  const [step, setStep] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const newer = history.find(({ status, version }) => status === "open" && version > review.version);
  const change = conversation.kind === "read" ? conversation.change : null;

  const draftAgain = async () => {
    setFailure(null);
    setStep("Reading the conversation…");
    const answered = await client.draftAgain(review.conversationId, (node) => {
      setStep(stepNames[node] ?? "Working…");
    });
    setStep(null);
    if (answered.kind === "ok" && answered.value.type === "waiting") {
      announce("There is a new draft.");
      onOpen(answered.value.reviewId);
      return;
    }
    setFailure(whyNoDraft(answered));
    onReload();
  };

  return (
    <>
      {review.status === "superseded" && (
        <div className="banner warn" role="status">
          <p>
            {newer && newer.teammateName !== page.authorName ? (
              <>
                <bdi>{newer.teammateName}</bdi> has the draft of this conversation now.
              </>
            ) : (
              "This draft was replaced, so it cannot be decided any more."
            )}{" "}
            What you typed is kept here.
          </p>
          {newer && (
            <button
              type="button"
              onClick={() => {
                onOpen(newer.reviewId);
              }}
            >
              Open the new draft
            </button>
          )}
        </div>
      )}
      {change !== null && (
        <div className="banner warn" role="status">
          <p>
            <strong>Out of date.</strong> <span dir="auto">{change}</span> This draft cannot be sent any more.
          </p>
          {isTheirs && (
            <button type="button" disabled={step !== null} onClick={() => void draftAgain()}>
              {step ?? "Draft again"}
            </button>
          )}
          {failure !== null && <p>{failure}</p>}
        </div>
      )}
      {review.notice !== null && review.status === "open" && (
        <p className="banner" dir="auto">
          {review.notice}
        </p>
      )}
      {outdated && (
        <div className="banner warn">
          <p>The server does not answer: what is shown may be old. Nothing you typed is lost.</p>
          <button type="button" onClick={onReload}>
            Try again
          </button>
        </div>
      )}
    </>
  );
}

function whyNoDraft(answered: Awaited<ReturnType<Client["draftAgain"]>>): string {
  if (answered.kind === "refused") return `${answered.problem.message} ${answered.problem.next}`;
  if (answered.kind !== "ok") return noAnswer.message;
  const { value } = answered;
  if (value.type === "failed") return value.reason;
  if (value.type === "busy") return "The agents are already at work on it.";
  if (value.type === "ended" && "reason" in value.outcome) return value.outcome.reason;
  return "No new draft was made.";
}

function approvalOf({ review, shown }: ReviewPage, { body, without }: Unsent): Answer {
  const { digest } = review;
  if (body === review.draft.body && without.length === 0) return { type: "approve", digest };
  const followUps = shown.followUps
    .map((_, position) => position)
    .filter((position) => !without.includes(position));
  return { type: "edit", body, followUps, digest };
}
