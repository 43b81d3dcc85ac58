import { createHash, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { isFinal, type Job, type JobEvent, type Outcome } from '../../src/jobs/job.ts';
import type { Claim, Handler, JobQueue } from '../../src/jobs/queue.ts';

export const idOf = (name: string) => createHash('sha256').update(name).digest('hex');
export const recipeOf = (name: string) => ({ experiment: 'fake', params: { name } });
export const DONE: Outcome = { type: 'done', figures: [], cached: false, seconds: 0 };
export const newId = () => idOf(randomUUID());

/** The events of a job to its end. */
export async function eventsOf(queue: JobQueue, id: string, since = 0): Promise<JobEvent[]> {
  const events: JobEvent[] = [];
  for await (const event of queue.events(id, since, AbortSignal.timeout(200_000))) events.push(event);
  return events;
}

export async function ended(queue: JobQueue, id: string): Promise<Job> {
  const events = await eventsOf(queue, id);
  expect(isFinal(events.at(-1)?.type ?? 'nothing')).toBe(true);
  return (await queue.get(id))!;
}

/** Waits for the first event of a kind. */
export async function until(queue: JobQueue, id: string, type: JobEvent['type']): Promise<JobEvent> {
  for await (const event of queue.events(id, 0, AbortSignal.timeout(200_000)))
    if (event.type === type) return event;
  throw new Error(`the job ended without "${type}"`);
}

/** Runs until it is interrupted. */
export const untilInterrupted = ({ signal }: Claim) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });

/** A queue under test, and who works it. */
export interface QueueBench {
  readonly queue: JobQueue;
  begin(handler: Handler, options?: { concurrency?: number; pauseMs?: number; graceMs?: number }): void;
}
