import { ArgumentError } from '../errors.ts';
import { checkList, checkNumber, checkShape } from '../tensor/check.ts';
import { TorchGenerator } from '../tensor/random.ts';
import { sizeOf, stack, type Tensor } from '../tensor/tensor.ts';
import type { NoiseSource } from './process.ts';

/** A question that noise was drawn for: what for, at which level, and how many values. */
export interface NoiseQuestion {
  readonly key: string;
  readonly count: number;
}

/** Noise that knows what it was asked, in order: whoever takes up a run again begins with that. */
export interface NoiseStream extends NoiseSource {
  readonly asked: readonly NoiseQuestion[];
}

/**
 * Noise from torch's CPU generator: the n-th new question of a run is the n-th draw of its stream, which is the order of
 * diffusers and of the course. A question asked again is answered by replaying the stream from the seed, so that no
 * state is kept and none can be lost.
 *
 * @param seed  as for `torch.manual_seed`
 * @param shape  of one draw, [C, H, W] or [N, C, H, W]
 * @param asked  of a stream with the same seed: this one goes on where that one was
 * @throws {ArgumentError} when the seed is no whole number, or the shape none
 */
export function noiseStream(
  seed: number,
  shape: readonly number[],
  asked: readonly NoiseQuestion[] = [],
): NoiseStream {
  checkShape('shape', shape);
  if (!Array.isArray(asked)) throw new ArgumentError('asked', asked, 'what another stream was asked');
  const generator = new TorchGenerator(seed);
  const questions: NoiseQuestion[] = [...asked];
  for (const question of questions) generator.randn(question?.count);
  const indices = new Map(questions.map(({ key }, index) => [key, index]));
  const batch = shape.length === 4 ? shape[0]! : 1;
  const source: NoiseSource = (purpose, t, size = shape) => {
    checkNumber('t', t);
    const full = size.length === 4 ? size : [batch, ...size];
    const count = sizeOf(full);
    const key = `${purpose} ${t}`;
    const known = indices.get(key);
    if (known !== undefined && questions[known]!.count === count)
      return { data: replay(seed, questions, known), shape: full };
    indices.set(key, questions.length);
    questions.push({ key, count });
    return { data: generator.randn(count), shape: full };
  };
  return Object.assign(source, { asked: questions });
}

function replay(seed: number, questions: readonly NoiseQuestion[], index: number): Float32Array {
  const generator = new TorchGenerator(seed);
  for (const { count } of questions.slice(0, index)) generator.randn(count);
  return generator.randn(questions[index]!.count);
}

/**
 * One stream for each picture of a batch, as diffusers does with a list of generators: a picture comes out the same
 * alone and in company.
 *
 * @param shape  of one picture, [C, H, W]
 * @param asked  as for `noiseStream`: each of the streams was asked the same
 */
export function noisePerImage(
  seeds: readonly number[],
  shape: readonly number[],
  asked: readonly NoiseQuestion[] = [],
): NoiseStream {
  checkList('seeds', seeds);
  for (const seed of seeds) checkNumber('seed', seed, { whole: true });
  const streams = seeds.map((seed) => noiseStream(seed, shape, asked));
  const source: NoiseSource = (purpose, t, size) =>
    stack(streams.map((stream): Tensor => stream(purpose, t, size)));
  return Object.assign(source, { asked: streams[0]!.asked });
}
