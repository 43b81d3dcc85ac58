import { join } from 'node:path';
import { DownloadError } from '../errors.ts';
import { askModel, type HubFile, type HubModel, listFiles } from './api.ts';
import { type Asked, fileAddress, licencePage } from './asked.ts';
import { partialBytes } from './blob.ts';
import { fileSize, type RepoCache, repoCache } from './cache.ts';
import { checkRepoId, checkRevision } from './names.ts';
import { gated, refusal } from './refusals.ts';
import { request } from './request.ts';
import { isPassing, type Patience } from './retry.ts';
import { type Selection, selectFiles } from './selection.ts';
import { type HubEnvironment, hubSettings } from './settings.ts';

export interface PullOptions extends Selection, Patience {
  /** A branch, a tag or a commit. Default "main". */
  readonly revision?: string | undefined;
  /** Read every file that is already there and compare its hash. Default false: sizes are compared. */
  readonly verify?: boolean | undefined;
  /** How many files at a time. Default 4. */
  readonly parallel?: number | undefined;
  /** Default `process.env`. */
  readonly env?: HubEnvironment | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PlannedFile extends HubFile {
  /** Of its bytes, those already on this disk. */
  readonly presentBytes: number;
}

/** What a pull would do: everything one wants to know before it starts. */
export interface PullPlan {
  readonly repo: string;
  readonly revision: string;
  readonly commit: string;
  readonly licence: string;
  /** Where the licence is read and accepted. */
  readonly licencePage: string;
  readonly gated: HubModel['gated'];
  /** Why the files cannot be had yet, as the error that `pullModel` would throw; undefined when they can. */
  readonly refusal: Error | undefined;
  readonly files: readonly PlannedFile[];
  readonly totalBytes: number;
  readonly presentBytes: number;
  /** Where the files will be. */
  readonly folder: string;
}

/**
 * Asks the hub what a pull would fetch. Writes nothing.
 *
 * @param repo  `owner/name`
 * @throws {DownloadError} without a connection, for an unknown model or revision, for unsafe names, without safetensors
 */
export async function planPull(repo: string, options: PullOptions = {}): Promise<PullPlan> {
  const settings = hubSettings(options.env);
  const { revision = 'main', signal } = options;
  const asked: Asked = { settings, repo: checkRepoId(repo), revision: checkRevision(revision) };
  if (settings.offline) throw new DownloadError('offline', `${repo}: HF_HUB_OFFLINE forbids asking the hub`);
  const cache = repoCache(settings.cacheFolder, repo);
  const model = await askModel(asked, options, signal);
  const atCommit = { ...asked, revision: model.commit };
  const listed = await listFiles(atCommit, options, signal);
  const selected = new Set(
    selectFiles(
      listed.map(({ path }) => path),
      options,
    ),
  );
  const files = await Promise.all(
    listed
      .filter(({ path }) => selected.has(path))
      .map(async (file) => ({ ...file, presentBytes: await presentBytes(cache, file) })),
  );
  return {
    repo,
    revision,
    commit: model.commit,
    licence: model.licence,
    licencePage: licencePage(asked),
    gated: model.gated,
    refusal: model.gated ? await knock(atCommit, files, signal) : undefined,
    files,
    totalBytes: sum(files.map(({ sizeBytes }) => sizeBytes)),
    presentBytes: sum(files.map(({ presentBytes }) => presentBytes)),
    folder: join(cache.snapshots, model.commit),
  };
}

async function presentBytes(cache: RepoCache, { digest, sizeBytes }: HubFile): Promise<number> {
  const whole = (await fileSize(join(cache.blobs, digest.hex))) === sizeBytes;
  return whole ? sizeBytes : Math.min(sizeBytes, await partialBytes(cache, digest.hex));
}

/** The hub lists a gated model to everybody; whether it hands out the files shows only at the door. */
async function knock(
  asked: Asked,
  files: readonly HubFile[],
  signal?: AbortSignal,
): Promise<Error | undefined> {
  // Cards and licences are handed to everybody; the largest file is one that is not.
  const [largest] = [...files].sort((a, b) => b.sizeBytes - a.sizeBytes);
  if (!largest) return undefined;
  const { path } = largest;
  const { status, headers } = await request(asked.settings, fileAddress(asked, path), {
    method: 'HEAD',
    signal,
    elsewhere: 'tell',
  });
  if (status < 400 || isPassing(status)) return undefined;
  return status === 401 && !asked.settings.token
    ? gated(asked)
    : refusal({ ...asked, path }, status, headers);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
