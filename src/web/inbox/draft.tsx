import type { RefObject } from "react";
import type { ReviewPage } from "./client.ts";
import { changesBetween, segmentsOf } from "./marks.ts";
import type { Unsent } from "./remembered.ts";

interface DraftPaneProps {
  page: ReviewPage;
  unsent: Unsent;
  editing: boolean;
  /** The sentence whose evidence is shown. */
  active: number | null;
  editor: RefObject<HTMLTextAreaElement | null>;
  locked: boolean;
  leftover: string | null;
  earlier: string | null;
  onActivate: (sentence: number | null) => void;
  onEdit: (editing: boolean) => void;
  onChange: (unsent: Unsent) => void;
  onApprove: () => void;
}

/** The draft: read with its citations, or edited with the changes shown word by word. */
export function DraftPane(props: DraftPaneProps) {
  const { page, unsent, editing, editor, locked, onEdit, onChange, onApprove } = props;
  const { draft } = page.review;
  const kept = page.review.kept ?? props.earlier;
  const changed = unsent.body !== draft.body;
  const nothing = draft.body === "";
  return (
    <section className="pane draft" aria-labelledby="draft-title">
      <h3 id="draft-title">
        Draft
        {!nothing && !locked && (
          <span className="tools">
            {changed && (
              <button
                type="button"
                className="quiet"
                onClick={() => {
                  onChange({ ...unsent, body: draft.body });
                }}
              >
                Restore the draft
              </button>
            )}
            <button
              type="button"
              className="quiet"
              aria-pressed={editing}
              onClick={() => {
                onEdit(!editing);
              }}
            >
              Edit <kbd>E</kbd>
            </button>
          </span>
        )}
      </h3>
      <div className="pane-body" tabIndex={0} role="group" aria-labelledby="draft-title">
        {kept !== null && (
          <Kept
            text={kept}
            locked={locked}
            onUse={() => {
              onChange({ ...unsent, body: kept });
            }}
          />
        )}
        {props.leftover !== null && (
          <details className="kept" open>
            <summary>What you typed, which was not sent</summary>
            <p className="text" dir="auto">
              {props.leftover}
            </p>
          </details>
        )}
        {nothing ? (
          <p className="nothing">No reply is proposed: nothing would be written to the customer.</p>
        ) : editing ? (
          <textarea
            ref={editor}
            className="editor"
            aria-label="The reply"
            dir="auto"
            spellCheck
            value={unsent.body}
            onChange={(event) => {
              onChange({ ...unsent, body: event.target.value });
            }}
            onKeyDown={(event) => {
              if (event.key === "Escape") {
                event.preventDefault();
                onEdit(false);
              }
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
                event.preventDefault();
                onApprove();
              }
            }}
          />
        ) : (
          !changed && <Marked {...props} />
        )}
        {changed && <Difference before={draft.body} after={unsent.body} />}
        <FollowUps {...props} />
      </div>
    </section>
  );
}

function Marked({ page, active, onActivate }: DraftPaneProps) {
  const { draft, findings } = page.review;
  const number = new Map(findings.passages.map(({ id }, index) => [id, index + 1]));
  return (
    <p className="text marked" dir="auto">
      {segmentsOf(draft.body, draft.sentences).map(({ text, sentence }, index) => {
        const found = sentence === null ? undefined : draft.sentences[sentence];
        if (!found || sentence === null) return <span key={index}>{text}</span>;
        const unsupported = found.kind === "fact" && found.citations.length === 0;
        const state = `${unsupported ? "unsupported" : ""} ${active === sentence ? "active" : ""}`.trim();
        return (
          <span key={index} className={state || undefined}>
            {text}
            {unsupported && <span className="flag">unsupported</span>}
            {found.citations.map((id) => (
              <button
                key={id}
                type="button"
                className="cite"
                aria-pressed={active === sentence}
                aria-label={`Evidence ${number.get(id) ?? "?"} for this sentence`}
                onClick={() => {
                  onActivate(active === sentence ? null : sentence);
                }}
              >
                {number.get(id) ?? "?"}
              </button>
            ))}
          </span>
        );
      })}
    </p>
  );
}

function Difference({ before, after }: { before: string; after: string }) {
  return (
    <div className="difference">
      <h4>Your changes</h4>
      <p className="text" dir="auto">
        {changesBetween(before, after).map(({ text, kind }, index) =>
          kind === "added" ? (
            <ins key={index}>{text}</ins>
          ) : kind === "removed" ? (
            <del key={index}>{text}</del>
          ) : (
            <span key={index}>{text}</span>
          ),
        )}
      </p>
    </div>
  );
}

function FollowUps({ page, unsent, locked, onChange }: DraftPaneProps) {
  const { followUps } = page.shown;
  if (followUps.length === 0) return null;
  const nothing = page.review.draft.body === "";
  return (
    <fieldset className="follow-ups" disabled={locked || nothing}>
      <legend>And then</legend>
      {followUps.map((summary, position) => (
        <label key={position}>
          <input
            type="checkbox"
            checked={!unsent.without.includes(position)}
            onChange={(event) => {
              const without = unsent.without.filter((one) => one !== position);
              onChange({ ...unsent, without: event.target.checked ? without : [...without, position] });
            }}
          />
          <span dir="auto">{summary}</span>
        </label>
      ))}
      {nothing && !locked && (
        <p className="faint">Without a reply these are approved together, or not at all.</p>
      )}
    </fieldset>
  );
}

function Kept({ text, locked, onUse }: { text: string; locked: boolean; onUse: () => void }) {
  return (
    <details className="kept" open>
      <summary>Your earlier text, which was not sent</summary>
      <p className="text" dir="auto">
        {text}
      </p>
      {!locked && (
        <button type="button" onClick={onUse}>
          Use this text
        </button>
      )}
    </details>
  );
}
