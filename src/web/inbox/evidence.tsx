import { useEffect, useRef } from "react";
import type { Passage } from "../../domain/findings.ts";
import type { ReviewPage } from "./client.ts";
import { sharedStretches } from "./marks.ts";
import { Moment } from "./moment.tsx";
import { languageName, routeNames, sourceNames, urgencyNames } from "./words.ts";

interface EvidencePaneProps {
  page: ReviewPage;
  now: Date;
  /** The sentence whose evidence is shown. */
  active: number | null;
  onActivate: (sentence: number | null) => void;
}

/** What the draft rests on, what is missing, and what the classifier thought. */
export function EvidencePane({ page, now, active, onActivate }: EvidencePaneProps) {
  const { findings, draft, classification } = page.review;
  const sentence = active === null ? undefined : draft.sentences[active];
  return (
    <section className="pane evidence" aria-labelledby="evidence-title">
      <h3 id="evidence-title">Evidence</h3>
      <div className="pane-body" tabIndex={0} role="group" aria-labelledby="evidence-title">
        {page.shown.warnings.length > 0 && (
          <ul className="warnings">
            {page.shown.warnings.map((warning, index) => (
              <li key={index} dir="auto">
                {warning}
              </li>
            ))}
          </ul>
        )}
        {findings.passages.length === 0 && (
          <p className="faint">Nothing was found that a reply could rest on.</p>
        )}
        <ol className="passages">
          {findings.passages.map((passage, index) => (
            <PassageItem
              key={passage.id}
              passage={passage}
              number={index + 1}
              now={now}
              sentence={sentence?.citations.includes(passage.id) ? sentence.text : null}
              cited={draft.sentences.findIndex(({ citations }) => citations.includes(passage.id))}
              onActivate={onActivate}
            />
          ))}
        </ol>
        {findings.gaps.length > 0 && (
          <>
            <h4>Not found</h4>
            <ul className="gaps">
              {findings.gaps.map(({ ask, reason }, index) => (
                <li key={index}>
                  <q dir="auto">{ask}</q> {reason}
                </li>
              ))}
            </ul>
          </>
        )}
        <h4>What the classifier thought</h4>
        <p dir="auto">{classification.reason}</p>
        <dl className="thought">
          <Fact name="Topic">
            {page.topicTitle}, {Math.round(classification.confidence * 100)} % sure
            {classification.uncertain && ": uncertain"}
          </Fact>
          <Fact name="Urgency">{urgencyNames[classification.urgency]}</Fact>
          <Fact name="Proposes">{routeNames[classification.route]}</Fact>
          <Fact name="Mood">{classification.sentiment}</Fact>
          <Fact name="Language">{languageName(classification.language)}</Fact>
          <Fact name="Drafted by">{draft.engine}</Fact>
        </dl>
        {classification.asks.length > 0 && (
          <>
            <h4>What the customer asks</h4>
            <ol className="asks">
              {classification.asks.map((ask, index) => (
                <li key={index} dir="auto">
                  {ask}
                </li>
              ))}
            </ol>
          </>
        )}
        {findings.searches.length > 0 && (
          <details>
            <summary>{findings.searches.length} searches</summary>
            <ul className="searches">
              {findings.searches.map(({ tool, query, results }, index) => (
                <li key={index}>
                  {tool.replace(/^intercom_/, "").replaceAll("_", " ")}: <q dir="auto">{query}</q>, {results}{" "}
                  found
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </section>
  );
}

interface PassageItemProps {
  passage: Passage;
  number: number;
  now: Date;
  /** The active sentence, when this passage supports it. */
  sentence: string | null;
  /** The first sentence that cites it; -1 when none does. */
  cited: number;
  onActivate: (sentence: number | null) => void;
}

function PassageItem({ passage, number, now, sentence, cited, onActivate }: PassageItemProps) {
  const { source, quote } = passage;
  const item = useRef<HTMLLIElement>(null);
  const highlighted = sentence !== null;
  useEffect(() => {
    if (highlighted) item.current?.scrollIntoView({ block: "nearest" });
  }, [highlighted]);
  return (
    <li ref={item} className={`passage ${highlighted ? "highlighted" : ""} ${cited === -1 ? "uncited" : ""}`}>
      <p className="passage-head">
        {cited === -1 ? (
          <span className="number">{number}</span>
        ) : (
          <button
            type="button"
            className="cite"
            aria-pressed={highlighted}
            aria-label={`Show the sentence that passage ${number} supports`}
            onClick={() => {
              onActivate(highlighted ? null : cited);
            }}
          >
            {number}
          </button>
        )}
        <span>
          <bdi>{source.title}</bdi>
          <span className="faint">
            {" "}
            · {sourceNames[source.kind]}
            {source.updatedAt !== null && (
              <>
                , changed <Moment at={source.updatedAt} now={now} />
              </>
            )}
            {cited === -1 && ", not cited"}
          </span>
        </span>
      </p>
      <blockquote dir="auto">
        {sentence === null
          ? quote
          : sharedStretches(quote, sentence).map(({ text, shared }, index) =>
              shared ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
            )}
      </blockquote>
      {source.url !== null && <SourceLink url={source.url} />}
    </li>
  );
}

/** A link that shows where it really leads; an address that is not a web page is only text. */
function SourceLink({ url }: { url: string }) {
  if (!/^https?:\/\//i.test(url)) return <p className="address">{url}</p>;
  return (
    <p className="address">
      <a href={url} target="_blank" rel="noopener noreferrer">
        {url}
      </a>
    </p>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
