import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { DownloadError } from '../errors.ts';
import type { HubFile } from './api.ts';
import { type Asked, fileAddress } from './asked.ts';
import { refusal } from './refusals.ts';
import { isUnreachable, reason, request } from './request.ts';
import { isPassing, type Patience, pause, whenSilent } from './retry.ts';

export interface Transfer {
  /** The file's commit, so that the content cannot change under way. */
  readonly asked: Asked;
  readonly file: HubFile;
  readonly patience: Patience;
  readonly signal?: AbortSignal | undefined;
  /** How many of the file's bytes are here: grows with every piece, and falls to 0 when the file begins anew. */
  readonly onReceived: (receivedBytes: number) => void;
  readonly onRetry: (why: string) => void;
}

/** What to do after an answer has ended, one way or another. */
type Outcome = 'complete' | { readonly again: string; readonly retryAfter?: string | null };

/**
 * Fetches a file into `path`, going on where an earlier try stopped, until it is whole and has the hash that the hub
 * announced. A file with another hash is thrown away and fetched anew, once.
 *
 * The commit fixes the content and the hash has the last word, so ranges need no `If-Range`.
 *
 * @throws {DownloadError} `interrupted` or `corrupt`; after `interrupted` what has arrived is kept
 */
export async function transfer(path: string, job: Transfer): Promise<void> {
  const target = await openTarget(path, job);
  try {
    for (let tries = 1; ; tries++) {
      await fill(target, job);
      if (target.digest() === job.file.digest.hex) break;
      await target.restart();
      if (tries === 2)
        throw new DownloadError(
          'corrupt',
          `${job.file.path} arrived twice with another hash than the hub announced`,
          {
            hint: 'something on the way changes the bytes: try another network, without a proxy',
          },
        );
      job.onRetry('its bytes are not those the hub announced');
    }
    await target.handle.sync();
  } finally {
    await target.handle.close();
  }
}

async function fill(target: Target, job: Transfer): Promise<void> {
  let furthest = target.receivedBytes;
  for (let failures = 0; target.receivedBytes < job.file.sizeBytes; ) {
    const outcome = await attempt(target, job);
    if (outcome === 'complete') return;
    // Only new ground counts as progress: a server that always starts over and always breaks off must come to an end.
    failures = target.receivedBytes > furthest ? 1 : failures + 1;
    furthest = Math.max(furthest, target.receivedBytes);
    if (failures > (job.patience.retries ?? 5))
      throw new DownloadError(
        'interrupted',
        `${job.file.path} broke off at ${target.receivedBytes} of ${job.file.sizeBytes} bytes: ${outcome.again}`,
        { hint: 'what has arrived is kept: run the same command again to go on from there' },
      );
    job.onRetry(outcome.again);
    await pause(failures, job.patience, job.signal, outcome.retryAfter);
  }
}

/** One request, from where the file ends to where the answer does. */
async function attempt(target: Target, { asked, file, patience, signal }: Transfer): Promise<Outcome> {
  const from = target.receivedBytes;
  const watch = whenSilent(patience, signal);
  const headers: Record<string, string> = from > 0 ? { range: `bytes=${from}-` } : {};
  try {
    const response = await request(asked.settings, fileAddress(asked, file.path), {
      headers,
      signal: watch.signal,
      elsewhere: 'follow',
    });
    if (!(await isContinuation(response, target, file))) {
      await response.body?.cancel();
      if (response.status === 416) {
        await target.restart();
        return { again: 'the server has no such range' };
      }
      if (response.ok) return { again: 'the server sends another part of the file than it was asked for' };
      // A refusal is the hub's to give; the storage behind it refuses addresses that have become too old.
      const fromTheHub = new URL(response.url).origin === new URL(asked.settings.endpoint).origin;
      if (fromTheHub && !isPassing(response.status))
        throw refusal({ ...asked, path: file.path }, response.status, response.headers);
      return {
        again: `the server answers ${response.status}`,
        retryAfter: response.headers.get('retry-after'),
      };
    }
    for await (const piece of response.body ?? []) {
      watch.heard();
      if (target.receivedBytes + piece.length > file.sizeBytes) {
        await target.restart();
        return { again: 'more bytes came than the file has' };
      }
      await target.write(piece);
    }
    return target.receivedBytes === file.sizeBytes ? 'complete' : { again: 'the connection ended early' };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DownloadError && !isUnreachable(error)) throw error;
    if (isOfTheDisk(error)) throw error;
    return { again: reason(error) };
  } finally {
    watch.stop();
  }
}

/** Whether the body goes on where the file ends; a server that ignores ranges sends all of it, so the file begins anew. */
async function isContinuation(response: Response, target: Target, file: HubFile): Promise<boolean> {
  if (response.status === 200) {
    if (target.receivedBytes > 0) await target.restart();
    return true;
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  return (
    response.status === 206 &&
    range !== null &&
    Number(range[1]) === target.receivedBytes &&
    (range[2] === '*' || Number(range[2]) === file.sizeBytes)
  );
}

/** Errors of writing have a system call, those of the network end in undici. */
const isOfTheDisk = (error: unknown): boolean =>
  error instanceof Error &&
  'syscall' in error &&
  ['open', 'write', 'ftruncate', 'fsync'].includes(`${error.syscall}`);

/** The growing file and the hash of what is in it. */
interface Target {
  readonly handle: FileHandle;
  readonly receivedBytes: number;
  write(piece: Uint8Array): Promise<void>;
  restart(): Promise<void>;
  digest(): string;
}

async function openTarget(path: string, { file, onReceived }: Transfer): Promise<Target> {
  const handle = await open(path, 'a+');
  let hash = startHash(file);
  let receivedBytes = (await handle.stat()).size;
  const target: Target = {
    handle,
    get receivedBytes() {
      return receivedBytes;
    },
    async write(piece) {
      await handle.writeFile(piece);
      hash.update(piece);
      receivedBytes += piece.length;
      onReceived(receivedBytes);
    },
    async restart() {
      await handle.truncate(0);
      hash = startHash(file);
      receivedBytes = 0;
      onReceived(0);
    },
    digest: () => hash.copy().digest('hex'),
  };
  onReceived(receivedBytes);
  if (receivedBytes > file.sizeBytes) await target.restart();
  else if (receivedBytes > 0)
    for await (const piece of handle.createReadStream({ start: 0, autoClose: false })) hash.update(piece);
  return target;
}

const startHash = ({ digest, sizeBytes }: HubFile): Hash =>
  digest.algorithm === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${sizeBytes}\0`);

/** Whether a file in the cache is what its name says. */
export async function hasDigest(path: string, file: HubFile): Promise<boolean> {
  const hash = startHash(file);
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece);
  return hash.digest('hex') === file.digest.hex;
}
