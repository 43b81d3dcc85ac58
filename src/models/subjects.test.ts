import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { subjectsOf } from './subjects.ts';

const folderWith = (subjects: unknown) => {
  const folder = mkdtempSync(join(tmpdir(), 'campanile-subjects-'));
  if (subjects !== undefined) writeFileSync(join(folder, 'subjects.json'), JSON.stringify(subjects));
  return folder;
};

test('a checkpoint says what it has learned, and from what', async () => {
  const subjects = [
    { name: 'volcano', prompt: 'a violently erupting volcano', kind: 'drawn' },
    { name: 'daisy', prompt: 'a photo of a daisy', kind: 'photographed' },
  ];
  expect(await subjectsOf(folderWith(subjects))).toEqual(subjects);
});

test('one that says nothing has an empty list', async () => {
  expect(await subjectsOf(folderWith(undefined))).toEqual([]);
});

test('a list of something else is refused, with the place', async () => {
  const wrong = folderWith([{ name: 'volcano', prompt: 'a volcano', kind: 'sung' }]);
  await expect(subjectsOf(wrong)).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining('0.kind'),
  });
});
