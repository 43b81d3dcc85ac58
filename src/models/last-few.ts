/** What was made for the last few keys, made once; a failure is not kept. */
export function lastFew<Value>(most: number): (key: string, make: () => Promise<Value>) => Promise<Value> {
  const ready = new Map<string, Promise<Value>>();
  return (key, make) => {
    const value = ready.get(key) ?? make();
    ready.delete(key); // and to the end: the map keeps the order of use
    ready.set(key, value);
    const oldest = ready.keys().next().value;
    if (ready.size > most && oldest !== undefined) ready.delete(oldest);
    value.catch(() => ready.delete(key));
    return value;
  };
}
