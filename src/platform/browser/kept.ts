/** Files that a browser keeps for the next visit, piece by piece as they come. */
export interface KeptFile {
  /** Undefined while pieces are missing. */
  whole(): Promise<Blob | undefined>;
  /** What there is from the first byte on. */
  pieces(): Promise<readonly Blob[]>;
  /** Keeps a piece if there is room; `failed` is told in words when there is none. */
  add(piece: Blob, from: number, failed: (why: string) => void): Promise<void>;
  /** All pieces are there, and their content is what it should be. */
  complete(bytes: number): Promise<void>;
  forget(): Promise<void>;
}

const CACHE = 'campanile';

/**
 *     <url>?sha256=<hash>&from=<byte>   a piece
 *     <url>?sha256=<hash>               how many bytes they are, once all are there and checked
 *
 * @returns undefined where nothing can be kept: some private windows, pages over plain http
 */
export async function keptFile(url: string, sha256: string): Promise<KeptFile | undefined> {
  const cache = await openCache();
  if (!cache) return undefined;
  const path = url.split(/[?#]/)[0]!;
  const key = `${path}?sha256=${sha256}`;
  const pieceAt = (from: number) => `${key}&from=${from}`;
  let full = false;

  const pieces = async (): Promise<Blob[]> => {
    const found: Blob[] = [];
    for (let from = 0; ; from += found.at(-1)!.size) {
      const piece = await (await cache.match(pieceAt(from)))?.blob();
      if (!piece?.size) return found;
      found.push(piece);
    }
  };
  return {
    pieces,
    async whole() {
      const bytes = await (await cache.match(key))?.text();
      if (bytes === undefined) return undefined;
      const whole = new Blob(await pieces());
      return whole.size === Number(bytes) ? whole : undefined;
    },
    async add(piece, from, failed) {
      if (full) return; // a gap would spoil what comes after it
      try {
        await cache.put(pieceAt(from), new Response(piece));
      } catch {
        full = true;
        failed('the browser has no room to keep the model: it works now, and is fetched again the next time');
      }
    },
    async complete(bytes) {
      if (full) return;
      await cache.put(key, new Response(String(bytes))).catch(() => undefined);
      // Earlier versions of the file go.
      for (const { url } of await cache.keys(path, { ignoreSearch: true }))
        if (!url.startsWith(key)) await cache.delete(url);
    },
    async forget() {
      full = false;
      await cache.delete(path, { ignoreSearch: true });
    },
  };
}

const openCache = async (): Promise<Cache | undefined> => {
  try {
    return await globalThis.caches?.open(CACHE);
  } catch {
    return undefined;
  }
};
