import { expect, test } from 'vitest';
import { isMissing } from '../files.ts';
import { keptInMemory } from '../memory.ts';
import { files } from './files.ts';

test('the common folder is the deepest one above all files', () => {
  expect(files.commonFolder(['/a/b/c', '/a/b/d'])).toBe('/a/b');
  expect(files.commonFolder(['/a/b/c/e', '/a/b/d'])).toBe('/a/b');
  expect(files.commonFolder(['/a/b', '/c'])).toBe('/');
});

test('files kept in memory are read like files on a disk', async () => {
  const folder = keptInMemory('a folder', {
    'a.txt': new TextEncoder().encode('häuser'),
    'b/c': new Blob(['12']),
  });
  expect(await files.names(folder)).toEqual(['a.txt', 'b']);
  expect(await files.names(files.join(folder, 'b'))).toEqual(['c']);
  expect(await files.text(files.join(folder, 'a.txt'))).toBe('häuser');
  const opened = await files.open(files.join(folder, 'b', 'c'));
  expect([opened.bytes, await opened.read(1, 5)]).toEqual([2, Uint8Array.of(50)]);
  await expect(files.read(files.join(folder, 'd'))).rejects.toSatisfy(isMissing);
  keptInMemory('a folder', {});
  await expect(files.names(folder)).rejects.toSatisfy(isMissing);
});
