import { expect, test } from 'vitest';
import { type Lane, Lanes } from './lanes.ts';

/** Calls that end when they are told to, and what lane each was in. */
function asking(lanes: Lanes) {
  const began: (readonly [name: string, lane: Lane])[] = [];
  const ends = new Map<string, () => void>();
  const turns = async () => {
    for (let i = 0; i < 4; i++) await new Promise((done) => setImmediate(done));
  };
  return {
    began,
    async ask(...names: string[]) {
      for (const name of names)
        lanes.ask(async (lane) => {
          began.push([name, lane]);
          await new Promise<void>((done) => ends.set(name, done));
        });
      await turns();
    },
    async end(name: string) {
      ends.get(name)!();
      await turns();
    },
  };
}

test('the third of three that came together waits for both halves', async () => {
  const { began, ask, end } = asking(new Lanes());
  await ask('a', 'b', 'c');
  await end('a');
  expect(began).toEqual([
    ['a', 0],
    ['b', 1],
  ]);
  await end('b');
  expect(began.at(-1)).toEqual(['c', 'both']);
});

test('what comes later takes the half that is free, and both are had again when it is alone', async () => {
  const { began, ask, end } = asking(new Lanes());
  await ask('a', 'b');
  await ask('later');
  await end('a');
  expect(began.at(-1)).toEqual(['later', 0]);
  await end('b');
  await end('later');
  await ask('alone');
  expect(began.at(-1)).toEqual(['alone', 'both']);
  await ask('next', 'other');
  expect(began).toHaveLength(4);
  await end('alone');
  expect(began.slice(-2)).toEqual([
    ['next', 0],
    ['other', 1],
  ]);
});
