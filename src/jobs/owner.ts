import { join } from 'node:path';
import { QueueError } from '../errors.ts';
import { tryLock } from '../files/lock.ts';

/**
 * Makes this process the only one that may use a folder, by the file `owner.json` in it. The file of a process that has
 * died is taken over; an owner on another machine that shares the folder cannot be asked, and counts as living.
 *
 * @returns gives the folder free again
 * @throws {QueueError} `owned` when a living process has it
 */
export async function own(folder: string): Promise<() => Promise<void>> {
  const taken = await tryLock(join(folder, 'owner.json'));
  if ('release' in taken) return taken.release;
  const { pid = 'unknown', host = 'this machine' } = taken.heldBy ?? {};
  throw new QueueError('owned', `another campanile uses ${folder} (process ${pid} on ${host})`, {
    hint: 'stop it, or give this one another folder with --state; several servers share a queue with --queue redis://…',
    status: 503,
  });
}
