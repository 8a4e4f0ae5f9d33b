/** A value with the interval that holds the true one 19 times of 20. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

const Z = 1.959964;
const RESAMPLES = 1000;

/** Wilson's interval for a proportion: right also near 0 and 1, and for few. */
export function wilson(hit: number, of: number): Estimate {
  if (of === 0) return { value: Number.NaN, low: 0, high: 1 };
  const share = hit / of;
  const middle = (share + (Z * Z) / (2 * of)) / (1 + (Z * Z) / of);
  const half = (Z * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of))) / (1 + (Z * Z) / of);
  return { value: share, low: hit === 0 ? 0 : middle - half, high: hit === of ? 1 : middle + half };
}

/**
 * The percentile interval of any statistic over cases, by drawing as many cases anew a thousand times. Seeded: the same
 * cases have the same interval. Draws for which the statistic has no value are left out.
 */
export function bootstrap<Item>(
  items: readonly Item[],
  statistic: (drawn: readonly Item[]) => number,
): Estimate {
  const value = statistic(items);
  const random = mulberry32(items.length);
  const values: number[] = [];
  for (let draw = 0; draw < RESAMPLES; draw += 1) {
    const drawn = items.map(() => items[Math.floor(random() * items.length)] as Item);
    const drawnValue = statistic(drawn);
    if (!Number.isNaN(drawnValue)) values.push(drawnValue);
  }
  values.sort((one, other) => one - other);
  const at = (share: number) =>
    values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? value;
  return { value, low: at(0.025), high: at(0.975) };
}

/**
 * How likely so many losses among the cases that changed are by chance alone, if each change could as well have gone
 * the other way: the exact sign test, one-sided.
 */
export function signTest(losses: number, gains: number): number {
  const changes = losses + gains;
  let ways = 0;
  for (let count = losses; count <= changes; count += 1) ways += Math.exp(logChoose(changes, count));
  return Math.min(1, ways / 2 ** changes);
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : sum(values) / values.length;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function logChoose(of: number, count: number): number {
  let log = 0;
  for (let step = 1; step <= count; step += 1) log += Math.log(of - count + step) - Math.log(step);
  return log;
}

/** A small random generator whose series depends on its seed alone. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
