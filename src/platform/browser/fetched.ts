import { DownloadError } from '../../errors.ts';
import { missing } from '../memory.ts';
import { sha256Of } from './hash.ts';
import { type KeptFile, keptFile } from './kept.ts';

/** How far a file has come. */
export interface Fetching {
  readonly address: string;
  readonly done: number;
  /** Undefined where the server does not say. */
  readonly bytes: number | undefined;
  /** Why it will have to be fetched again another time, in words. */
  readonly notKept?: string | undefined;
}

/** What is known of a file before it comes. */
export interface Announced {
  /** Of the content, 64 hex digits; another content is refused and not kept. */
  readonly sha256?: string | undefined;
  readonly bytes?: number | undefined;
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

/** Passes on what a worker tells of its own. */
export const tellFetching = (fetching: Fetching): void => {
  for (const tell of listeners) tell(fetching);
};

/** Whether nothing more of the file has to be fetched. */
export const isKept = async (address: string, { sha256 = '' }: Announced): Promise<boolean> =>
  (await (await keptFile(new URL(address, globalThis.location.href).href, sha256))?.whole()) !== undefined;

const TRIES = 4;
/** What has come is kept in pieces of this size, so that a page that is closed goes on there the next time. */
const PIECE_BYTES = 2 ** 22;
const running = new Map<string, Promise<Blob>>();

/**
 * The bytes at a URL. With their hash they are fetched once ever: they stay in the Cache API where the browser has room, and in
 * memory as long as the page.
 *
 * @throws {DownloadError} 'fetch-failed', 'fetch-damaged'; an error with code 'ENOENT' where the server has no such file
 */
export function fetched(address: string, announced: Announced = {}): Promise<Blob> {
  const url = new URL(address, globalThis.location.href).href;
  const known = running.get(url) ?? find(url, announced);
  running.set(url, known);
  known.catch(() => running.delete(url));
  return known;
}

async function find(url: string, { sha256, bytes }: Announced): Promise<Blob> {
  // Without a hash nobody could tell whether what was kept is still what the server has.
  if (sha256 === undefined) return download(url, undefined, bytes);
  const kept = await keptFile(url, sha256);
  const have = await kept?.whole();
  if (have) return have;
  return alone(url, async () => {
    // Another page may have fetched it meanwhile.
    const come = await kept?.whole();
    if (come) return come;
    const resumed = ((await kept?.pieces()) ?? []).length > 0;
    let blob = await download(url, kept, bytes);
    if (resumed && (await sha256Of(blob)) !== sha256) {
      await kept?.forget();
      blob = await download(url, kept, bytes);
    }
    if ((await sha256Of(blob)) === sha256) {
      await kept?.complete(blob.size);
      return blob;
    }
    await kept?.forget();
    throw new DownloadError('fetch-damaged', `${url} arrived, but it is not the file that was announced`, {
      hint: 'load the page again; if that does not help, the site was published incompletely',
    });
  });
}

/** One page of a browser fetches a file, the others wait for it. */
const alone = <T>(url: string, work: () => Promise<T>): Promise<T> =>
  globalThis.navigator.locks ? globalThis.navigator.locks.request(`campanile ${url}`, work) : work();

/** What has come when the connection breaks is kept, and only the rest is asked for again. */
async function download(url: string, kept: KeptFile | undefined, announced?: number): Promise<Blob> {
  const parts: Blob[] = [...((await kept?.pieces()) ?? [])];
  let done = sizeOf(parts);
  let coming: Uint8Array<ArrayBuffer>[] = [];
  const settle = async (): Promise<void> => {
    const piece = new Blob(coming);
    coming = [];
    if (piece.size === 0) return;
    await kept?.add(piece, sizeOf(parts), (notKept) =>
      tellFetching({ address: url, done, bytes: announced, notKept }),
    );
    parts.push(piece);
  };
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(url, {
        ...(done > 0 && { headers: { range: `bytes=${done}-` } }),
        ...(kept && { cache: 'no-store' }), // one copy is enough
      });
      if (response.status === 404 || isPage(response)) throw missing(url);
      if (response.status === 416 && done > 0) return new Blob(parts); // all of it had come
      if (!response.ok) throw new DownloadError('fetch-failed', `${url} answers ${response.status}`);
      if (response.status !== 206 && done > 0) {
        await kept?.forget();
        parts.length = 0;
        done = 0;
      }
      const bytes = announced ?? expected(response, done);
      let since = 0;
      for await (const part of pieces(response)) {
        coming.push(part);
        done += part.length;
        since += part.length;
        tellFetching({ address: url, done, bytes });
        if (since < PIECE_BYTES) continue;
        await settle();
        since = 0;
      }
      await settle();
      return new Blob(parts);
    } catch (cause) {
      await settle();
      if (cause instanceof DownloadError || (cause as { code?: string }).code === 'ENOENT') throw cause;
      if (attempt === TRIES)
        throw new DownloadError('fetch-failed', `${url} could not be fetched: ${(cause as Error).message}`, {
          hint: 'is the network there? What has been fetched before is kept',
          cause,
        });
    }
  }
}

const sizeOf = (parts: readonly Blob[]): number => parts.reduce((sum, { size }) => sum + size, 0);

/** Packed on the way, the length is that of the packed bytes. */
const expected = ({ headers }: Response, done: number): number | undefined =>
  headers.has('content-encoding') ? undefined : done + Number(headers.get('content-length')) || undefined;

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
