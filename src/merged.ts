/** What several generators give, as it comes. When one fails, or nobody wants more, all of them are ended. */
export async function* merged<T>(generators: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const next = async (of: AsyncGenerator<T>) => ({ of, result: await of.next() });
  const coming = new Map(generators.map((of) => [of, next(of)]));
  try {
    while (coming.size > 0) {
      const { of, result } = await Promise.race(coming.values());
      if (result.done) {
        coming.delete(of);
        continue;
      }
      coming.set(of, next(of)); // it goes on while this one is looked at
      yield result.value;
    }
  } finally {
    await Promise.allSettled([...coming.values(), ...[...coming.keys()].map((of) => of.return(undefined))]);
  }
}
