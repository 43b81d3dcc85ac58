import type { NoiseEstimator } from '../src/diffusion/estimator.ts';
import { predictX0 } from '../src/diffusion/process.ts';
import type { ExperimentEvent } from '../src/experiments/experiment.ts';
import { type Picture, toPicture } from '../src/images/picture.ts';
import type { Models } from '../src/models/model.ts';
import { rows, type Tensor, weightedSum } from '../src/tensor/tensor.ts';

/** What a network answered about a picture under a prompt: `x` is the picture as that prompt sees it, turned or not. */
interface Look {
  readonly prompt: string;
  readonly x: Tensor;
  readonly t: number;
  readonly noise: Tensor;
}

/** A step as a figure keeps it. */
export interface Taken {
  readonly label: string;
  readonly index: number;
  readonly count: number;
  readonly t: number;
  readonly tNext: number;
  readonly alphaBar: number;
  /** x_t and x̂₀, the pictures of a batch side by side. */
  readonly x: Picture;
  readonly x0: Picture;
  readonly stage: 'base' | 'upscaler';
  /** Of stage I: what each prompt saw. */
  readonly looks: readonly Look[];
}

type StepEvent = ExperimentEvent & { type: 'step' };

/** What was seen at a step, by its picture: a branch passes by the steps that it shares, and asks nobody about them. */
const noted = new WeakMap<Tensor, readonly Look[]>();

/** Models whose answers are noted, so that a step can show what each prompt saw in it. */
export function noting({ base, upscaler }: Models): { models: Models; taken(event: StepEvent): Taken } {
  let looks: Look[] = [];
  const noting =
    (prompt: string, estimator: NoiseEstimator): NoiseEstimator =>
    async (x, t) => {
      const estimate = await estimator(x, t);
      looks.push({ prompt, x, t, noise: estimate.noise });
      return estimate;
    };
  const estimator = (prompt: string) => noting(prompt, base.estimator(prompt));
  return {
    models: { base: { ...base, estimator }, upscaler },
    taken({ label, index, count, stage, step: { t, tNext, x, x0 } }) {
      const first = stage === 'base';
      const fresh = looks.filter((look) => look.t === t);
      looks = [];
      if (first && fresh.length > 0) noted.set(x, fresh);
      const alphaBar = (first ? base : upscaler)!.alphaBar(t);
      const place = { label, index, count, stage, t, tNext, alphaBar };
      return { ...place, x: pictureOf(x), x0: pictureOf(x0), looks: noted.get(x) ?? [] };
    },
  };
}

/** What a look makes of the picture: x̂₀ under its prompt alone. */
export const seenIn = ({ x, noise }: Look, { alphaBar }: Taken): Picture =>
  pictureOf(predictX0(x, noise, alphaBar));

/** A prompt with what is seen in the same picture without one. */
export interface Pull {
  readonly with: Look;
  readonly without?: Look | undefined;
  /** Root of the mean square of ε_c − ε_u: how much the prompt wants changed. */
  readonly strength?: number | undefined;
}

/** The prompts that were asked in a step, each with what it is pushed away from. */
export function pullsOf({ looks }: Taken): Pull[] {
  const prompts = looks.filter(({ prompt }) => prompt !== '');
  return prompts.map((look) => {
    const without = looks.find(({ prompt, x }) => prompt === '' && x === look.x);
    return { with: look, without, strength: without && rms(look.noise, without.noise) };
  });
}

function rms(a: Tensor, b: Tensor): number {
  let total = 0;
  for (let i = 0; i < a.data.length; i++) total += (a.data[i]! - b.data[i]!) ** 2;
  return Math.sqrt(total / a.data.length);
}

/** x̂₀ of the two estimates pushed apart by γ, as `guided` has it: what another γ would have seen in this step. */
export const pushedBy = (gamma: number, { with: c, without: u }: Pull, { alphaBar }: Taken): Picture =>
  pictureOf(predictX0(c.x, u ? weightedSum([1 - gamma, u.noise], [gamma, c.noise]) : c.noise, alphaBar));

/** What a prompt adds to the picture, around grey, as many times stronger as it takes to be seen. */
export function addedBy(
  { with: c, without: u }: Pull,
  { alphaBar }: Taken,
): { picture: Picture; times: number } {
  const [conditional, unconditional] = [c, u!].map(({ noise }) => predictX0(c.x, noise, alphaBar));
  const doublings = Math.round(Math.log2(VISIBLE / rms(conditional!, unconditional!)));
  const times = 2 ** Math.max(0, Math.min(MOST_DOUBLINGS, doublings));
  return { picture: pictureOf(weightedSum([times, conditional!], [-times, unconditional!])), times };
}

/** A deviation from grey that is seen well, of values in [-1, 1]. */
const VISIBLE = 0.25;
/** Beyond, there would be nothing but how float32 is rounded. */
const MOST_DOUBLINGS = 12;

/** A batch as one picture, side by side. */
export function pictureOf(batch: Tensor): Picture {
  const pictures = rows(batch).map(toPicture);
  const [{ width, height, channels }] = pictures as [Picture];
  if (pictures.length === 1) return pictures[0]!;
  const data = new Uint8Array(pictures.length * width * height * channels);
  const line = width * channels;
  for (const [n, { data: one }] of pictures.entries())
    for (let y = 0; y < height; y++)
      data.set(one.subarray(y * line, (y + 1) * line), (y * pictures.length + n) * line);
  return { width: width * pictures.length, height, channels, data };
}
