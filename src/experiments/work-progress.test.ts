import { afterEach, expect, test, vi } from 'vitest';
import type { ExperimentEvent, Part, Stage } from './experiment.ts';
import { everyExperiment } from './index.ts';
import { WorkProgress } from './work-progress.ts';

const begins = (calls: Part['calls']): ExperimentEvent => ({
  type: 'part-start',
  key: 'part',
  index: 0,
  count: 1,
  calls,
  experiment: everyExperiment[0]!,
  params: {},
});
const ends: ExperimentEvent = { type: 'part-end', key: 'part', reused: false };

function walk(progress: WorkProgress, stage: Stage, count: number, calls: number): void {
  const x = { data: new Float32Array(3), shape: [1, 3, 1, 1] };
  const step = { index: 0, t: 0, tNext: -1, x, x0: x, estimate: { noise: x }, past: [] };
  for (let index = 0; index < count; index++)
    progress.hear({ type: 'step', stage, label: 'same', index, count, calls, step });
}

test('a part that was kept from before counts as done, and is no pace', () => {
  const progress = new WorkProgress([{ calls: { base: 10 } }, { calls: { base: 30 } }]);
  progress.hear(begins({ base: 10 }));
  expect(progress.asked()).toBe(false);
  progress.hear(ends);
  expect(progress.fraction).toBeCloseTo(0.25);
  expect(progress.rate).toBe(0);
  expect(progress.secondsLeft).toBeUndefined();
});

test('guided steps make two calls each, and all steps of a part all of its calls', () => {
  const progress = new WorkProgress([{ calls: { base: 20 } }]);
  progress.hear(begins({ base: 20 }));
  walk(progress, 'base', 10, 20);
  expect(progress.fraction).toBe(1);
  expect(progress.asked()).toBe(true);
  progress.hear(ends);
  expect(progress.fraction).toBe(1);
});

test('a step says which stage it belongs to, whatever its walk is called', () => {
  const progress = new WorkProgress([{ calls: { base: 4, upscaler: 2 } }]);
  progress.hear(begins({ base: 4, upscaler: 2 }));
  walk(progress, 'base', 4, 4);
  expect(progress.fraction).toBeLessThan(1);
  walk(progress, 'upscaler', 2, 2);
  expect(progress.fraction).toBe(1);
});

test('two walks of one stage share what the part announced for it', () => {
  const progress = new WorkProgress([{ calls: { base: 8 } }]);
  progress.hear(begins({ base: 8 }));
  walk(progress, 'base', 2, 6);
  expect(progress.fraction).toBeCloseTo(6 / 8);
  walk(progress, 'base', 2, 2);
  expect(progress.fraction).toBe(1);
});

afterEach(() => vi.useRealTimers());

test('what is left is told by what a call of each stage took, and before stage II has been asked three of stage I', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const progress = new WorkProgress([{ calls: { base: 10, upscaler: 4 } }]);
  progress.hear(begins({ base: 10, upscaler: 4 }));
  const takes = (ms: number, stage: Stage, count: number) => {
    for (let i = 0; i < count; i++) {
      vi.advanceTimersByTime(ms);
      walk(progress, stage, 1, 1);
    }
  };
  takes(100, 'base', 10);
  expect(progress.secondsLeft).toBeCloseTo(1.2);
  expect(progress.fraction).toBeCloseTo(1 / 2.2);
  takes(1000, 'upscaler', 2);
  expect(progress.secondsLeft).toBeCloseTo(2);
  expect(progress.fraction).toBeCloseTo(3 / 5);
  expect(progress.calls).toEqual({ done: 12, total: 14 });
});

test('the first call of a stage, which waits for its network to be opened, is no pace', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const progress = new WorkProgress([{ calls: { base: 10 } }]);
  progress.hear(begins({ base: 10 }));
  for (const ms of [5000, 100, 100]) {
    vi.advanceTimersByTime(ms);
    walk(progress, 'base', 1, 1);
  }
  expect(progress.secondsLeft).toBeCloseTo(0.7);
  expect(progress.rate).toBeCloseTo(10);
});

test('where stage II begins, it says what stage I will take', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const progress = new WorkProgress([{ calls: { base: 0, upscaler: 1 } }, { calls: { base: 10 } }]);
  progress.hear(begins({ base: 0, upscaler: 1 }));
  vi.advanceTimersByTime(600);
  walk(progress, 'upscaler', 1, 1);
  progress.hear(ends);
  expect(progress.secondsLeft).toBeCloseTo(2);
});

test('runs side by side are counted each for itself', () => {
  const progress = new WorkProgress([{ calls: { base: 30 } }, { calls: { base: 10 } }]);
  progress.hear(begins({ base: 30 }), 'one');
  progress.hear(begins({ base: 10 }), 'other');
  progress.hear(ends, 'other');
  expect(progress.fraction).toBeCloseTo(0.25);
  expect(progress.asked('one')).toBe(false);
  progress.hear(ends, 'one');
  expect(progress.fraction).toBe(1);
});
