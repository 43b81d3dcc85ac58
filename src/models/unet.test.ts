import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dtypeOf } from '../checkpoint/dtypes.ts';
import {
  openSafetensors,
  readBytes,
  readSafetensors,
  readTensor,
  writeSafetensors,
} from '../checkpoint/safetensors.ts';
import { worstCase } from '../parity/unet.ts';
import { relativeError } from '../tensor/difference.ts';
import { row, rows, stack, type Tensor } from '../tensor/tensor.ts';
import { traceUnet } from './trace.ts';
import { openUnet, type Unet } from './unet.ts';

const oracle = fileURLToPath(new URL('../../test/oracle/unets/', import.meta.url));
const names = (await readdir(oracle, { withFileTypes: true }))
  .filter((e) => e.isDirectory())
  .map((e) => e.name);
const expected = (name: string) => readSafetensors(join(oracle, name, 'expected.safetensors'));
const open = (name: string) => openUnet(join(oracle, name), { threads: 1 });

// float32 against float32: other orders of addition, and stage II multiplies what they differ by.
test.each(names)('%s computes what diffusers computes, to 1e-5', async (name) => {
  await using unet = await open(name);
  expect(await worstCase(unet, await expected(name))).toBeLessThan(1e-5);
});

test.each(names)('%s with its weights left in the file computes the same', async (name) => {
  await using unet = await openUnet(join(oracle, name), { threads: 1, memory: 'low' });
  expect(await worstCase(unet, await expected(name))).toBeLessThan(1e-5);
});

// Weights and what layers pass on have 11 bits, 5e-4 of the largest value for each rounding.
test.each(names)(
  '%s in half precision computes what diffusers computes in float32, to 2e-3',
  async (name) => {
    await using unet = await openUnet(join(oracle, name), { threads: 1, precision: 'half' });
    const error = await worstCase(unet, await expected(name));
    expect(error).toBeLessThan(2e-3);
    expect(error).toBeGreaterThan(1e-5);
  },
);

test('a traced network gives out every piece, and the same result', async () => {
  const cases = await expected('stage-one');
  const get = (key: string) => cases.get(`one.${key}`)!;
  const trace = await traceUnet(
    join(oracle, 'stage-one'),
    { sample: get('sample'), t: 500, text: get('text') },
    { threads: 1 },
  );
  expect(relativeError(trace.get('out')!, get('t500.out'))).toBeLessThan(1e-5);
  expect(trace.get('down_blocks.1.attentions.0.to_q')!.shape).toEqual([1, 8, 16]);
  expect(trace.get('add_embedding')!.shape).toEqual([1, 32]);
});

let unet: Unet;
let folder: string;
beforeAll(async () => {
  unet = await open('stage-two');
  folder = await mkdtemp(join(tmpdir(), 'campanile-unet-'));
});
afterAll(async () => {
  await unet.close();
  await rm(folder, { recursive: true });
});

test('a batch of n equals n singles', async () => {
  const cases = await expected('stage-two');
  const [sample, text] = [cases.get('batch.sample')!, cases.get('batch.text')!];
  const labels = [250, 3, 999];
  const together = await unet.step(sample, 500, await unet.text(text), { labels });
  const alone = [];
  for (const [i, x] of rows(sample).entries())
    alone.push(await unet.step(x, 500, await unet.text(row(text, i)), { labels: labels[i]! }));
  expect(relativeError(together, stack(alone))).toBeLessThan(1e-5);
});

test('one text serves all rows of a batch', async () => {
  const cases = await expected('stage-two');
  const text = row(cases.get('batch.text')!, 0);
  const sample = cases.get('batch.sample')!;
  const shared = await unet.step(sample, 500, await unet.text(text), { labels: 250 });
  const repeated = await unet.step(sample, 500, await unet.text(stack([text, text, text])), { labels: 250 });
  expect(relativeError(shared, repeated)).toBeLessThan(1e-6);
});

test('what does not fit is refused in words', async () => {
  const text = await unet.text({ data: new Float32Array(7 * 12), shape: [1, 7, 12] });
  const sample = (...shape: number[]) => ({ data: new Float32Array(shape.reduce((a, b) => a * b)), shape });
  const labels = { labels: 250 };
  await expect(unet.step(sample(1, 6, 10, 8), 500, text, labels)).rejects.toThrow('H and W multiples of 4');
  await expect(unet.step(sample(1, 3, 8, 8), 500, text, labels)).rejects.toThrow('[N, 6, H, W]');
  await expect(unet.step(sample(2, 6, 8, 8), [1, 2, 3], text, labels)).rejects.toThrow(
    'one for each of 2 rows',
  );
  await expect(unet.step(sample(1, 6, 8, 8), 500, text)).rejects.toThrow('noise level');
  await expect(unet.text(sample(1, 7, 13))).rejects.toThrow('[B, tokens, 12]');
  await expect(unet.text(sample(1, 7, 12), sample(1, 6))).rejects.toThrow('text mask');
});

/** The stage one checkpoint with its tensors changed. */
async function changed(
  change: (tensors: Map<string, { dtype: 'F16'; shape: readonly number[]; bytes: Uint8Array }>) => void,
): Promise<string> {
  const copy = await mkdtemp(join(folder, 'copy-'));
  await cp(join(oracle, 'stage-one'), copy, { recursive: true });
  const file = join(copy, 'diffusion_pytorch_model.safetensors');
  const tensors = new Map<string, { dtype: 'F16'; shape: readonly number[]; bytes: Uint8Array }>();
  for (const [name, entry] of (await openSafetensors(file)).tensors) {
    tensors.set(name, { dtype: 'F16', shape: entry.shape, bytes: new Uint8Array(await readBytes(entry)) });
  }
  change(tensors);
  await writeSafetensors(file, tensors);
  return copy;
}

test.each(['F32', 'BF16'] as const)(
  'half precision rounds weights that are %s in their file',
  async (dtype) => {
    const copy = await mkdtemp(join(folder, 'copy-'));
    await cp(join(oracle, 'stage-one'), copy, { recursive: true });
    const file = join(copy, 'diffusion_pytorch_model.safetensors');
    const tensors = new Map<string, { dtype: typeof dtype; shape: readonly number[]; bytes: Uint8Array }>();
    for (const [name, entry] of (await openSafetensors(file)).tensors) {
      const { data, shape } = await readTensor(entry);
      const wide = Float32Array.from(data, (value) => value * (1 + 2 ** -12)); // no halves
      const stored = dtype === 'F32' ? wide : new Uint16Array(wide.buffer).filter((_, i) => i % 2 === 1);
      tensors.set(name, { dtype, shape, bytes: new Uint8Array(stored.buffer) });
    }
    await writeSafetensors(file, tensors);
    const cases = await expected('stage-one');
    const results = [];
    for (const precision of ['full', 'half'] as const) {
      for (const memory of ['fast', 'low'] as const) {
        await using unet = await openUnet(copy, { threads: 1, precision, memory });
        results.push(await unet.step(cases.get('one.sample')!, 500, await unet.text(cases.get('one.text')!)));
      }
    }
    const [full, fullLow, half, halfLow] = results as [Tensor, Tensor, Tensor, Tensor];
    expect(relativeError(fullLow, full)).toBeLessThan(1e-5);
    for (const rounded of [half, halfLow]) {
      expect(relativeError(rounded, full)).toBeLessThan(2e-3);
      expect(relativeError(rounded, full)).toBeGreaterThan(1e-5);
    }
  },
);

test('a missing, misshapen, extra or infinite tensor is named', async () => {
  const two = { dtype: 'F16' as const, shape: [2], bytes: new Uint8Array(2 * dtypeOf('F16').size) };
  const missing = await changed((tensors) => tensors.delete('conv_in.bias'));
  await expect(openUnet(missing)).rejects.toMatchObject({ code: 'tensor-missing', tensor: 'conv_in.bias' });
  const misshapen = await changed((tensors) => tensors.set('conv_in.bias', two));
  await expect(openUnet(misshapen)).rejects.toMatchObject({
    code: 'tensor-shape',
    expected: '[8]',
    found: '[2]',
  });
  const extra = await changed((tensors) => tensors.set('another.bias', two));
  await expect(openUnet(extra)).rejects.toMatchObject({ code: 'tensor-extra', tensor: 'another.bias' });
  const infinite = await changed((tensors) => tensors.get('conv_in.bias')!.bytes.set([0, 0x7c], 4));
  await expect(openUnet(infinite)).rejects.toMatchObject({
    code: 'tensor-not-finite',
    tensor: 'conv_in.bias',
  });
});
