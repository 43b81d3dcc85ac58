import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeCompanions } from './companions.ts';

const file = async (folder: string, path: string) => {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), '{}');
};

test('absent companions are said to be absent, and no picture turns black', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'campanile-stage-'));
  const [checker, watermark] = await describeCompanions(folder);
  expect(checker).toMatchObject({ name: 'safety_checker', present: false, weights: false });
  expect(checker?.sentence).toBe(
    'The safety checker is absent; campanile does not run it: no picture is judged, and none is replaced by a black one.',
  );
  expect(watermark?.sentence).toBe(
    'The watermark is absent; campanile does not apply it: pictures carry no mark in their lower right corner.',
  );
});

test('present companions are recognised, with and without their weights', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'campanile-stage-'));
  await file(folder, 'safety_checker/config.json');
  await file(folder, 'watermarker/config.json');
  await file(folder, 'watermarker/diffusion_pytorch_model.bin');
  const companions = await describeCompanions(folder);
  expect(companions).toMatchObject([
    {
      present: true,
      weights: false,
      sentence: expect.stringContaining(
        'present as a description, without weights; campanile does not run it',
      ),
    },
    {
      present: true,
      weights: true,
      sentence: expect.stringContaining('is present; campanile does not apply it'),
    },
  ]);
});
