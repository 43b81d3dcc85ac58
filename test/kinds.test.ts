import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const testsIn = (folder: string): string[] =>
  readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(`${root}${folder}/${name}`, 'utf8'));

/** How many kinds of faults were reported of other programs; each is known by its number, which begins its name in the tests. */
const REPORTED = 21;

test('of every reported kind of fault others are tried that nobody reported, three at least', () => {
  const texts = ['src', 'test'].flatMap(testsIn).filter((text) => text.includes('unseenOf({'));
  const tried = texts.flatMap((text) =>
    [...text.matchAll(/^ +'(\d+): .*': (?:\{|Object)/gm)].map(([, n]) => Number(n)),
  );
  const all = Array.from({ length: REPORTED }, (_, i) => i + 1);
  expect([...new Set(tried)].toSorted((a, b) => a - b)).toEqual(all);
});
