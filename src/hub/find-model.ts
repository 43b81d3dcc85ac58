import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CheckpointError, DownloadError } from '../errors.ts';
import { fileSize, listFolder, type RepoCache, readRef, repoCache } from './cache.ts';
import { checkRevision, isRepoId, printable } from './names.ts';
import { type Selection, selectFiles } from './selection.ts';
import { type HubEnvironment, hubSettings } from './settings.ts';

/**
 * The folder of a model on this machine: a folder is itself, `owner/name` or `owner/name@revision` is looked up in the hub's
 * cache. Without a revision it is what `main` was when it was fetched, else the newest complete copy.
 *
 * Never asks the hub.
 *
 * @param selection  what the folder must hold to be taken from the cache; the network by default
 * @throws {CheckpointError} `model-absent`, with the command that fetches it
 */
export async function findModel(
  nameOrFolder: string,
  { env = process.env, ...selection }: Selection & { readonly env?: HubEnvironment } = {},
): Promise<string> {
  const folder = await stat(nameOrFolder).catch(() => undefined);
  if (folder?.isDirectory()) return resolve(nameOrFolder);
  const [repo = '', revision] = nameOrFolder.split('@');
  if (!isRepoId(repo))
    throw new CheckpointError('model-absent', `there is no folder ${printable(nameOrFolder)}`, {
      hint: 'give the folder that holds model_index.json, or a name of the hub such as DeepFloyd/IF-I-M-v1.0',
    });
  const { cacheFolder } = hubSettings(env);
  const found = await cachedSnapshot(repoCache(cacheFolder, repo), revision, selection);
  if (found) return found;
  throw new CheckpointError(
    'model-absent',
    `${nameOrFolder} is not in the cache ${cacheFolder}, or not all of it`,
    {
      hint: `run: ${pullLine(repo, revision, selection)}`,
    },
  );
}

/** The command line that fetches what is asked for. */
export const pullLine = (repo: string, revision: string | undefined, { text }: Selection): string =>
  [
    `campanile model pull ${repo}`,
    revision && revision !== 'main' ? `--revision ${revision}` : '',
    text === 'only' ? '--text-only' : text ? '--text' : '',
  ]
    .filter(Boolean)
    .join(' ');

/** The folder of a snapshot that holds everything `selection` names; undefined when none does. */
export async function cachedSnapshot(
  cache: RepoCache,
  revision: string | undefined,
  selection: Selection,
): Promise<string | undefined> {
  for (const commit of await commitsToTry(cache, revision)) {
    const folder = join(cache.snapshots, commit);
    if (await isComplete(folder, selection)) return folder;
  }
  return undefined;
}

async function commitsToTry(cache: RepoCache, revision: string | undefined): Promise<string[]> {
  const named = await readRef(cache, checkRevision(revision ?? 'main'));
  if (revision !== undefined) return named ? [named] : [];
  const others = await Promise.all(
    (await readdir(cache.snapshots).catch(() => [])).map(async (commit) => ({
      commit,
      changedMs: (await stat(join(cache.snapshots, commit))).mtimeMs,
    })),
  );
  const newestFirst = others.sort((a, b) => b.changedMs - a.changedMs).map(({ commit }) => commit);
  return [...new Set(named ? [named, ...newestFirst] : newestFirst)];
}

/** The same rule that chose the files at the hub is asked about the folder; links must lead somewhere. */
async function isComplete(folder: string, selection: Selection): Promise<boolean> {
  try {
    const files = selectFiles(await listFolder(folder), selection);
    const sizes = await Promise.all(files.map((path) => fileSize(join(folder, path))));
    return sizes.every((size) => size !== undefined);
  } catch (error) {
    if (error instanceof DownloadError) return false;
    throw error;
  }
}
