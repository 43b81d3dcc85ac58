import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive, lock, machineId } from './lock.ts';

const lockFile = async () => join(await mkdtemp(join(tmpdir(), 'campanile-lock-')), 'a.lock');
const never = () => {
  throw new Error('nobody should have to wait');
};
const note = (machine: string, pid: number) => JSON.stringify({ machine, pid, nonce: '0' });
/** The number of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

test('the second holder comes after the first', async () => {
  const path = await lockFile();
  const order: string[] = [];
  const first = await lock(path, undefined, never);
  const second = lock(path, undefined, () => {
    order.push('waits');
    first.release().then(() => order.push('released'));
  });
  await (await second).release();
  expect(order).toEqual(['waits', 'released']);
  expect(await readdir(dirname(path))).toEqual([]);
});

test('the lock of a process that has ended is taken over', async () => {
  const path = await lockFile();
  await writeFile(path, note(machineId, deadPid()));
  const held = await lock(path, undefined, never);
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ machine: machineId, pid: process.pid });
  await held.release();
});

test('a lock of another machine is respected while it is fresh, and taken over when it is stale', async () => {
  const path = await lockFile();
  await writeFile(path, note('00000000', deadPid()));
  const stop = new AbortController();
  await expect(lock(path, stop.signal, () => stop.abort())).rejects.toThrow('abort');
  await utimes(path, new Date(0), new Date(0));
  await (await lock(path, undefined, never)).release();
});

test('a lock file without sense is respected until it is stale', async () => {
  const path = await lockFile();
  await writeFile(path, '');
  const stop = new AbortController();
  await expect(lock(path, stop.signal, () => stop.abort())).rejects.toThrow('abort');
});

test('who has lost the lock does not release that of another', async () => {
  const path = await lockFile();
  const held = await lock(path, undefined, never);
  await writeFile(path, note('11111111', 1));
  await held.release();
  expect(await readFile(path, 'utf8')).toBe(note('11111111', 1));
});

test('this process lives, and one that has ended does not', () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(deadPid())).toBe(false);
});
