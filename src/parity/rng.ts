import { join } from 'node:path';
import { openSafetensors, readBytes, readSafetensors } from '../checkpoint/safetensors.ts';
import { absoluteError } from '../tensor/difference.ts';
import { TorchGenerator } from '../tensor/random.ts';
import { sizeOf, type Tensor } from '../tensor/tensor.ts';
import type { ParityResult } from './compare.ts';

/** One draw each, from a fresh generator: `<kind>.s<seed>.<shape>`. */
const draws: Record<string, (generator: TorchGenerator, count: number) => ArrayLike<number>> = {
  f32: (g, count) => g.randn(count),
  f16: (g, count) => g.randn16(count),
  rand: (g, count) => g.rand(count),
  engine24: (g, count) => Array.from({ length: count }, () => g.uint32() % 2 ** 24),
};

/** torch's CPU generator: words, uniforms, and normal values of three precisions. */
export async function* checkRng(folder: string): AsyncGenerator<ParityResult> {
  const file = join(folder, 'rng', 'randn-cpu.safetensors');
  const expected = await readSafetensors(file);
  const worst: Record<string, number> = {};
  const count = (group: string, error: number) => {
    worst[group] = Math.max(worst[group] ?? 0, error);
  };
  const streams = new Map<string, Tensor[]>();
  for (const [key, tensor] of expected) {
    const [kind = '', seed = '', index = ''] = key.split('.');
    const few = tensor.data.length < 16;
    if (kind === 'seq') {
      const stream = streams.get(seed) ?? [];
      stream[Number(index)] = tensor;
      streams.set(seed, stream);
    } else if (draws[kind]) {
      const found = draws[kind](generatorOf(seed), tensor.data.length);
      const group = kind === 'f32' && few ? 'f32-few' : kind;
      count(group, absoluteError({ data: Float32Array.from(found), shape: tensor.shape }, tensor));
    }
  }
  for (const [seed, stream] of streams) {
    const generator = generatorOf(seed);
    for (const tensor of stream) {
      const found = generator.randn(sizeOf(tensor.shape));
      count('seq', absoluteError({ data: found, shape: tensor.shape }, tensor));
    }
  }
  for (const [key, entry] of (await openSafetensors(file)).tensors) {
    if (!key.startsWith('f64.')) continue;
    const values = new Float64Array(await readBytes(entry));
    const found = generatorOf(key.split('.')[1]!).randn64(values.length);
    count(
      'f64',
      values.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!)), 0),
    );
  }
  // Without AVX2 torch takes logarithm and cosine from elsewhere, and differs from itself by up to 1.5e-6.
  const tolerances: Record<string, number> = {
    f32: 2e-6,
    seq: 2e-6,
    'f32-few': 1e-7,
    f64: 1e-15,
    f16: 0,
    rand: 0,
    engine24: 0,
  };
  for (const [group, error] of Object.entries(worst))
    yield { group: `rng/${group}`, worst: error, tolerance: tolerances[group]! };
}

const generatorOf = (seed: string): TorchGenerator => new TorchGenerator(BigInt(seed.slice(1)));
