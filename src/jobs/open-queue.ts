import { QueueError } from '../errors.ts';
import type { JobQueue } from './queue.ts';

/**
 * @param url  absent: files; `redis://…`, `rediss://…`, `postgres://…`: BullMQ
 * @param stateDir  folder of the file queue
 * @throws {QueueError} when it cannot be reached, or another server owns the folder
 */
export async function openQueue(url: string | undefined, stateDir: string): Promise<JobQueue> {
  if (url && /^(rediss?|postgres(ql)?):\/\//.test(url)) {
    const { BullmqQueue } = await import('./bullmq-queue.ts');
    return BullmqQueue.open(url);
  }
  if (url !== undefined) {
    // Of an address no more than its beginning: there may be a password in it.
    const found = /^[a-z]+:\/\//i.exec(url)?.[0] ?? `"${url}"`;
    throw new QueueError('queue-url', `a queue at redis:// or postgres:// was expected, found ${found}`, {
      hint: 'write it as redis://host:6379; leave --queue out for a queue of files',
      status: 400,
    });
  }
  const { FileQueue } = await import('./file-queue.ts');
  return FileQueue.open(stateDir);
}
