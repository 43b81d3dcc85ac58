import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { preparePrompt } from './prompt.ts';

const rows = JSON.parse(
  readFileSync(new URL('../../test/oracle/text/clean-caption.json', import.meta.url), 'utf8'),
) as {
  text: string;
  plain: string;
}[];

test.each(rows)('$text is prepared as the pipelines do without bs4', ({ text, plain }) => {
  expect(preparePrompt(text)).toBe(plain);
});

test('white space is what Python means by it', () => {
  expect(preparePrompt('\x1c\x85 A \u3000')).toBe('a');
  expect(preparePrompt('\ufeffa')).toBe('\ufeffa');
});

test('white space within a prompt costs no more than its length', () => {
  const text = `a${' '.repeat(400_000)}b`;
  expect(preparePrompt(text)).toBe(text);
});
