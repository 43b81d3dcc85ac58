import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheFolder } from './cache-folder.ts';

test.each([
  ['CAMPANILE_CACHE stands above all', { CAMPANILE_CACHE: '/c', XDG_CACHE_HOME: '/x' }, 'linux', '/c'],
  ['XDG_CACHE_HOME', { XDG_CACHE_HOME: '/x' }, 'linux', join('/x', 'campanile')],
  ['an empty variable is none', { XDG_CACHE_HOME: '' }, 'linux', join(homedir(), '.cache', 'campanile')],
  ['the folder of a Mac', {}, 'darwin', join(homedir(), 'Library', 'Caches', 'campanile')],
  ['the folder of Windows', { LOCALAPPDATA: '/l' }, 'win32', join('/l', 'campanile')],
] as const)('the cache lies where the system wants it: %s', (_, env, platform, folder) => {
  expect(cacheFolder(env, platform)).toBe(folder);
});
