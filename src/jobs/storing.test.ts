import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeWhole } from '../files/whole.ts';
import { createServer } from '../server/serve.ts';
import { FileQueue } from './file-queue.ts';
import { FolderStore } from './store.ts';
import { inState } from './storing.ts';
import { work } from './work.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campanile-durable-'));
  file = join(folder, 'file');
  await writeFile(file, 'here before');
});
afterAll(() => rm(folder, { recursive: true }));

const environment = { module: 'none', settings: {} };
const nowhere = { experiments: [], environment, port: 0, version: '0.0.0' };

test.each<[string, (below: string) => Promise<unknown>]>([
  ['a queue of files', (below) => FileQueue.open(below)],
  ['a store', (below) => FolderStore.open(below)],
  ['a server', (stateDir) => createServer({ ...nowhere, stateDir })],
  ['a file', (below) => writeWhole(below, 'x', inState)],
])('%s that cannot be written is told in the words of the system, with a way out', async (_, open) => {
  await expect(open(join(file, 'below'))).rejects.toMatchObject({
    code: 'cannot-write',
    message: expect.stringMatching(/^cannot write .*below.*: not a directory$/),
    hint: expect.stringContaining('--state'),
  });
});

test('a queue that could not be opened has given its folder back', async () => {
  const state = join(folder, 'state');
  await mkdir(state);
  await writeFile(join(state, 'jobs'), 'not a folder');
  await expect(FileQueue.open(state)).rejects.toMatchObject({ code: 'cannot-write' });
  expect(await readdir(state)).toEqual(['jobs']);
  await rm(join(state, 'jobs'));
  await (await FileQueue.open(state)).close();
});

test.each([
  ['', /none was given$/],
  ['files', /found "files"$/],
])('a worker with the queue "%s" is told what it needs', async (queue, message) => {
  const stop = AbortSignal.abort();
  await expect(work({ queue, store: folder, stateDir: folder, environment }, stop)).rejects.toMatchObject({
    code: 'queue-url',
    message: expect.stringMatching(message),
    hint: expect.stringContaining('--queue redis://'),
  });
});
