import { expect, test } from 'vitest';
import { bar } from './terminal.ts';

test('the bar is as long as it is full', () => {
  expect(bar(0, 4)).toBe('░░░░   0 %');
  expect(bar(0.5, 4)).toBe('██░░  50 %');
});
