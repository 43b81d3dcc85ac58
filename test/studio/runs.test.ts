import { beforeEach, describe, expect, test } from 'vitest';
import type { Job, JobEvent, StepEvent } from '../../src/server/api-types.ts';
import { learn, liveAnew, runs, tell } from '../../studio/runs.ts';

const job: Job = {
  id: 'a'.repeat(64),
  state: 'queued',
  attempt: 0,
  recipe: { experiment: 'any', params: {} },
  createdAt: '2026-01-01T00:00:00.000Z',
  progress: { done: 0, total: 0 },
  figures: [],
};
const picture = { object: 'o', url: '/v1/objects/o', width: 64, height: 64 };
const common = (seq: number, attempt: number) => ({
  seq,
  attempt,
  job: job.id,
  at: '2026-01-01T00:00:01.000Z',
});
const step = (seq: number, index: number, attempt = 1): JobEvent & StepEvent => ({
  ...common(seq, attempt),
  type: 'step',
  stage: 'base',
  calls: 66,
  label: 'walk',
  index,
  count: 9,
  t: 990 - index * 30,
  tNext: 960 - index * 30,
  batch: 1,
  x: picture,
  x0: picture,
  progress: { done: index + 1, total: 9 },
});
const now = () => runs.get().get(job.id)!;
const indices = () => now().walks.flatMap(({ steps }) => steps.map(({ index }) => index));

describe('what a job tells', () => {
  beforeEach(() => {
    runs.set(new Map());
    learn(job);
  });

  test('past and present are sewn together where both tell of the same event', () => {
    tell(step(5, 3), 'live');
    expect(tell(step(3, 1), 'replay')).toBe(false);
    expect(tell(step(4, 2), 'replay')).toBe(false);
    expect(tell(step(5, 3), 'replay')).toBe(true);
    tell(step(6, 4), 'live');
    expect(indices()).toEqual([1, 2, 3, 4]);
  });

  test('after the stream was lost the replay has to reach what it tells now', () => {
    tell(step(3, 1), 'live');
    liveAnew();
    expect(tell(step(3, 1), 'replay')).toBe(false);
    expect(tell(step(4, 2), 'replay')).toBe(false);
    tell(step(5, 3), 'live');
    expect(tell(step(5, 3), 'replay')).toBe(true);
    expect(indices()).toEqual([1, 2, 3]);
  });

  test('an attempt that was overtaken is forgotten, and heard no more', () => {
    tell(step(3, 0, 1), 'live');
    tell(step(4, 1, 1), 'live');
    tell(step(9, 0, 2), 'live');
    tell(step(5, 2, 1), 'live');
    expect(indices()).toEqual([0]);
    expect(now().attempt).toBe(2);
  });

  test('an end is final: a step that comes late does not make it run again', () => {
    tell({ ...common(8, 1), type: 'cancelled' }, 'live');
    tell({ ...common(2, 1), type: 'started', progress: { done: 0, total: 9 } }, 'replay');
    tell(step(3, 0), 'replay');
    expect(now().job.state).toBe('cancelled');
    expect(now().complete).toBe(true);
  });

  test('queued once more it begins anew', () => {
    tell(step(3, 0), 'live');
    tell({ ...common(4, 1), type: 'failed', error: { code: 'x', message: 'y' } }, 'live');
    learn({ ...job, state: 'queued', attempt: 1 });
    expect(now().walks).toEqual([]);
    expect(now().job.error).toBeUndefined();
  });

  test('what the server said before the events does not undo them', () => {
    tell(step(3, 0), 'live');
    tell({ ...common(4, 1), type: 'done', figures: [], cached: false, seconds: 1 }, 'live');
    learn({ ...job, state: 'running', attempt: 1 });
    learn(job);
    expect(now().job.state).toBe('done');
    expect(indices()).toEqual([0]);
  });

  test('figures come once, in the order in which they were made', () => {
    const figure = { ...picture, id: '1', row: '', column: 'a' };
    for (const id of ['1', '2', '1'])
      tell({ ...common(Number(id), 1), type: 'figure', figure: { ...figure, id } }, 'live');
    expect(now().job.figures.map(({ id }) => id)).toEqual(['1', '2']);
  });
});
