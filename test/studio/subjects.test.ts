import { describe, expect, test } from 'vitest';
import { isKnown, sayAlike } from '../../studio/subjects.ts';

const subjects = [
  { name: 'rocket', prompt: 'a rocket ship', kind: 'drawn' },
  { name: 'volcano', prompt: 'a violently erupting volcano', kind: 'drawn' },
  { name: 'dog', prompt: 'a photo of a dog', kind: 'photographed' },
];

describe('what a checkpoint knows', () => {
  test.each([
    ['an oil painting of a rocket', true],
    ['Volcanoes at night', true],
    ['two dogs', true],
    ['a bicycle', false],
    ['a high quality photo', true],
    ['', true],
  ])('%s: %s', (prompt, known) => {
    expect(isKnown(prompt, subjects)).toBe(known);
  });

  test('where it says nothing, nothing is said', () => {
    expect(isKnown('a bicycle', [])).toBe(true);
  });
});

test('two texts name the same thing by a word of theirs, not by how it is shown', () => {
  expect(sayAlike('a photo of a dog', 'two dogs')).toBe(true);
  expect(sayAlike('an oil painting of a skull', 'a lithograph of a skull')).toBe(true);
  expect(sayAlike('an oil painting of a skull', 'an oil painting of a dog')).toBe(false);
  expect(sayAlike('', 'a dog')).toBe(false);
});
