import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OutputError } from '../errors.ts';
import { formatBytes } from '../words.ts';
import { isDiskFull, systemWords } from '../writing.ts';

const CLOSED = new Set([
  'EROFS',
  'EACCES',
  'EPERM',
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'ENOENT',
  'ELOOP',
  'EMFILE',
  'EIO',
]);

/** Says what a failure of the file system means for the cache; anything else comes back as it is. */
export function diskFailure(error: unknown, cacheFolder: string): unknown {
  if (isDiskFull(error))
    return new OutputError('disk-full', `no space left for the cache ${cacheFolder}`, {
      hint: 'what has arrived is kept: make room, or set HF_HUB_CACHE to a larger disk, and run the same command again',
      cause: error,
    });
  const failure = error as NodeJS.ErrnoException | undefined;
  if (!CLOSED.has(failure?.code ?? '')) return error;
  const words = systemWords(failure!);
  return new OutputError('cache-not-writable', `cannot write to the cache ${cacheFolder}: ${words}`, {
    hint: 'set HF_HUB_CACHE to a folder that this user may write',
    cause: error,
  });
}

/** Bytes that this user may still write at `folder`, or where it would be made; infinite when the system does not say. */
export async function freeBytes(folder: string): Promise<number> {
  for (let path = folder; ; path = dirname(path)) {
    const there = await stat(path).catch(() => undefined);
    if (!there && path !== dirname(path)) continue;
    const disk = await statfs(path).catch(() => undefined);
    return disk ? disk.bavail * disk.bsize : Number.POSITIVE_INFINITY;
  }
}

/** Room for the file system's own bookkeeping. */
const MARGIN = 1.01;

/** @throws {OutputError} `disk-full`, before anything is fetched */
export async function checkSpace(folder: string, neededBytes: number, free = freeBytes): Promise<void> {
  if (neededBytes === 0) return;
  const there = await free(folder);
  if (there >= neededBytes * MARGIN) return;
  throw new OutputError(
    'disk-full',
    `${formatBytes(neededBytes)} are to be fetched, ${formatBytes(there)} are free at ${folder}`,
    { hint: 'make room, or set HF_HUB_CACHE to a folder on a larger disk' },
  );
}
