import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { parseUNetConfig } from '../checkpoint/unet-config.ts';
import type { Weights } from '../checkpoint/weights.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { unetParameters } from './parameters.ts';
import { checkFits, type PlanOptions, planUnet } from './plan.ts';
import { readUnetHeaders } from './unet.ts';

/** A published model in halves, by its list of tensors. */
async function published(name: string) {
  const manifest = await readFile(new URL(`../../test/oracle/manifests/${name}.json.gz`, import.meta.url));
  const config = parseUNetConfig(JSON.stringify(JSON.parse(gunzipSync(manifest).toString()).config), name);
  const tensors = new Map(
    [...unetParameters(config)].map(([tensor, shape]) => [
      tensor,
      { dtype: 'F16' as const, shape, file: name, offset: 0, length: 2 * sizeOf(shape) },
    ]),
  );
  return [config, { tensors, files: [name], folder: '/' } satisfies Weights] as const;
}

// Counted independently, from the shapes of every product in the network: facts about IF, not measurements.
test.each([
  ['IF-I-M', 229],
  ['IF-I-L', 612],
  ['IF-I-XL', 2879],
])('%s takes about %d GFLOP a call', async (name, gflop) => {
  const plan = planUnet(...(await published(name)));
  expect(Math.abs(plan.gflopPerCall / gflop - 1)).toBeLessThan(0.05);
});

// Peak of the resident set over two steps of one picture, mapped weights included, with random weights: docs/real-weights.md.
test.each([
  ['IF-I-M', 'low', 1.1],
  ['IF-I-M', 'fast', 2.97],
  ['IF-I-XL', 'low', 9.66],
] as const)('%s with memory "%s" is planned as it was measured: %d GB', async (name, memory, gb) => {
  const plan = planUnet(...(await published(name)), { memory });
  expect(Math.abs(plan.memoryBytes / 1e9 / gb - 1)).toBeLessThan(0.05);
});

// Of the resident set with random weights, on the processor (docs/real-weights.md): only the network on a card is smaller in halves.
test.each([
  ['fast', 2.79],
  ['low', 1.5],
] as const)('IF-I-M in halves on the processor, memory "%s": %d GB', async (memory, gb) => {
  const plan = planUnet(...(await published('IF-I-M')), { memory, precision: 'half' });
  expect(Math.abs(plan.memoryBytes / 1e9 / gb - 1)).toBeLessThan(0.08);
});

test('on a card, halves take half of the memory, and the program does not widen them', async () => {
  const model = await published('IF-I-L');
  const [half, full] = (['half', 'full'] as const).map((precision) =>
    planUnet(...model, { device: 'cuda', precision, memory: 'fast' }),
  );
  expect(planUnet(...model, { device: 'cuda' }).precision).toBe('half');
  expect(half!.deviceBytes! - half!.activationBytes).toBe(half!.weightsBytes);
  expect(full!.deviceBytes! - full!.activationBytes).toBe(2 * full!.weightsBytes);
  expect(half!.memoryBytes).toBeLessThan(full!.memoryBytes / 2);
  expect(half!.secondsPerCall).toBeUndefined();
  expect(planUnet(...model).deviceBytes).toBeUndefined();
});

test('what does not fit into half of the memory stays in its file', async () => {
  const model = await published('IF-I-XL');
  expect(planUnet(...model, { availableBytes: 16e9 }).memory).toBe('low');
  expect(planUnet(...model, { availableBytes: 80e9 }).memory).toBe('fast');
});

test('a small network is opened for two lanes where there is room for three of it', async () => {
  const folder = fileURLToPath(new URL('../../checkpoints/campanile/unet', import.meta.url));
  const { config, weights } = await readUnetHeaders(folder);
  const plan = (options: PlanOptions) =>
    planUnet(config, weights, { threads: 2, availableBytes: 8e9, ...options });
  const one = plan({ availableBytes: 0.9e9 });
  expect(plan({}).twoLanes).toBe(true);
  expect(one).toMatchObject({ memory: 'fast', twoLanes: false });
  expect(() => checkFits('campanile', one, 0.5e9)).not.toThrow();
  expect(plan({}).memoryBytes).toBeGreaterThan(1.5 * one.memoryBytes);
  for (const other of [{ threads: 3 }, { memory: 'low' }, { device: 'webgpu' }] as const)
    expect(plan(other).twoLanes).toBe(false);
});

test('the largest model takes less than 1.3 times its file', async () => {
  const plan = planUnet(...(await published('IF-I-XL')), { availableBytes: 16e9 });
  expect(plan.weightsBytes).toBe(2 * 4_304_695_110);
  expect(plan.memoryBytes / plan.weightsBytes).toBeLessThan(1.3);
});

test('a model that cannot fit is refused with advice', async () => {
  const plan = planUnet(...(await published('IF-I-XL')), { availableBytes: 8e9 });
  expect(() => checkFits('IF-I-XL', plan, 8e9)).toThrow(
    expect.objectContaining({ code: 'too-large', hint: expect.stringContaining('smaller model') }),
  );
  expect(() => checkFits('IF-I-XL', plan, 16e9)).not.toThrow();
});
