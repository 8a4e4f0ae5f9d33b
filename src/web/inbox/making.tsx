import type { WorkEventData } from "../api.ts";

/** The most conversations that are named at once. */
const NAMED = 3;

const names: Record<WorkEventData["works"][number]["step"], string> = {
  reading: "Reading",
  classifying: "Classifying",
  researching: "Researching",
  writing: "Writing",
};

/** What the agents are at work on for the reader. It comes and goes by itself, so nothing is said aloud. */
export function InTheMaking({ work: { total, works } }: { work: WorkEventData }) {
  if (total === 0) return null;
  const others = works.slice(NAMED);
  return (
    <section className="making" aria-labelledby="making-title">
      <h2 id="making-title">
        In the making <span className="count">{total.toLocaleString()}</span>
      </h2>
      <WorkList works={works.slice(0, NAMED)} />
      {others.length > 0 && (
        <details>
          <summary>{(total - NAMED).toLocaleString()} more</summary>
          <WorkList works={others} />
          {total > works.length && (
            <p className="faint">and {(total - works.length).toLocaleString()} others</p>
          )}
        </details>
      )}
    </section>
  );
}

function WorkList({ works }: Pick<WorkEventData, "works">) {
  return (
    <ul>
      {works.map(({ conversationId, title, step }) => (
        <li key={conversationId}>
          <bdi>{title === null || title === "" ? `Conversation ${conversationId}` : title}</bdi>
          <span className="step">{names[step]}</span>
        </li>
      ))}
    </ul>
  );
}
