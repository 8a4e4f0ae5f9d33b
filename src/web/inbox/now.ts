import { useLayoutEffect, useState } from "react";

/** The time: every quarter of a minute, and finer while something is counted down. */
export function useNow(clock: () => Date, fine: boolean): Date {
  const [now, setNow] = useState(clock);
  // Before the first frame is shown: a countdown does not begin with the time of a quarter of a minute ago.
  useLayoutEffect(() => {
    setNow(clock());
    const timer = setInterval(
      () => {
        setNow(clock());
      },
      fine ? 250 : 15_000,
    );
    return () => {
      clearInterval(timer);
    };
  }, [clock, fine]);
  return now;
}
