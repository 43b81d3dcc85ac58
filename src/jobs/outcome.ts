import type { Job, Outcome } from './job.ts';

/** The final event that a job's final state speaks of. */
export function outcomeOf(job: Job): Outcome {
  if (job.state === 'failed')
    return { type: 'failed', error: job.error ?? { code: 'internal', message: 'unknown' } };
  if (job.state === 'cancelled') return { type: 'cancelled' };
  const seconds = (Date.parse(job.finishedAt ?? '') - Date.parse(job.startedAt ?? '')) / 1000;
  return {
    type: 'done',
    figures: job.figures,
    cached: false,
    seconds: Number.isFinite(seconds) ? seconds : 0,
  };
}
