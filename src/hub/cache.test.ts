import { lstat, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { linkIntoSnapshot, prepareCache, readRef, repoCache, writeRef } from './cache.ts';

const refused = vi.hoisted(() => new Set<string>());
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const unless = <T extends (...args: never[]) => Promise<unknown>>(name: string, work: T) =>
    ((...args: Parameters<T>) =>
      refused.has(name) ? Promise.reject(new Error(`${name} is not permitted`)) : work(...args)) as T;
  return { ...real, symlink: unless('symlink', real.symlink), link: unless('link', real.link) };
});
afterEach(() => refused.clear());

const COMMIT = 'a'.repeat(40);
const HEX = 'b'.repeat(64);

async function cacheWithBlob() {
  const cache = repoCache(await mkdtemp(join(tmpdir(), 'campanile-cache-')), 'owner/name');
  await prepareCache(cache, COMMIT);
  await writeFile(join(cache.blobs, HEX), 'content');
  return cache;
}

test.each([
  ['a symbolic link', [], (name: string) => lstat(name).then((found) => found.isSymbolicLink())],
  [
    'a second name of the file where links are refused',
    ['symlink'],
    (name: string) => lstat(name).then(({ nlink }) => nlink === 2),
  ],
  [
    'a copy where there is nothing else',
    ['symlink', 'link'],
    (name: string) => lstat(name).then(({ nlink }) => nlink === 1),
  ],
])('a snapshot holds %s', async (_, without, isIt) => {
  const cache = await cacheWithBlob();
  for (const name of without) refused.add(name);
  for (let twice = 0; twice < 2; twice++) await linkIntoSnapshot(cache, COMMIT, 'unet/config.json', HEX);
  const folder = join(cache.snapshots, COMMIT, 'unet');
  expect(await readFile(join(folder, 'config.json'), 'utf8')).toBe('content');
  expect(await isIt(join(folder, 'config.json'))).toBe(true);
  expect(await readdir(folder)).toEqual(['config.json']);
});

test('a link that leads nowhere is replaced', async () => {
  const cache = await cacheWithBlob();
  await symlink('gone', join(cache.snapshots, COMMIT, 'config.json'));
  await linkIntoSnapshot(cache, COMMIT, 'config.json', HEX);
  expect(await readFile(join(cache.snapshots, COMMIT, 'config.json'), 'utf8')).toBe('content');
});

test('a branch stands for its commit, also one with a slash; a commit stands for itself', async () => {
  const cache = await cacheWithBlob();
  await writeRef(cache, 'refs/pr/1', COMMIT);
  await writeRef(cache, COMMIT, COMMIT);
  expect(await readRef(cache, 'refs/pr/1')).toBe(COMMIT);
  expect(await readRef(cache, 'main')).toBeUndefined();
  expect(await readdir(cache.refs)).toEqual(['refs']);
  await writeFile(join(cache.refs, 'main'), '../../../../etc');
  expect(await readRef(cache, 'main')).toBeUndefined();
});
