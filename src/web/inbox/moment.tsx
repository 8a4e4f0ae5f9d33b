import { ageOf, momentName } from "./words.ts";

interface MomentProps {
  /** ISO 8601, or Unix seconds. */
  at: string | number;
  now: Date;
  /** How long ago, instead of when. */
  age?: boolean;
}

/** Made once: a list has hundreds of moments. */
const inFull = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

/** A moment in the reader's time zone; the full one on hover and for machines. */
export function Moment({ at, now, age = false }: MomentProps) {
  const moment = new Date(typeof at === "number" ? at * 1000 : at);
  return (
    <time dateTime={moment.toISOString()} title={inFull.format(moment)}>
      {age ? ageOf(moment, now) : momentName(moment, now)}
    </time>
  );
}
