import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flip } from '../diffusion/views.ts';
import { loadPicture } from '../images/load.ts';
import { zeros } from '../tensor/tensor.ts';
import { EMBEDDED } from './embedded.ts';
import { type Judge, openJudge, subjectAsked } from './judge.ts';

const own = (name: string) => fileURLToPath(new URL(`../../pictures/${name}-64.png`, import.meta.url));
let judge: Judge;
beforeAll(async () => {
  judge = (await openJudge(EMBEDDED))!;
});
afterAll(() => judge.close());

const words = [
  { name: 'man', word: 'man' },
  { name: 'oldman', word: 'old man' },
  { name: 'skull', word: 'skull' },
];

describe('a prompt asks for', () => {
  test.each([
    ['an oil painting of an old man', 'oldman'],
    ['A man, standing', 'man'],
    ['a snowman', undefined],
    ['a human skull', 'skull'],
  ])('%s: %s', (prompt, subject) => {
    expect(subjectAsked(prompt, words)).toBe(subject);
  });
});

describe('the embedded checkpoint’s judge', () => {
  test.each([
    ['campanile', 'the Campanile', 'a hot air balloon'],
    ['beach', 'a tropical beach', 'a skull'],
    ['web-dog', 'a photo of a dog', 'a castle'],
    ['web-lighthouse', 'a lighthouse', 'an old man'],
  ])('knows what %s shows, and what it does not', async (name, shown, other) => {
    const picture = await loadPicture(own(name), 64);
    const [yes, no] = await judge.classify(picture, [shown, other]);
    expect(yes).toBeGreaterThan(0.7);
    expect(no).toBeLessThan(0.2);
  });

  test('does not read a tower that stands on its head, nor anything in grey', async () => {
    const tower = flip.apply(await loadPicture(own('campanile'), 64));
    const upright = await loadPicture(own('campanile'), 64);
    const [[turned], [standing]] = [
      await judge.classify(tower, ['the Campanile']),
      await judge.classify(upright, ['the Campanile']),
    ];
    expect(turned).toBeLessThan(standing! / 2);
    const grey = await judge.classify(zeros([1, 3, 64, 64]), ['a dog', 'a skull', 'a castle']);
    for (const share of grey) expect(share).toBeLessThan(0.3);
  });

  test('says that it does not know', async () => {
    expect(judge.subjectOf('an oil painting of a giraffe')).toBeUndefined();
    const picture = zeros([1, 3, 64, 64]);
    await expect(judge.classify(picture, ['a giraffe'])).rejects.toThrow(/giraffe/);
    await expect(judge.classify(zeros([1, 3, 32, 32]), ['a dog'])).rejects.toThrow(/\[1, 3, 64, 64\]/);
  });
});
