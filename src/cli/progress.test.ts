import { expect, test } from 'vitest';
import { Progress } from './progress.ts';

test('a part that was kept from before counts as done, and is no pace', () => {
  const progress = new Progress([{ base: 10 }, { base: 30 }]);
  progress.begin({ base: 10 });
  expect(progress.end()).toBe(false);
  expect(progress.fraction).toBeCloseTo(0.25);
  expect(progress.rate).toBe(0);
  expect(progress.left).toBe('');
});

test('guided steps make two calls each, and all steps of a part all of its calls', () => {
  const progress = new Progress([{ base: 20 }]);
  progress.begin({ base: 20 });
  for (let i = 0; i < 10; i++) progress.step('one', i, 10);
  expect(progress.fraction).toBe(1);
  expect(progress.end()).toBe(true);
  expect(progress.fraction).toBe(1);
});

test('the second walk of a part is stage II', () => {
  const progress = new Progress([{ base: 4, upscaler: 2 }]);
  progress.begin({ base: 4, upscaler: 2 });
  for (let i = 0; i < 4; i++) progress.step('small', i, 4);
  expect(progress.fraction).toBeLessThan(1);
  for (let i = 0; i < 2; i++) progress.step('large', i, 2);
  expect(progress.fraction).toBe(1);
});

test('the bar is as long as it is full', () => {
  const progress = new Progress([{ base: 1 }, { base: 1 }]);
  expect(progress.bar(4)).toBe('░░░░   0 %');
  progress.begin({ base: 1 });
  progress.end();
  expect(progress.bar(4)).toBe('██░░  50 %');
});
