import type { KeptJob, Result, Told } from './bullmq-engine.ts';
import type { Job, JobEvent, Outcome, Progress } from './job.ts';
import { outcomeOf } from './outcome.ts';
import { lostWorker } from './queue.ts';

/** A job as BullMQ has it. */
export interface Known {
  readonly kept: KeptJob;
  /** BullMQ's word. */
  readonly state: string;
}

/** @param events  the ones in its log; needed while it runs, for the figures so far */
export function jobFrom({ kept, state }: Known, events: readonly JobEvent[]): Job {
  const { recipe, createdAt, cancel, marks } = kept.data;
  const job: Job = {
    id: kept.id!,
    recipe,
    state: 'queued',
    attempt: kept.attemptsStarted ?? 0,
    createdAt,
    progress: { done: 0, total: 0 },
    figures: [],
    ...marks,
  };
  const started = kept.processedOn ? { startedAt: new Date(kept.processedOn).toISOString() } : {};
  const finished = {
    finishedAt: kept.returnvalue?.finishedAt ?? new Date(kept.finishedOn ?? 0).toISOString(),
  };
  const { progress = job.progress } = progressOf(kept);
  if (state === 'completed') {
    const { outcome } = kept.returnvalue;
    if (outcome.type === 'cancelled') return { ...job, ...finished, state: 'cancelled', progress };
    const ending = outcome.type === 'done' ? { figures: outcome.figures } : { error: outcome.error };
    return { ...job, ...started, ...finished, state: outcome.type, progress, ...ending };
  }
  if (state === 'failed') {
    const { error } = lostWorker(kept.failedReason) as Extract<Outcome, { type: 'failed' }>;
    return { ...job, ...started, ...finished, state: 'failed', progress, error };
  }
  if (state === 'active') {
    const figures = events.flatMap((event) =>
      event.type === 'figure' && event.attempt === job.attempt ? [event.figure] : [],
    );
    return { ...job, ...started, state: cancel ? 'cancelling' : 'running', progress, figures };
  }
  return cancel ? { ...job, state: 'cancelled', finishedAt: createdAt } : job;
}

/** What was last told of the way the job has come. */
export function progressOf({ progress: told }: KeptJob): { progress?: Progress } {
  const { progress } = (told || {}) as Told;
  return progress ? { progress } : {};
}

export const ended = (outcome: Outcome): Result => ({ outcome, finishedAt: new Date().toISOString() });

/** What is told of the beginning; never written either. */
export const firstEvent = (job: string, at = new Date().toISOString()): JobEvent => ({
  seq: 1,
  job,
  at,
  attempt: 0,
  type: 'queued',
});

/** What is told of the end; never written, so that overtaken workers cannot tell of another. */
export const finalEvent = (kept: KeptJob, job: Job, seq: number): JobEvent => ({
  seq,
  job: job.id,
  at: job.finishedAt ?? job.createdAt,
  attempt: job.attempt,
  ...(kept.returnvalue?.outcome ?? outcomeOf(job)),
});
