/** Does the work on all items, at most `lanes` of them at a time. The first failure ends it, once those begun are over. */
export async function inLanes<Item>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item, lane: number) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let failed = false;
  const results = await Promise.allSettled(
    Array.from({ length: Math.min(lanes, items.length) }, async (_, lane) => {
      for (const item of queue) {
        if (failed) return;
        try {
          await work(item, lane);
        } catch (error) {
          failed = true;
          throw error;
        }
      }
    }),
  );
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
