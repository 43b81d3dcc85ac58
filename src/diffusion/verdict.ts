import { ArgumentError, ShapeError } from '../errors.ts';
import { checkFunction, checkImages, checkList, checkNumber, checkObject } from '../tensor/check.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Prompted } from './cascade.ts';
import type { NoiseEstimator } from './estimator.ts';
import { type AlphaBar, addNoise, type NoiseSource, type Timestep } from './process.ts';

/**
 * How well a picture shows each of some prompts. 0 says: no better than no prompt at all; more is better. The model's own
 * is `diffusionClassifier`; CLIP's similarity, or anything else that looks at pictures, can take its place.
 *
 * @param picture  [1, 3, H, W] in [-1, 1], as it is seen
 */
export type Classifier = (picture: Tensor, prompts: readonly string[]) => Promise<readonly number[]>;

/** One way to look at a picture, and what it should show then. */
export interface Side {
  readonly prompt: string;
  /** The picture as it is seen: through a view, or from afar. */
  readonly seen: (picture: Tensor) => Tensor;
}

/** What a classifier says about one side. */
export interface SideVerdict {
  readonly prompt: string;
  /** Over no prompt: Sᵢᵢ. */
  readonly gain: number;
  /** Over the strongest of the other sides' prompts; absent when there is no other. */
  readonly overOthers?: number | undefined;
  /** Over the subject that fits best, and which one that is; absent when none were shown to the classifier. */
  readonly overSubjects?: number | undefined;
  readonly nearest?: string | undefined;
}

/** What the model, as judge, says of an illusion. */
export interface Verdict {
  /** A = minᵢ Sᵢᵢ: the evidence of the weakest side. */
  readonly alignment: number;
  /** C in (0, 1): 1 when each side shows its own prompt and hides the others, 1/n when sides cannot be told apart. */
  readonly concealment: number;
  readonly sides: readonly SideVerdict[];
}

/**
 * Whether an illusion works. With Sᵢⱼ the evidence for prompt j in the picture as side i sees it:
 *
 *     A = minᵢ Sᵢᵢ,     C = (1/n)·tr softmax(S/τ)
 *
 * Differs: C takes the mean of the softmax over prompts and that over sides. A side that betrays another's prompt loses
 * by the first, a prompt that is seen from every side by the second.
 *
 * @param options  `temperature` is τ, in units of the classifier; `subjects` are prompts for everything else the picture might
 *   show
 * @see Geng, Park, Owens 2024, "Visual Anagrams", arXiv 2311.17919: alignment and concealment
 */
export async function verdict(
  picture: Tensor,
  sides: readonly Side[],
  classify: Classifier,
  options: { temperature?: number; subjects?: readonly string[] } = {},
): Promise<Verdict> {
  checkList('sides', sides);
  for (const side of sides) checkFunction('side.seen', side?.seen);
  checkFunction('classify', classify);
  checkObject('options', options, '{ temperature, subjects }');
  const { temperature = TEMPERATURE, subjects = [] } = options;
  const prompts = sides.map(({ prompt }) => prompt);
  const found: SideVerdict[] = [];
  const evidence: number[][] = [];
  for (const [i, { prompt, seen }] of sides.entries()) {
    const all = await classify(seen(picture), [...prompts, ...subjects]);
    checkList('the classifier’s answer', all);
    const own = all.slice(0, prompts.length);
    const rest = all.slice(prompts.length);
    const gain = own[i]!;
    evidence.push(own);
    found.push({
      prompt,
      gain,
      ...(own.length > 1 && { overOthers: gain - Math.max(...own.filter((_, j) => j !== i)) }),
      ...(rest.length > 0 && {
        overSubjects: gain - Math.max(...rest),
        nearest: subjects[rest.indexOf(Math.max(...rest))],
      }),
    });
  }
  return {
    alignment: Math.min(...found.map(({ gain }) => gain)),
    concealment: concealment(evidence, temperature),
    sides: found,
  };
}

/** τ of the diffusion classifier: a gain of 0.02 over another prompt is e : 1. */
export const TEMPERATURE = 0.02;

/** (1/n)·tr softmax(S/τ), the mean of both directions. */
export function concealment(evidence: readonly (readonly number[])[], temperature: number): number {
  checkList('evidence', evidence);
  for (const row of evidence) {
    checkList('row of evidence', row);
    for (const value of row) checkNumber('evidence', value);
  }
  checkNumber('temperature', temperature, { above: 0 });
  const share = (row: readonly number[], i: number): number => {
    const most = Math.max(...row);
    const powers = row.map((value) => Math.exp((value - most) / temperature));
    return powers[i]! / powers.reduce((total, value) => total + value, 0);
  };
  const shares = evidence.flatMap((row, i) => [
    share(row, i),
    share(
      evidence.map((other) => other[i]!),
      i,
    ),
  ]);
  return shares.reduce((total, value) => total + value, 0) / shares.length;
}

/** How closely the judge looks: which noise, how often. */
export interface Looking {
  readonly alphaBar: AlphaBar;
  /** Asked with purpose 'verdict': the same for every prompt, so that what the noise does to both is no difference. */
  readonly noise: NoiseSource;
  readonly levels?: readonly Timestep[] | undefined;
}

/** Where a 64-pixel picture's subject is decided: above them nothing is left of it, below them every prompt knows it. */
export const LEVELS: readonly Timestep[] = [200, 350, 500, 650];

/**
 * The model as a classifier of its own pictures: the picture is noised, and a prompt that is true of it makes the noise
 * easier to find than no prompt does.
 *
 *     E(p) = ‖ε_θ(√ᾱ·x + √(1−ᾱ)·ε, t | p) − ε‖²,     Sₚ = mean over t of (E(∅) − E(p)) / E(∅)
 *
 * Differs: a relative error, since E falls a hundredfold from low levels to high ones and a plain mean would hear the
 * lowest alone.
 *
 * @param nothing  the prompt that says nothing
 * @see Li et al. 2023, "Your Diffusion Model is Secretly a Zero-Shot Classifier", arXiv 2303.16203
 */
export function diffusionClassifier(stage: Prompted, nothing: string, looking: Looking): Classifier {
  checkFunction('stage', stage);
  if (typeof nothing !== 'string')
    throw new ArgumentError('nothing', nothing, 'the prompt that says nothing');
  checkObject('looking', looking, '{ alphaBar, noise, levels }');
  const { levels = LEVELS } = looking;
  checkFunction('noise', looking.noise);
  return async (picture, prompts) => {
    checkImages('picture to be judged', picture);
    checkList('prompts', prompts);
    if (picture.shape[0] !== 1) throw new ShapeError('picture to be judged', picture.shape, '[1, 3, H, W]');
    const total = prompts.map(() => 0);
    for (const t of levels) {
      const errors = await Promise.all(
        [nothing, ...prompts].map((prompt) => noiseError(stage(prompt), picture, t, looking)),
      );
      for (const i of total.keys()) total[i]! += (errors[0]! - errors[i + 1]!) / errors[0]!;
    }
    return total.map((value) => value / levels.length);
  };
}

/**
 * How far the estimate of the noise is from the noise that was added, a mean over the values of the picture:
 *
 *     ‖ε_θ(√ᾱ·x + √(1−ᾱ)·ε, t) − ε‖² / n          (DDPM, eq. 14, for one t and one ε)
 *
 * @param picture  [N, C, H, W] in [-1, 1]
 */
export async function noiseError(
  estimator: NoiseEstimator,
  picture: Tensor,
  t: Timestep,
  looking: Pick<Looking, 'alphaBar' | 'noise'>,
): Promise<number> {
  checkFunction('estimator', estimator);
  checkImages('picture', picture);
  checkObject('looking', looking, '{ alphaBar, noise }');
  const { alphaBar, noise } = looking;
  checkFunction('noise', noise);
  const { data: truth, shape } = noise('verdict', t, picture.shape.slice(1));
  const estimate = await estimator(addNoise(picture, { data: truth, shape }, alphaBar(t)), t);
  checkImages('estimate', estimate?.noise);
  const found = estimate.noise.data;
  let total = 0;
  for (let i = 0; i < truth.length; i++) total += (found[i]! - truth[i]!) ** 2;
  return total / truth.length;
}
