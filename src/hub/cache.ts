/**
 * The cache of huggingface_hub, shared with it file by file (huggingface.co/docs/hub/local-cache):
 *
 *     models--owner--name/blobs/<hash>                 content, named by what it is
 *     models--owner--name/snapshots/<commit>/<path>    relative links into blobs
 *     models--owner--name/refs/<revision>              the commit a branch or tag stood at
 *     .locks/models--owner--name/                      who is fetching what
 *
 * While it arrives, a blob is `blobs/<hash>.<owner>.incomplete`; it gets its name after it has been checked.
 */
import { randomBytes } from 'node:crypto';
import {
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { SHARED, writeWhole } from '../files/whole.ts';
import { isCommit } from './names.ts';

export interface RepoCache {
  /** The folder of all models. */
  readonly root: string;
  readonly blobs: string;
  readonly snapshots: string;
  readonly locks: string;
  readonly refs: string;
}

/** @param repo  `owner/name`, checked */
export function repoCache(root: string, repo: string): RepoCache {
  const name = `models--${repo.replace('/', '--')}`;
  const folder = join(root, name);
  return {
    root,
    blobs: join(folder, 'blobs'),
    snapshots: join(folder, 'snapshots'),
    locks: join(root, '.locks', name),
    refs: join(folder, 'refs'),
  };
}

/** Size of a file or of what a link leads to; undefined when there is none. */
export async function fileSize(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}

/** Makes the folders of a repository, and the tag by which backup programs know that this is a cache. */
export async function prepareCache(cache: RepoCache, commit: string): Promise<void> {
  for (const folder of [cache.blobs, cache.locks, join(cache.snapshots, commit)])
    await mkdir(folder, { recursive: true });
  const signature = 'Signature: 8a477f597d28d172789f06886806bc55\n# https://bford.info/cachedir/\n';
  await writeFile(join(cache.root, 'CACHEDIR.TAG'), signature, { flag: 'wx' }).catch(() => {});
}

/** Puts a blob into the snapshot of a commit under the name it has in the repository. */
export async function linkIntoSnapshot(
  cache: RepoCache,
  commit: string,
  path: string,
  hex: string,
): Promise<void> {
  const blob = join(cache.blobs, hex);
  const name = join(cache.snapshots, commit, ...path.split('/'));
  await mkdir(dirname(name), { recursive: true });
  // Made aside and renamed, so that nobody finds the name missing while it changes.
  const aside = `${name}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    // Windows lets only some users make symbolic links, some file systems know none at all: the content counts.
    await symlink(relative(dirname(name), blob), aside)
      .catch(() => link(blob, aside))
      .catch(() => copyFile(blob, aside));
    await rename(aside, name);
  } finally {
    await rm(aside, { force: true });
  }
}

/** The commit that a branch or tag stood at when it was last fetched; a commit stands for itself. */
export async function readRef(cache: RepoCache, revision: string): Promise<string | undefined> {
  if (isCommit(revision)) return revision;
  const text = await readFile(join(cache.refs, ...revision.split('/')), 'utf8').catch(() => '');
  return isCommit(text.trim()) ? text.trim() : undefined;
}

export async function writeRef(cache: RepoCache, revision: string, commit: string): Promise<void> {
  if ((await readRef(cache, revision)) === commit) return;
  const name = join(cache.refs, ...revision.split('/'));
  await mkdir(dirname(name), { recursive: true });
  await writeWhole(name, commit, { mode: SHARED });
}

/** All files below a folder, with `/`, as the hub would list them. */
export async function listFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  return entries.map((path) => path.split(sep).join('/')).sort();
}
