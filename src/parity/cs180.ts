import { join } from 'node:path';
import { readSafetensors } from '../checkpoint/safetensors.ts';
import { factorized, highPass, lowPass } from '../diffusion/components.ts';
import { denoise, resultOf } from '../diffusion/denoise.ts';
import { guided, type NoiseEstimator } from '../diffusion/estimator.ts';
import { keepOutside, type Projection } from '../diffusion/inpaint.ts';
import { noiseStream } from '../diffusion/noise.ts';
import { addNoise, type NoiseSource, predictX0, type Timestep } from '../diffusion/process.ts';
import { ddpm } from '../diffusion/samplers.ts';
import { averageViews } from '../diffusion/view.ts';
import { flip, identity, views } from '../diffusion/views.ts';
import { gaussianBlur, gaussianKernel } from '../tensor/blur.ts';
import { absoluteError } from '../tensor/difference.ts';
import { blend, row, type Tensor } from '../tensor/tensor.ts';
import { type ParityResult, readListing, tensorNamed } from './compare.ts';
import { openStage, type ReferenceStage } from './stages.ts';

interface Listing {
  readonly timesteps: Timestep[];
  readonly gamma: number;
  readonly seed: number;
}

/** From a picture or without guidance, and guided from pure noise, where small differences grow. */
const TOLERANCE = 2e-3;
const TOLERANCE_GUIDED = 1e-2;

/** The taught loop, written out once in numpy: forward, blur, one step, iterative, sampling, guidance, edits, illusions. */
export async function* checkCs180(folder: string): AsyncGenerator<ParityResult> {
  const tensors = await readSafetensors(join(folder, 'cs180', 'cs180.safetensors'));
  const listing = await readListing<Listing>(join(folder, 'cs180', 'cs180.json'));
  await using base = await openStage(folder, 'tiny-if');
  const loop = taught(base, tensors, listing);
  for (const group of [noising, walks, edits, illusions]) yield* group(loop);
}

/** What the groups share: the reference's tensors, and the loop from noise and from a picture. */
function taught(
  base: ReferenceStage,
  tensors: ReadonlyMap<string, Tensor>,
  { timesteps, gamma, seed }: Listing,
) {
  const { alphaBar } = base;
  const get = (name: string) => tensorNamed(tensors, name);
  const image = get('image');
  const [photo, nothing, first, second] = [0, 1, 2, 3].map((i) => base.estimator(row(get('embeds'), i)));
  const draws = () => noiseStream(seed, image.shape);
  const run = (
    x: Tensor,
    from: number,
    estimator: NoiseEstimator,
    noise: NoiseSource,
    project?: Projection,
  ) => denoise(x, { estimator, alphaBar, timesteps: timesteps.slice(from), sampler: ddpm(), noise, project });
  return {
    tensors,
    timesteps,
    alphaBar,
    get,
    image,
    photo: photo!,
    first: first!,
    second: second!,
    draws,
    run,
    guide: (prompt: NoiseEstimator) => guided(prompt, nothing!, gamma),
    fromNoise(estimator: NoiseEstimator, project?: (noise: NoiseSource) => Projection) {
      const noise = draws();
      return resultOf(run(noise('start', timesteps[0]!), 0, estimator, noise, project?.(noise)));
    },
    fromPicture(from: number, estimator: NoiseEstimator) {
      const noise = draws();
      const t = timesteps[from]!;
      return resultOf(run(addNoise(image, noise('forward', t), alphaBar(t)), from, estimator, noise));
    },
    result: (name: string, found: Tensor, tolerance = TOLERANCE): ParityResult => ({
      group: `cs180/${name}`,
      worst: absoluteError(found, get(name)),
      tolerance,
    }),
  };
}

type Taught = ReturnType<typeof taught>;

async function* noising({ tensors, get, image, draws, alphaBar, photo, result }: Taught) {
  for (const key of tensors.keys()) {
    const [kind, level = ''] = key.split(/\.(?=t\d+)/);
    const t = Number(level.slice(1).split('.')[0]);
    if (kind === 'forward') yield result(key, addNoise(image, draws()('forward', t), alphaBar(t)));
    const blur = /^blur\.k(\d+)s([\d.]+)$/.exec(kind!);
    if (blur) yield result(key, gaussianBlur(get(`forward.t${t}`), Number(blur[1]), Number(blur[2])));
    if (kind === 'onestep' && key.endsWith('.eps')) {
      const noisy = get(`forward.t${t}`);
      const { noise } = await photo(noisy, t);
      yield result(key, noise);
      yield result(`onestep.t${t}.x0`, predictX0(noisy, noise, alphaBar(t)));
    }
  }
}

async function* walks({ tensors, timesteps, image, draws, alphaBar, photo, guide, run, ...loop }: Taught) {
  const { fromNoise, result } = loop;
  const framed = async function* (
    name: string,
    walk: AsyncGenerator<{ t: Timestep; x: Tensor }, Tensor>,
    tolerance: number,
  ) {
    for (;;) {
      const { done, value } = await walk.next();
      if (done) {
        yield result(`${name}.out`, value, tolerance);
        return;
      }
      const frame = `${name}.frame.t${value.t}`;
      if (tensors.has(frame)) yield result(frame, value.x, tolerance);
    }
  };
  const noise = draws();
  const start = addNoise(image, noise('forward', timesteps[10]!), alphaBar(timesteps[10]!));
  yield result('iterative.start', start);
  yield* framed('iterative', run(start, 10, photo, noise), TOLERANCE);
  yield result('sample.out', await fromNoise(photo));
  const fresh = draws();
  yield* framed('cfg', run(fresh('start', timesteps[0]!), 0, guide(photo), fresh), TOLERANCE_GUIDED);
}

async function* edits({ tensors, timesteps, get, image, alphaBar, photo, first, guide, ...loop }: Taught) {
  const { fromNoise, fromPicture, result } = loop;
  for (const key of tensors.keys()) {
    const edit = /^(sdedit|text_i2i)\.i(\d+)$/.exec(key);
    if (edit)
      yield result(key, await fromPicture(Number(edit[2]), guide(edit[1] === 'sdedit' ? photo : first)));
  }
  const mask = get('mask');
  const arrive = (noise: NoiseSource) => keepOutside(mask, image, alphaBar, noise);
  yield result('inpaint.arrive', await fromNoise(guide(photo), arrive), TOLERANCE_GUIDED);
  // As some notebooks do: the original noised to the level that x has just left.
  const leave =
    (noise: NoiseSource): Projection =>
    (x, t) =>
      blend(mask, x, addNoise(image, noise('inpaint', t), alphaBar(timesteps[timesteps.indexOf(t) - 1]!)));
  yield result('inpaint.leave', await fromNoise(guide(photo), leave), TOLERANCE_GUIDED);
}

async function* illusions({ get, image, first, second, guide, fromNoise, result }: Taught) {
  const [one, two] = [guide(first), guide(second)];
  const { kernelSize, sigma } = kernelOf(get('kernel'));
  const [low, high] = [lowPass(kernelSize, sigma), highPass(kernelSize, sigma)];
  const combined: Readonly<Record<string, NoiseEstimator>> = {
    'anagram.flip': averageViews([identity, one], [flip, two]),
    'anagram.rot180': averageViews([identity, one], [views.rotate180, two]),
    hybrid: factorized([low, one], [high, two]),
  };
  for (const [name, estimator] of Object.entries(combined)) {
    yield result(`${name}.mean`, await fromNoise(estimator), TOLERANCE_GUIDED);
    yield result(`${name}.first`, await fromNoise(withVarianceOf(one, estimator)), TOLERANCE_GUIDED);
  }
  yield result('hybrid.low_of_image', low(image));
}

/** The noise of one estimator with the variance of another. */
const withVarianceOf =
  (source: NoiseEstimator, estimator: NoiseEstimator): NoiseEstimator =>
  async (x, t) => {
    const [{ noise }, { variance }] = await Promise.all([estimator(x, t), source(x, t)]);
    return { noise, variance };
  };

/** The width and σ that a list of Gaussian taps was made with. */
function kernelOf({ data }: Tensor): { kernelSize: number; sigma: number } {
  const middle = (data.length - 1) / 2;
  const sigma = Math.sqrt(-1 / (2 * Math.log(data[middle + 1]! / data[middle]!)));
  const rounded = Math.round(sigma * 1000) / 1000;
  const taps = gaussianKernel(data.length, rounded);
  const same = taps.every((tap, i) => Math.abs(tap - data[i]!) < 1e-6);
  return { kernelSize: data.length, sigma: same ? rounded : sigma };
}
