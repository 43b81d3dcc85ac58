import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lock, machineId } from '../files/lock.ts';
import { fileSize, type RepoCache } from './cache.ts';
import { hasDigest, type Transfer, transfer } from './transfer.ts';

export interface BlobJob extends Transfer {
  readonly cache: RepoCache;
  /** Read what is already in the cache and compare hashes, instead of sizes alone. */
  readonly verify: boolean;
  /** Another process is fetching this file: we wait for it. */
  readonly onWait: () => void;
}

/**
 * Sees to it that the blob of a file is in the cache, whole and checked. Processes that want the same blob take turns, and
 * one whose turn comes goes on from what others left behind, even those that were killed.
 */
export async function fetchBlob(job: BlobJob): Promise<void> {
  const { cache, file, signal } = job;
  const { hex } = file.digest;
  const blob = join(cache.blobs, hex);
  if (await isThere(blob, job)) return job.onReceived(file.sizeBytes);
  const held = await lock(join(cache.locks, `${hex}.campanile`), signal, job.onWait);
  try {
    // Perhaps the one we waited for has brought it.
    if (await isThere(blob, job)) return job.onReceived(file.sizeBytes);
    const partial = await adoptPartial(cache, hex);
    await transfer(partial, job);
    await rename(partial, blob);
  } finally {
    await held.release();
  }
}

async function isThere(blob: string, { file, verify }: BlobJob): Promise<boolean> {
  const sizeBytes = await fileSize(blob);
  return sizeBytes === file.sizeBytes && (!verify || (await hasDigest(blob, file)));
}

/** `<hash>.<machine>-<pid>.incomplete`: ours alone, and never one of huggingface_hub's, which need not be written in order. */
const ownName = (hex: string): string => `${hex}.${machineId}-${process.pid}.incomplete`;
const PARTIAL = /^(?<hex>[0-9a-f]+)\.[0-9a-f]{8}-\d+\.incomplete$/;

/** The longest of the partial files of this blob under our own name; we hold the lock, so nobody else writes to it. */
async function adoptPartial(cache: RepoCache, hex: string): Promise<string> {
  const own = join(cache.blobs, ownName(hex));
  const partials = await partialsOf(cache, hex);
  const [longest, ...others] = partials;
  if (longest && longest.path !== own) await rename(longest.path, own);
  for (const { path } of others) if (path !== own) await rm(path, { force: true });
  return own;
}

/** Bytes that need not be fetched again. */
export const partialBytes = async (cache: RepoCache, hex: string): Promise<number> =>
  (await partialsOf(cache, hex))[0]?.sizeBytes ?? 0;

async function partialsOf(cache: RepoCache, hex: string): Promise<{ path: string; sizeBytes: number }[]> {
  const names = (await readdir(cache.blobs).catch(() => [])).filter(
    (name) => PARTIAL.exec(name)?.groups?.['hex'] === hex,
  );
  const partials = await Promise.all(
    names.map(async (name) => {
      const path = join(cache.blobs, name);
      return { path, sizeBytes: (await fileSize(path)) ?? 0 };
    }),
  );
  return partials.sort((a, b) => b.sizeBytes - a.sizeBytes);
}
