import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { relativeError } from '../tensor/difference.ts';
import { sizeOf, type Tensor, zeros } from '../tensor/tensor.ts';
import { writePromptFile } from '../text/embeddings.ts';
import { describeModel } from './describe.ts';
import { openModel, openUpscaler } from './open.ts';

const oracle = fileURLToPath(new URL('../../test/oracle/', import.meta.url));
const scheduler = {
  _class_name: 'DDPMScheduler',
  beta_schedule: 'squaredcos_cap_v2',
  thresholding: true,
  dynamic_thresholding_ratio: 0.95,
  sample_max_value: 1.5,
};
let root: string;
let base: string;
let upscaler: string;
let prompts: string;

/** A model's folder in the layout of the hub, around one of the oracle's networks. */
async function model(name: string, className: string, unet: string): Promise<string> {
  const folder = join(root, name);
  await cp(join(oracle, 'unets', unet), join(folder, 'unet'), { recursive: true });
  for (const part of ['scheduler', 'image_noising_scheduler']) {
    await mkdir(join(folder, part));
    await writeFile(join(folder, part, 'scheduler_config.json'), JSON.stringify(scheduler));
  }
  await writeFile(join(folder, 'model_index.json'), JSON.stringify({ _class_name: className }));
  return folder;
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'campanile-open-'));
  base = await model('base', 'IFPipeline', 'stage-one');
  upscaler = await model('upscaler', 'IFSuperResolutionPipeline', 'stage-two');
  prompts = join(root, 'prompts.safetensors');
  const embedding = (value: number): Tensor => ({
    data: new Float32Array(77 * 12).map((_, i) => Math.sin(i * value)),
    shape: [1, 77, 12],
  });
  await writePromptFile(
    prompts,
    new Map([
      ['a photo', embedding(1)],
      ['', embedding(2)],
    ]),
  );
});
afterAll(() => rm(root, { recursive: true }));

const noisy = (...shape: number[]): Tensor => ({
  data: new Float32Array(sizeOf(shape)).map((_, i) => Math.sin(i * 1.7)),
  shape,
});

test('a folder becomes an estimator of noise and variance, for any number of rows', async () => {
  await using opened = await openModel(base, { prompts, threads: 1 });
  const estimate = await opened.estimator('a photo')(noisy(2, 3, 16, 16), 500);
  expect(estimate.noise.shape).toEqual([2, 3, 16, 16]);
  expect(estimate.variance?.shape).toEqual([2, 3, 16, 16]);
  const other = await opened.estimator('')(noisy(2, 3, 16, 16), 500);
  expect(relativeError(other.noise, estimate.noise)).toBeGreaterThan(1e-3);
  expect(opened).toMatchObject({
    name: 'base',
    sampleSize: 16,
    numTrainTimesteps: 1000,
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('half precision is asked for by name, and draws the same but for rounding', async () => {
  const estimates = [];
  for (const precision of ['full', 'half']) {
    await using opened = await openModel(base, { prompts, threads: 1, precision });
    expect(opened).toMatchObject({ precision, device: 'cpu' });
    estimates.push((await opened.estimator('a photo')(noisy(1, 3, 16, 16), 500)).noise);
  }
  const error = relativeError(estimates[1]!, estimates[0]!);
  expect(error).toBeGreaterThan(1e-5);
  expect(error).toBeLessThan(2e-3);
  await expect(openModel(base, { prompts, precision: 'quarter' })).rejects.toMatchObject({
    code: 'recipe',
    path: 'precision',
    message: expect.stringContaining('half, full'),
  });
});

test('thresholding is what the scheduler says: a wild image is cut at its 95th percentile, at most 1.5', async () => {
  await using opened = await openModel(base, { prompts, threads: 1 });
  const wild = { data: Float32Array.of(3, -3, 0.3, 0), shape: [1, 1, 2, 2] };
  expect([...opened.threshold(wild).data]).toEqual(
    [1, -1, Math.fround(0.2), 0].map((v) => expect.closeTo(v, 6)),
  );
  expect(opened.alphaBar(0)).toBeCloseTo(0.99995869, 7);
});

test('stage II sees the small picture, noised once, at the size it was trained for', async () => {
  await using opened = await openUpscaler(upscaler, { prompts, threads: 1 });
  const asked: unknown[] = [];
  const noise = (purpose: string, t: number, shape?: readonly number[]) => {
    asked.push([purpose, t, shape]);
    return zeros([1, ...shape!]);
  };
  const prompted = opened.conditioned(noisy(1, 3, 4, 6), 250, noise);
  expect(asked).toEqual([['condition', 250, [3, 16, 24]]]);
  const estimate = await prompted('a photo')(noisy(1, 3, 16, 24), 500);
  expect(estimate.noise.shape).toEqual([1, 3, 16, 24]);
  expect(() => opened.conditioned(noisy(1, 3, 4, 4), 1000, noise)).toThrow('0 to 999');
});

test('the fingerprint tells other prompts apart', async () => {
  const others = join(root, 'others.safetensors');
  await writePromptFile(others, new Map([['a photo', zeros([1, 77, 12])]]));
  const [a, b] = [await openModel(base, { prompts }), await openModel(base, { prompts: others })];
  expect(a.fingerprint).not.toBe(b.fingerprint);
  await Promise.all([a.close(), b.close()]);
});

test('what a folder says of its noise is read before a network is open that nobody would close', async () => {
  const damaged = await model('damaged', 'IFSuperResolutionPipeline', 'stage-two');
  await writeFile(join(damaged, 'image_noising_scheduler', 'scheduler_config.json'), '{');
  await rm(join(damaged, 'unet'), { recursive: true });
  await expect(openUpscaler(damaged, { prompts })).rejects.toMatchObject({
    file: expect.stringContaining('image_noising_scheduler'),
  });
});

test('folders that are something else are refused in words', async () => {
  const empty = join(root, 'empty');
  await mkdir(empty);
  const original = join(root, 'original');
  await mkdir(original);
  await writeFile(join(original, 'pytorch_model.bin'), '');
  const other = await model('other', 'StableDiffusionPipeline', 'stage-one');
  await expect(openModel(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'folder-missing' });
  await expect(openModel(empty)).rejects.toThrow('the folder is empty');
  await expect(openModel(original)).rejects.toThrow('original deep-floyd checkpoint');
  await expect(openModel(join(base, 'unet'))).rejects.toThrow('one component of a model');
  await expect(openModel(other)).rejects.toThrow('StableDiffusionPipeline');
  await expect(openModel(upscaler)).rejects.toMatchObject({
    code: 'wrong-stage',
    hint: expect.stringContaining('--upscaler'),
  });
  await expect(openUpscaler(base)).rejects.toMatchObject({
    code: 'wrong-stage',
    hint: expect.stringContaining('--checkpoint'),
  });
  await expect(openModel(base, { prompts, device: 'abacus' })).rejects.toThrow(
    '"abacus" is none of cpu, openvino, cuda, webgpu',
  );
});

test('a description needs no weights to be loaded', async () => {
  expect(await describeModel(upscaler)).toMatchObject({ stage: 'upscaler', sampleSize: 16 });
});
