import { expect, test } from 'vitest';
import { merged } from './merged.ts';

const soon = (turns: number): Promise<void> =>
  turns === 0 ? Promise.resolve() : new Promise((resolve) => setImmediate(() => resolve(soon(turns - 1))));

async function* every(turns: number, words: readonly string[], ended: string[] = []): AsyncGenerator<string> {
  try {
    for (const word of words) {
      await soon(turns);
      yield word;
    }
  } finally {
    ended.push(words[0]!);
  }
}

test('what comes first is given first, and everything comes', async () => {
  const given: string[] = [];
  for await (const word of merged([every(9, ['late', 'last']), every(2, ['a', 'b', 'c'])])) given.push(word);
  expect(given).toEqual(['a', 'b', 'c', 'late', 'last']);
});

test('one that fails ends the others, and its error is told', async () => {
  const ended: string[] = [];
  async function* failing(): AsyncGenerator<string> {
    yield* every(1, ['before']);
    throw new Error('no more');
  }
  const all = async () => {
    for await (const _ of merged([every(1, ['a', 'b', 'c', 'd', 'e', 'f'], ended), failing()]));
  };
  await expect(all()).rejects.toThrow('no more');
  expect(ended).toEqual(['a']);
});

test('nobody goes on when nobody wants more', async () => {
  const ended: string[] = [];
  for await (const _ of merged([every(1, ['a', 'b'], ended), every(1, ['c', 'd'], ended)])) break;
  expect(ended.sort()).toEqual(['a', 'c']);
});
