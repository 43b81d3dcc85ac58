import { expect, test } from 'vitest';
import { knownSubjects } from '../src/experiments/subjects.ts';
import { subjectTable } from '../training/scenes/subjects/index.ts';

test('the known subjects are those that the checkpoint was trained on, by the words it heard first', () => {
  expect(knownSubjects).toEqual(Object.values(subjectTable).map(({ words }) => words[0]));
});
