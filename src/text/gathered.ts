/**
 * One at a time, out of many at once: what is asked for in one turn of the event loop, or while an earlier batch is worked on, is done
 * together, in order, at most `limit` at a time. A batch that fails fails for all in it.
 */
export function gathered<Item, Result>(
  many: (items: readonly Item[]) => Promise<readonly Result[]>,
  limit: number,
): (item: Item) => Promise<Result> {
  const waiting: { item: Item; resolve(result: Result): void; reject(error: unknown): void }[] = [];
  let working = false;
  const work = async (): Promise<void> => {
    working = true;
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting.splice(0, limit);
      try {
        const results = await many(batch.map(({ item }) => item));
        for (const [i, { resolve }] of batch.entries()) resolve(results[i]!);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    working = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!working) void work();
    });
}
