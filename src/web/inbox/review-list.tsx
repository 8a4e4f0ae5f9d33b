import { memo, useEffect, useMemo, useRef, type ReactNode } from "react";
import type { ListedReview } from "./client.ts";
import type { Pending } from "./decisions.ts";
import type { ListState } from "./list-state.ts";
import { Moment } from "./moment.tsx";
import { addressOf, type Place } from "./place.ts";
import { RowBox } from "./selection-bar.tsx";
import type { Selection } from "./selection.ts";
import { decisionNames, topicName, urgencies, urgencyNames } from "./words.ts";

interface ReviewListProps {
  list: ListState;
  place: Place;
  pending: readonly Pending[];
  now: Date;
  selection: Selection;
  /** What stands above the rows. */
  above: ReactNode;
  go: (change: Partial<Place>, replace?: boolean) => void;
}

/** How exactly a row's age is told, in milliseconds. */
const AGE = 15_000;

export function ReviewList({ list, place, pending, now, selection, above, go }: ReviewListProps) {
  const { reviews, status, problem, counts, more, loadMore, refresh } = list;
  const { scope, view, topic, urgency, search, review: selected } = place;
  // Rows are many: what they are given stays the same object as long as nothing of it changes.
  const here = useMemo(
    () => ({ scope, view, topic, urgency, search, review: null }),
    [scope, view, topic, urgency, search],
  );
  const quarter = Math.floor(now.getTime() / AGE);
  const aged = useMemo(() => new Date(quarter * AGE + AGE), [quarter]);
  return (
    <nav className="list" aria-label="Reviews">
      <ListFilters place={place} counts={counts} go={go} />
      {above}
      <div className="rows" aria-busy={status === "loading"}>
        {status === "loading" && <Skeleton />}
        {status === "failed" && problem && (
          <div className="state" role="alert">
            <h2>The list could not be read</h2>
            <p>
              {problem.message} {problem.next}
            </p>
            <button type="button" onClick={refresh}>
              Try again
            </button>
          </div>
        )}
        {status === "ready" && reviews.length === 0 && <Empty place={place} go={go} />}
        {reviews.length > 0 && (
          <ol>
            {reviews.map((review) => (
              <Row
                key={review.id}
                review={review}
                place={here}
                now={aged}
                selected={review.id === selected}
                choosing={selection.active}
                chosen={selection.active && selection.ids.includes(review.id)}
                onToggle={selection.toggle}
                go={go}
                pending={pending.find(({ subject }) => subject.id === review.id)}
              />
            ))}
          </ol>
        )}
        {more && <More onMore={loadMore} shown={reviews.length} />}
      </div>
    </nav>
  );
}

function ListFilters({
  place,
  counts,
  go,
}: Pick<ReviewListProps, "place" | "go"> & { counts: ListState["counts"] }) {
  const number = (count: number | undefined) => (count === undefined ? "" : ` (${count.toLocaleString()})`);
  const topics = Object.entries(counts?.topics ?? {}).sort(([, one], [, other]) => other - one);
  return (
    <div className="filters">
      <div className="views" role="group" aria-label="Which reviews">
        {(["open", "decided"] as const).map((view) => (
          <button
            key={view}
            type="button"
            aria-pressed={place.view === view}
            onClick={() => {
              go({ view, topic: "", urgency: "" });
            }}
          >
            {view === "open" ? "Waiting" : "Decided"}
            {place.view === view && counts && <span className="count">{counts.total.toLocaleString()}</span>}
          </button>
        ))}
      </div>
      <div className="selects">
        <select
          aria-label="Whose reviews"
          value={place.scope}
          onChange={(event) => {
            const scope = scopes.find(([value]) => value === event.target.value)?.[0] ?? "mine";
            go({ scope, topic: "", urgency: "" }, true);
          }}
        >
          {scopes.map(([scope, name]) => (
            <option key={scope} value={scope}>
              {name}
            </option>
          ))}
        </select>
        <select
          aria-label="Urgency"
          value={place.urgency}
          onChange={(event) => {
            go({ urgency: event.target.value }, true);
          }}
        >
          <option value="">Any urgency</option>
          {urgencies.map((urgency) => (
            <option key={urgency} value={urgency}>
              {urgencyNames[urgency]}
              {number(counts?.urgencies[urgency])}
            </option>
          ))}
        </select>
        <select
          aria-label="Topic"
          value={place.topic}
          onChange={(event) => {
            go({ topic: event.target.value }, true);
          }}
        >
          <option value="">Any topic</option>
          {place.topic !== "" && !counts?.topics[place.topic] && (
            <option value={place.topic}>{topicName(place.topic)}</option>
          )}
          {topics.map(([topic, count]) => (
            <option key={topic} value={topic}>
              {topicName(topic)}
              {number(count)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

const scopes = [
  ["mine", "Mine"],
  ["team", "My teams'"],
  ["all", "All I may see"],
] as const;

interface RowProps extends Pick<ReviewListProps, "place" | "now" | "go"> {
  review: ListedReview;
  /** The review on screen. */
  selected: boolean;
  /** True while rows can be chosen. */
  choosing: boolean;
  chosen: boolean;
  onToggle: Selection["toggle"];
  pending: Pending | undefined;
}

const Row = memo(function Row(props: RowProps) {
  const { review, place, now, selected, choosing, chosen, onToggle, go, pending } = props;
  const { id, customer, title, classification, createdAt, outcome, proposes } = review;
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (selected) link.current?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return (
    <li className={rowClass(props)} data-review={id}>
      {choosing && (
        <RowBox
          review={review}
          chosen={chosen}
          onToggle={onToggle}
          disabled={(pending?.status ?? "failed") !== "failed"}
        />
      )}
      <a
        ref={link}
        href={addressOf({ ...place, review: id })}
        aria-current={selected ? "true" : undefined}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || (event.shiftKey && !choosing)) return;
          event.preventDefault();
          if (event.shiftKey) onToggle(id, true);
          else go({ review: id });
        }}
      >
        <span className="row-top">
          <bdi className="row-customer">{customer}</bdi>
          <Moment at={outcome?.decidedAt ?? createdAt} now={now} age />
        </span>
        <bdi className="row-title">{title || "Without a title"}</bdi>
        <span className="row-facts">
          {pending ? (
            <span className="fact accent">{pendingName(pending)}</span>
          ) : (
            <>
              {(classification.urgency === "urgent" || classification.urgency === "high") && (
                <span className={`urgency ${classification.urgency}`}>
                  {urgencyNames[classification.urgency]}
                </span>
              )}
              <span>{topicName(classification.topic)}</span>
              {classification.uncertain && <span>uncertain</span>}
              {proposes === "note" && <span>internal note</span>}
              {proposes === "nothing" && <span>no reply</span>}
              {outcome && <span>{decisionNames[outcome.type]}</span>}
              {place.scope !== "mine" && (
                <span>
                  for <bdi>{review.teammateName}</bdi>
                </span>
              )}
            </>
          )}
        </span>
      </a>
    </li>
  );
});

function rowClass({ pending, choosing, chosen }: RowProps): string {
  const classes = ["row", pending && "leaving", choosing && "choosing", chosen && "chosen"];
  return classes.filter(Boolean).join(" ");
}

function pendingName({ status, message }: Pending): string {
  if (status === "waiting") return "Can still be undone";
  return status === "sending" ? "On its way…" : message;
}

function Empty({ place, go }: Pick<ReviewListProps, "place" | "go">) {
  const filtered = place.topic !== "" || place.urgency !== "" || place.search !== "";
  if (filtered) {
    return (
      <div className="state">
        <h2>Nothing matches</h2>
        <p>No review has all of this.</p>
        <button
          type="button"
          onClick={() => {
            go({ topic: "", urgency: "", search: "" });
          }}
        >
          Clear search and filters
        </button>
      </div>
    );
  }
  return (
    <div className="state">
      <h2>{place.view === "open" ? "All done" : "Nothing decided yet"}</h2>
      <p>
        {place.view === "open"
          ? place.scope === "mine"
            ? "No draft waits for you. New ones appear here by themselves."
            : "No draft waits that you may see."
          : "What you approve, send back or reject is listed here."}
      </p>
    </div>
  );
}

/** Reads the next page when its end comes into sight; a button for those who do not scroll. */
function More({ onMore, shown }: { onMore: () => void; shown: number }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const element = button.current;
    if (!element) return;
    const watch = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) onMore();
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
    };
  }, [onMore, shown]);
  return (
    <button ref={button} type="button" className="more" onClick={onMore}>
      Show more
    </button>
  );
}

function Skeleton() {
  return (
    <div className="skeleton">
      <p className="hidden">Reading the list…</p>
      {[70, 50, 62, 44, 58, 66].map((width) => (
        <div key={width} className="ghost" aria-hidden="true">
          <i style={{ width: `${width}%` }} />
          <i style={{ width: `${width + 20}%` }} />
        </div>
      ))}
    </div>
  );
}
