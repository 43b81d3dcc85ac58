import { TorchGenerator } from '../tensor/random.ts';
import { sizeOf, stack, type Tensor } from '../tensor/tensor.ts';
import type { NoiseSource } from './process.ts';

/**
 * Noise from torch's CPU generator: the n-th new question of a run is the n-th draw of its stream, which is the order of
 * diffusers and of the course. A question asked again is answered by replaying the stream from the seed, so that no
 * state is kept and none can be lost.
 *
 * @param seed  as for `torch.manual_seed`
 * @param shape  of one draw, [C, H, W] or [N, C, H, W]
 */
export function noiseStream(seed: number, shape: readonly number[]): NoiseSource {
  const generator = new TorchGenerator(seed);
  const answers = new Map<string, { index: number; count: number }>();
  const draws: number[] = [];
  const batch = shape.length === 4 ? shape[0]! : 1;
  return (purpose, t, size = shape) => {
    const full = size.length === 4 ? size : [batch, ...size];
    const count = sizeOf(full);
    const key = `${purpose} ${t}`;
    const known = answers.get(key);
    if (known && known.count === count) return { data: replay(seed, draws, known.index), shape: full };
    answers.set(key, { index: draws.length, count });
    draws.push(count);
    return { data: generator.randn(count), shape: full };
  };
}

function replay(seed: number, draws: readonly number[], index: number): Float32Array {
  const generator = new TorchGenerator(seed);
  for (const count of draws.slice(0, index)) generator.randn(count);
  return generator.randn(draws[index]!);
}

/**
 * One stream for each picture of a batch, as diffusers does with a list of generators: a picture comes out the same
 * alone and in company.
 *
 * @param shape  of one picture, [C, H, W]
 */
export function noisePerImage(seeds: readonly number[], shape: readonly number[]): NoiseSource {
  const streams = seeds.map((seed) => noiseStream(seed, shape));
  return (purpose, t, size) => stack(streams.map((stream): Tensor => stream(purpose, t, size)));
}
