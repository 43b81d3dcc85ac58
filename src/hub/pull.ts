import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DownloadError } from '../errors.ts';
import { fetchBlob } from './blob.ts';
import { fileSize, linkIntoSnapshot, prepareCache, type RepoCache, repoCache, writeRef } from './cache.ts';
import { checkSpace, diskFailure, type freeBytes } from './disk.ts';
import { cachedSnapshot, pullLine } from './find-model.ts';
import { checkRepoId, checkRevision } from './names.ts';
import { type PlannedFile, type PullOptions, type PullPlan, planPull } from './pull-plan.ts';
import { isUnreachable } from './request.ts';
import { hubSettings } from './settings.ts';
import { type Speed, speedometer } from './speed.ts';

/** What happens during a pull, in this order, `progress` many times. */
export type PullEvent =
  | { readonly type: 'plan'; readonly plan: PullPlan }
  | ({ readonly type: 'progress' } & Speed)
  /** A file goes on or begins anew. */
  | { readonly type: 'retry'; readonly path: string; readonly reason: string }
  /** Another process is fetching the file. */
  | { readonly type: 'wait'; readonly path: string }
  | { readonly type: 'file'; readonly path: string }
  /** The cache was used without asking the hub. */
  | { readonly type: 'offline'; readonly folder: string; readonly reason: string };

export interface PullHooks {
  readonly onEvent?: ((event: PullEvent) => void) | undefined;
  /** Free bytes at a folder. Default: what the system says. */
  readonly freeBytes?: typeof freeBytes | undefined;
}

/**
 * Fetches what campanile needs of a model into the cache that huggingface_hub uses as well. What is there already is not
 * fetched again; a pull that was cut, killed or ran out of disk goes on where it stopped.
 *
 * Without a connection, or with `HF_HUB_OFFLINE`, a complete copy in the cache is good enough.
 *
 * @param repo  `owner/name`
 * @returns the snapshot's folder
 * @throws {DownloadError} refused by the hub, broken off, damaged twice, offline without a copy
 * @throws {OutputError} `disk-full` or `cache-not-writable`
 */
export async function pullModel(repo: string, options: PullOptions & PullHooks = {}): Promise<string> {
  const settings = hubSettings(options.env);
  const cache = repoCache(settings.cacheFolder, checkRepoId(repo));
  const revision = checkRevision(options.revision ?? 'main');
  if (settings.offline) return fromCache(cache, repo, revision, options, 'HF_HUB_OFFLINE is set');
  let plan: PullPlan;
  try {
    plan = await planPull(repo, options);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return fromCache(cache, repo, revision, options, (error as DownloadError).message, error);
  }
  options.onEvent?.({ type: 'plan', plan });
  try {
    if (await isInPlace(plan, options)) {
      // A cache that cannot be written is no reason to fail when nothing is missing.
      await writeRef(cache, revision, plan.commit).catch(() => {});
      return plan.folder;
    }
    if (plan.refusal) throw plan.refusal;
    await checkSpace(cache.root, plan.totalBytes - plan.presentBytes, options.freeBytes);
    await prepareCache(cache, plan.commit);
    await fetchAll(plan, cache, options);
    await writeRef(cache, revision, plan.commit);
  } catch (error) {
    throw diskFailure(error, cache.root);
  }
  return plan.folder;
}

/** Fetches the files, some at a time. The first failure stops the others; what has arrived of them stays. */
async function fetchAll(plan: PullPlan, cache: RepoCache, options: PullOptions & PullHooks): Promise<void> {
  const { onEvent = () => {}, verify = false, parallel = 4 } = options;
  const settings = hubSettings(options.env);
  const asked = { settings, repo: plan.repo, revision: plan.commit };
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const speed = speedometer(plan.totalBytes, plan.presentBytes);

  async function fetchOne(file: PlannedFile): Promise<void> {
    const { path } = file;
    let known = file.presentBytes;
    await fetchBlob({
      ...{ asked, file, cache, verify, signal, patience: options },
      onReceived(receivedBytes) {
        speed.add(receivedBytes - known);
        known = receivedBytes;
        onEvent({ type: 'progress', ...speed.read() });
      },
      onRetry: (reason) => onEvent({ type: 'retry', path, reason }),
      onWait: () => onEvent({ type: 'wait', path }),
    });
    await linkIntoSnapshot(cache, plan.commit, path, file.digest.hex);
    onEvent({ type: 'file', path });
  }

  // Small files first: then a snapshot that was cut short says at least what it is.
  const queue = [...plan.files].sort((a, b) => a.sizeBytes - b.sizeBytes);
  async function work(): Promise<void> {
    for (let file = queue.shift(); file; file = queue.shift()) {
      signal.throwIfAborted();
      await fetchOne(file);
    }
  }
  const failures: unknown[] = [];
  await Promise.all(
    Array.from({ length: Math.max(1, parallel) }, () =>
      work().catch((error) => {
        failures.push(error);
        stop.abort();
      }),
    ),
  );
  options.signal?.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}

async function isInPlace({ files, folder }: PullPlan, { verify }: PullOptions): Promise<boolean> {
  if (verify) return false;
  const sizes = await Promise.all(files.map(({ path }) => fileSize(join(folder, ...path.split('/')))));
  return files.every(({ sizeBytes }, i) => sizes[i] === sizeBytes);
}

async function fromCache(
  cache: RepoCache,
  repo: string,
  revision: string,
  options: PullOptions & PullHooks,
  reason: string,
  cause?: unknown,
): Promise<string> {
  const folder = await cachedSnapshot(cache, revision, options);
  if (folder) {
    options.onEvent?.({ type: 'offline', folder, reason });
    return folder;
  }
  const there = await stat(cache.snapshots).then(
    () => ', and only a part of it is in the cache',
    () => ', and it is not in the cache',
  );
  throw new DownloadError('offline', `${repo} cannot be fetched: ${reason}${there} ${cache.root}`, {
    hint: `with a connection and without HF_HUB_OFFLINE, run: ${pullLine(repo, revision, options)}`,
    cause,
  });
}
