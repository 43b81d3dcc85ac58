import { expect, test } from 'vitest';
import { gaussianModel as base } from '../../test/gaussian-model.ts';
import type { ModelInfo } from '../models/model.ts';
import { experiments } from './index.ts';
import { canonicalJson, parseParams, recipeHash, recipeOf } from './recipe.ts';

test('a recipe is other weights, other pictures, other parameters, and not the order of its keys', async () => {
  const forward = experiments[1]!;
  const [part] = forward.parts(parseParams(forward, {}), { base });
  const hash = async (fingerprint: string, digest: string) =>
    recipeHash(await recipeOf(forward, part!, { base: { ...base, fingerprint } }, async () => digest));
  expect(await hash('a', 'x')).toBe(await hash('a', 'x'));
  expect(await hash('b', 'x')).not.toBe(await hash('a', 'x'));
  expect(await hash('a', 'y')).not.toBe(await hash('a', 'x'));
  expect(canonicalJson({ b: 1, a: [undefined, { d: 2, c: undefined }] })).toBe('{"a":[null,{"d":2}],"b":1}');
});

test('an unknown or impossible parameter is named', () => {
  const forward = experiments[1]!;
  expect(() => parseParams(forward, { colour: 'red' })).toThrow(/forward has no such parameter/);
  expect(() => parseParams(forward, { timesteps: [5000] })).toThrow(/at most 999/);
});

test('a recipe names half precision and its device; full precision is the same recipe on every device', async () => {
  const forward = experiments[1]!;
  const [part] = forward.parts(parseParams(forward, {}), { base });
  const recipe = (where: Pick<ModelInfo, 'precision' | 'device'>) =>
    recipeOf(forward, part!, { base: { ...base, ...where } }, async () => 'x');
  const unsaid = await recipe({});
  expect(Object.keys(unsaid)).not.toContain('precision');
  for (const device of ['cpu', 'cuda', 'webgpu'] as const)
    expect(await recipeHash(await recipe({ precision: 'full', device }))).toBe(await recipeHash(unsaid));
  const half = await recipe({ precision: 'half', device: 'cuda' });
  expect(half).toEqual({ ...unsaid, precision: 'half', device: 'cuda' });
  const hashes = await Promise.all(
    [unsaid, half, await recipe({ precision: 'half', device: 'webgpu' })].map(recipeHash),
  );
  expect(new Set(hashes).size).toBe(3);
});
