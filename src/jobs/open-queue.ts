import { QueueError } from '../errors.ts';
import type { JobQueue } from './queue.ts';

/**
 * @param url  absent or a folder: files; `redis://…`, `rediss://…`, `postgres://…`: BullMQ
 * @param stateDir  folder of the file queue when `url` is absent
 * @throws {QueueError} when it cannot be reached, or another server owns the folder
 */
export async function openQueue(url: string | undefined, stateDir: string): Promise<JobQueue> {
  if (url && /^(rediss?|postgres(ql)?):\/\//.test(url)) {
    const { BullmqQueue } = await import('./bullmq-queue.ts');
    return BullmqQueue.open(url);
  }
  if (url && /^[a-z]+:\/\//i.test(url)) {
    throw new QueueError(
      'queue-url',
      `a queue at redis:// or postgres:// was expected, found ${url.split(':')[0]}://`,
      {
        status: 400,
      },
    );
  }
  const { FileQueue } = await import('./file-queue.ts');
  return FileQueue.open(url ?? stateDir);
}
