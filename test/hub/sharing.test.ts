import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OutputError } from '../../src/errors.ts';
import { findModel } from '../../src/hub/find-model.ts';
import { type PullEvent, pullModel } from '../../src/hub/pull.ts';
import { planPull } from '../../src/hub/pull-plan.ts';
import { sha256 } from './mock-hub.ts';
import { compileHub, startPull } from './process.ts';
import {
  allFiles,
  blobs,
  failure,
  gate,
  REPO,
  read,
  sent,
  setUpBench,
  WEIGHTS,
  WEIGHTS_PATH,
} from './setup.ts';

const bench = setUpBench();
const HASH = sha256(WEIGHTS);
let compiled = '';
beforeAll(async () => {
  compiled = await compileHub();
});
afterAll(() => rm(compiled, { recursive: true, force: true }));

const locks = async () => (await allFiles(join(bench.cache, '.locks'))).map((path) => basename(path));

test('two pulls in one process fetch each file once', async () => {
  const folders = await Promise.all([pullModel(REPO, bench.options), pullModel(REPO, bench.options)]);
  expect(folders[0]).toBe(folders[1]);
  expect(sha256(await read(folders[0], WEIGHTS_PATH))).toBe(HASH);
  expect(sent(bench, HASH)).toBe(WEIGHTS.length);
});

test('two processes at once fetch each file once, and both end well', async () => {
  const held = gate();
  bench.hub.fault = (path) =>
    path === WEIGHTS_PATH ? { pauseAfter: 900_000, until: held.until } : undefined;
  const pulls = [startPull(compiled, REPO, bench.env), startPull(compiled, REPO, bench.env)];
  const ends = await Promise.all(
    pulls.map(async ({ lines }) => {
      let end = '';
      for await (const line of lines) {
        if (line.includes('"wait"')) held.open();
        end = line;
      }
      return JSON.parse(end);
    }),
  );
  expect(ends).toEqual([
    { type: 'end', folder: expect.any(String) },
    { type: 'end', folder: expect.any(String) },
  ]);
  expect(sha256(await read(ends[0].folder, WEIGHTS_PATH))).toBe(HASH);
  expect(sent(bench, HASH)).toBe(WEIGHTS.length);
  expect(await locks()).toEqual([]);
});

test('after kill -9 the next pull goes on from what the dead one had', async () => {
  bench.hub.fault = (path, nth) =>
    path === WEIGHTS_PATH && nth === 1 ? { pauseAfter: 900_000, until: new Promise(() => {}) } : undefined;
  const { child, lines } = startPull(compiled, REPO, bench.env);
  for await (const line of lines) {
    const event: PullEvent = JSON.parse(line);
    if (event.type === 'progress' && event.receivedBytes >= 900_000) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  expect(await locks()).toContain(`${HASH}.campanile`);
  expect(await blobs(bench)).not.toContain(HASH);
  await expect(findModel(REPO, { env: bench.env })).rejects.toMatchObject({ code: 'model-absent' });

  const folder = await pullModel(REPO, bench.options);
  expect(sha256(await read(folder, WEIGHTS_PATH))).toBe(HASH);
  const resumed = bench.hub.seen.filter(({ server, range }) => server === 'store' && range);
  expect(Number(resumed[0]?.range?.match(/\d+/)?.[0])).toBeGreaterThan(800_000);
  expect((await blobs(bench)).filter((name) => name.endsWith('.incomplete'))).toEqual([]);
  expect(await locks()).not.toContain(`${HASH}.campanile`);
});

test('a cache that cannot be written is named, with the way out', async () => {
  await mkdir(bench.cache);
  await writeFile(join(bench.cache, 'models--DeepFloyd--IF-I-M-v1.0'), 'a file in the place of the folder');
  const error = await failure(pullModel(REPO, bench.options));
  expect(error).toBeInstanceOf(OutputError);
  expect(error.code).toBe('cache-not-writable');
  expect(error.message).toContain(bench.cache);
  expect(error.hint).toContain('HF_HUB_CACHE');
});

/** A disk of one's own, where the system lets us make one. */
function mountDisk(folder: string, options: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('a complete copy on a disk that is read-only is used, an incomplete one is an error', async ({
  skip,
}) => {
  await mkdir(bench.cache);
  if (!mountDisk(bench.cache, 'size=16m')) skip('this user may not mount a disk');
  try {
    const folder = await pullModel(REPO, bench.options);
    execFileSync('mount', ['-o', 'remount,ro', bench.cache]);
    expect(await pullModel(REPO, bench.options)).toBe(folder);
    const error = await failure(pullModel(REPO, { ...bench.options, text: true }));
    expect(error).toMatchObject({
      code: 'cache-not-writable',
      message: expect.stringContaining('read-only file system'),
    });
  } finally {
    execFileSync('umount', [bench.cache]);
  }
});

test('a disk that fills up under way keeps what has arrived', async ({ skip }) => {
  await mkdir(bench.cache);
  if (!mountDisk(bench.cache, 'size=2m')) skip('this user may not mount a disk');
  try {
    const options = { ...bench.options, freeBytes: async () => 1e12 };
    const error = await failure(pullModel(REPO, options));
    expect(error).toBeInstanceOf(OutputError);
    expect(error.code).toBe('disk-full');
    expect((await planPull(REPO, bench.options)).presentBytes).toBeGreaterThan(1_000_000);
    execFileSync('mount', ['-o', 'remount,size=16m', bench.cache]);
    const folder = await pullModel(REPO, bench.options);
    expect(sha256(await read(folder, WEIGHTS_PATH))).toBe(HASH);
  } finally {
    execFileSync('umount', [bench.cache]);
  }
});

test('too little space is said before anything is fetched', async () => {
  const error = await failure(pullModel(REPO, { ...bench.options, freeBytes: async () => 1_000_000 }));
  expect(error).toBeInstanceOf(OutputError);
  expect(error.message).toContain('3.00 MB are to be fetched, 1.00 MB are free');
  expect(bench.hub.seen.filter(({ sentBytes }) => sentBytes > 0)).toEqual([]);
  expect(await readdir(bench.folder)).toEqual([]);
});

test('offline, a complete copy is used without a word to the hub', async () => {
  const folder = await pullModel(REPO, bench.options);
  const before = bench.hub.seen.length;
  const env = { ...bench.env, HF_HUB_OFFLINE: '1' };
  expect(await pullModel(REPO, { ...bench.options, env })).toBe(folder);
  expect(bench.hub.seen.length).toBe(before);
  expect(bench.events.at(-1)).toMatchObject({ type: 'offline', folder });
});

test('offline without a copy, the error says which command will help', async () => {
  const env = { ...bench.env, HF_HUB_OFFLINE: '1' };
  const error = await failure(pullModel(REPO, { env, text: true }));
  expect(error.code).toBe('offline');
  expect(error.hint).toContain(`campanile model pull ${REPO} --text`);
  expect((await failure(planPull(REPO, { env }))).code).toBe('offline');
});

test('a hub that cannot be reached is no obstacle to a complete copy, and one to an absent one', async () => {
  const env = { ...bench.env, HF_ENDPOINT: 'http://127.0.0.1:1' };
  const error = await failure(pullModel(REPO, { ...bench.options, env }));
  expect(error).toMatchObject({
    code: 'offline',
    message: expect.stringContaining('cannot reach http://127.0.0.1:1'),
  });
  const folder = await pullModel(REPO, bench.options);
  expect(await pullModel(REPO, { ...bench.options, env })).toBe(folder);
});
