import { DownloadError } from '../../errors.ts';
import { hex } from '../hash.ts';
import { missing } from '../memory.ts';
import { startHash } from './hash.ts';

/** How far a file has come. */
export interface Fetching {
  readonly address: string;
  readonly done: number;
  /** Undefined where the server does not say. */
  readonly bytes: number | undefined;
}

const listeners = new Set<(fetching: Fetching) => void>();

/**
 * Tells of every file that is fetched, piece by piece; files that the browser has kept are not fetched and not told of.
 *
 * @returns ends it
 */
export function watchFetching(listener: (fetching: Fetching) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

const CACHE = 'campanile';
const TRIES = 4;
const running = new Map<string, Promise<Blob>>();

/**
 * The bytes at a URL, fetched once ever: they stay in the Cache API where the browser has room, and in memory as long as the page.
 *
 * @param sha256  of the content, 64 hex digits, where it is known; another content is refused and not kept
 * @throws {DownloadError} 'fetch-failed', 'fetch-damaged'; an error with code 'ENOENT' where the server has no such file
 */
export function fetched(address: string, sha256?: string): Promise<Blob> {
  const url = new URL(address, globalThis.location.href).href;
  const known = running.get(url) ?? find(url, sha256);
  running.set(url, known);
  known.catch(() => running.delete(url));
  return known;
}

async function find(url: string, sha256: string | undefined): Promise<Blob> {
  // Without a hash nobody could tell whether what was kept is still what the server has.
  if (sha256 === undefined) return download(url);
  const cache = await openCache();
  const key = `${url.split(/[?#]/)[0]}?sha256=${sha256}`;
  const kept = await cache?.match(key);
  if (kept) return kept.blob();
  const blob = await download(url);
  if ((await hashOf(blob)) !== sha256)
    throw new DownloadError('fetch-damaged', `${url} arrived, but it is not the file that was announced`, {
      hint: 'load the page again; if that does not help, the site was published incompletely',
    });
  await keep(cache, key, blob);
  return blob;
}

async function hashOf(blob: Blob): Promise<string> {
  return hex(
    await startHash()
      .update(new Uint8Array(await blob.arrayBuffer()))
      .digest(),
  );
}

/** Private windows and pages over plain http may have none. */
const openCache = async (): Promise<Cache | undefined> => {
  try {
    return await globalThis.caches?.open(CACHE);
  } catch {
    return undefined;
  }
};

/** Earlier versions of the file go; where the disk is full, it stays in memory. */
async function keep(cache: Cache | undefined, key: string, blob: Blob): Promise<void> {
  try {
    await cache?.delete(key, { ignoreSearch: true });
    await cache?.put(key, new Response(blob));
  } catch {}
}

/** What has come when the connection breaks is kept, and only the rest is asked for again. */
async function download(url: string): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(url, done > 0 ? { headers: { range: `bytes=${done}-` } } : {});
      if (response.status === 404 || isPage(response)) throw missing(url);
      if (!response.ok) throw new DownloadError('fetch-failed', `${url} answers ${response.status}`);
      if (response.status !== 206) {
        parts.length = 0;
        done = 0;
      }
      const bytes = done + Number(response.headers.get('content-length')) || undefined;
      // Packed on the way, the length is that of the packed bytes.
      const known = response.headers.has('content-encoding') ? undefined : bytes;
      for await (const part of pieces(response)) {
        parts.push(part);
        done += part.length;
        for (const tell of listeners) tell({ address: url, done, bytes: known });
      }
      return new Blob(parts);
    } catch (cause) {
      if (cause instanceof DownloadError || (cause as { code?: string }).code === 'ENOENT') throw cause;
      if (attempt === TRIES)
        throw new DownloadError('fetch-failed', `${url} could not be fetched: ${(cause as Error).message}`, {
          hint: 'is the network there? What has been fetched before is kept',
          cause,
        });
    }
  }
}

/** Many hosts answer with a page of their own, and 200, where there is no file. */
const isPage = (response: Response): boolean =>
  (response.headers.get('content-type') ?? '').startsWith('text/html');

async function* pieces({ body }: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done || !value) return;
    yield value as Uint8Array<ArrayBuffer>;
  }
}
