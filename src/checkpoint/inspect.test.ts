import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inspectWeights } from './inspect.ts';
import { writeSafetensors } from './safetensors.ts';
import { openWeights } from './weights.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campanile-inspect-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function weights(...values: number[]) {
  await writeSafetensors(join(folder, 'model.safetensors'), [
    ['a', { data: Float32Array.of(1, 2, 3), shape: [3] }],
    ['b', { data: Float32Array.from(values), shape: [values.length] }],
  ]);
  return openWeights(folder, 'model');
}

test('the fingerprint changes with any number, and with the config', async () => {
  const one = await inspectWeights(await weights(1, 2), '{}');
  expect(await inspectWeights(await weights(1, 2), '{}')).toBe(one);
  expect(await inspectWeights(await weights(1, 2), '{ }')).not.toBe(one);
  expect(await inspectWeights(await weights(1, 2.0000002), '{}')).not.toBe(one);
});

test.each([Number.NaN, Infinity, -Infinity])(
  '%d among the weights is found and its place is said',
  async (value) => {
    await expect(inspectWeights(await weights(1, value), '{}')).rejects.toMatchObject({
      code: 'tensor-not-finite',
      tensor: 'b',
    });
    await expect(inspectWeights(await weights(1, value), '{}')).rejects.toThrow('number 1 of "b"');
  },
);
