import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWhole, SHARED, writeWhole } from './whole.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campanile-whole-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a file is made once, or written over as a whole, and nothing is left beside it', async () => {
  const path = join(folder, 'made');
  expect(await createWhole(path, 'first')).toBe(true);
  expect(await createWhole(path, 'second')).toBe(false);
  expect(await readFile(path, 'utf8')).toBe('first');
  await writeWhole(path, 'third');
  expect(await readFile(path, 'utf8')).toBe('third');
  expect(await readdir(folder)).toEqual(['made']);
});

test('a name may be as long as the disk allows', async () => {
  const path = join(folder, 'n'.repeat(255));
  await writeWhole(path, 'x');
  expect(await readFile(path, 'utf8')).toBe('x');
});

test.skipIf(process.platform === 'win32')(
  "a file is its owner's alone unless it is said to be shared",
  async () => {
    const mask = process.umask(0o022);
    try {
      for (const [name, options, mode] of [
        ['own', undefined, 0o600],
        ['shared', { mode: SHARED }, 0o644],
      ] as const) {
        await writeWhole(join(folder, name), 'x', options);
        expect((await stat(join(folder, name))).mode & 0o777).toBe(mode);
      }
    } finally {
      process.umask(mask);
    }
  },
);
