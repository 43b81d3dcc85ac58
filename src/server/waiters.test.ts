import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { FileQueue } from '../jobs/file-queue.ts';
import { defaultLimits, enqueue, type ServerContext } from './context.ts';
import { Waiters } from './waiters.ts';

const recipe = { experiment: 'sample', params: {} };

/** Servers that share one queue, with nobody who works. */
async function servers() {
  const folder = await mkdtemp(join(tmpdir(), 'campanile-waiters-'));
  const queue = await FileQueue.open(folder);
  onTestFinished(async () => {
    await queue.close();
    await rm(folder, { recursive: true });
  });
  const server = () => {
    const waiters = new Waiters(queue, 10);
    const info = () => ({ engine: 'engine' });
    const context = { queue, waiters, info, limits: defaultLimits } as unknown as ServerContext;
    /** A client of a synchronous door; what is returned is its leaving. */
    const wait = async () => {
      const { job, created } = await enqueue(context, recipe);
      return waiters.enter(job, created);
    };
    return { context, wait };
  };
  const state = async () => (await queue.list({ limit: 1 })).jobs[0]?.state;
  return { queue, here: server(), there: server(), state };
}

test('what clients of one server wait for ends with the last of them', async () => {
  const { here, state } = await servers();
  const [first, second] = [await here.wait(), await here.wait()];
  await first();
  expect(await state()).toBe('queued');
  await second();
  expect(await state()).toBe('cancelled');
});

test('what a client of another server waits for, too, goes on, whoever leaves first', async () => {
  for (const order of [0, 1]) {
    const { here, there, state } = await servers();
    const leaving = [await here.wait(), await there.wait()];
    await leaving[order]!();
    expect(await state()).toBe('queued');
  }
});

test('what was asked of another server as a job goes on', async () => {
  const { here, there, state } = await servers();
  const leave = await here.wait();
  expect((await enqueue(there.context, recipe)).created).toBe(false);
  await leave();
  expect(await state()).toBe('queued');
});

test('who comes to another server when the last has just left has it done anew', async () => {
  const { queue, here, there, state } = await servers();
  const leave = await here.wait();
  const tie = vi.spyOn(queue, 'tie');
  const cancel = queue.cancel.bind(queue);
  let coming: Promise<() => Promise<void>> | undefined;
  vi.spyOn(queue, 'cancel').mockImplementationOnce(async (id) => {
    coming = there.wait();
    await vi.waitFor(() => expect(tie).toHaveBeenCalledTimes(2));
    return cancel(id);
  });
  await leave();
  const next = await coming!;
  expect(await state()).toBe('queued');
  await next();
  expect(await state()).toBe('cancelled');
});
