import { RecipeError } from '../errors.ts';
import { checkFunction, checkNumber, checkObject, LONGEST } from '../tensor/check.ts';
import { type AlphaBar, halfLogSnr, type Timestep } from './process.ts';
import { records } from './records.ts';
import { cosineAlphaBar, type PresetName, presetNames, presetTimesteps, spaced } from './schedule.ts';

/** How the levels of a run lie between the first and the last. */
export interface LevelSpacing {
  readonly alphaBar?: AlphaBar;
  readonly numTrainTimesteps?: number;
  /**
   * The run begins at the noisiest level that is not below this λ. The last timesteps of a cosine schedule run away to −10, where
   * steps even in λ see nothing but noise.
   */
  readonly lambdaMin?: number;
}

/**
 * n timesteps even in λ = log α/σ, falling to 0.
 *
 * Differs: levels are whole timesteps, rounded down, and a level that comes twice is visited once: where two fall together
 * there is one step less.
 *
 * @see Lu et al. 2022, "DPM-Solver", arXiv 2206.00927, section 3.4
 */
export const lambdaSpaced = (count: number, options: LevelSpacing = {}): Timestep[] =>
  spacedInSigma(count, options, Math.log, Math.exp);

/**
 * n timesteps whose noise levels σ̄ = σ/α are even in σ̄^(1/7): long strides through the noise, short ones at the end.
 *
 *     σ̄ᵢ = (σ̄_max^(1/ρ) + i/(n−1)·(σ̄_min^(1/ρ) − σ̄_max^(1/ρ)))^ρ,  ρ = 7          (eq. 5)
 *
 * Differs: as `lambdaSpaced` does.
 *
 * @see Karras et al. 2022, arXiv 2206.00364
 */
export const karrasSpaced = (count: number, options: LevelSpacing = {}): Timestep[] =>
  spacedInSigma(
    count,
    options,
    (sigma) => sigma ** (1 / 7),
    (root) => root ** 7,
  );

/** Even on the scale that `to` leads to and `back` leads back from. */
function spacedInSigma(
  count: number,
  options: LevelSpacing,
  to: (sigma: number) => number,
  back: (value: number) => number,
): Timestep[] {
  checkObject('options', options, '{ alphaBar, numTrainTimesteps, lambdaMin }');
  const { alphaBar = cosineAlphaBar, numTrainTimesteps = 1000, lambdaMin = -5.1 } = options;
  checkFunction('alphaBar', alphaBar);
  checkNumber('numTrainTimesteps', numTrainTimesteps, { min: 2, max: LONGEST, whole: true });
  if (typeof lambdaMin !== 'number' || !(lambdaMin < 0))
    throw new RecipeError('lambdaMin', `${lambdaMin} is no number below 0`);
  spaced(count, 'leading', 0, numTrainTimesteps); // refuses what is no number of steps
  const logSigmas = Array.from({ length: numTrainTimesteps }, (_, t) => -halfLogSnr(alphaBar(t)));
  const noisiest = logSigmas.findLastIndex((logSigma) => logSigma <= -lambdaMin);
  const [most, least] = [to(Math.exp(logSigmas[noisiest]!)), to(Math.exp(logSigmas[0]!))];
  const levels = Array.from({ length: count }, (_, i) => {
    const sigma = back(most + (i / Math.max(1, count - 1)) * (least - most));
    // What rounding took from a level that is met exactly is given back.
    return Math.max(
      0,
      logSigmas.findLastIndex((logSigma) => logSigma <= Math.log(sigma) + 1e-6),
    );
  });
  return [...new Set(levels)];
}

/**
 * n timesteps even in t, from where the taught loop begins: 0.99·T, and as far above the end as from each other. No step is
 * spent on t = 0, where hardly anything is left to do.
 */
export function uniformTimesteps(count: number, numTrainTimesteps = 1000): Timestep[] {
  spaced(count, 'leading', 0, numTrainTimesteps); // refuses what is no number of steps
  const first = Math.floor(0.99 * numTrainTimesteps);
  const n = Math.min(count, first);
  return Array.from({ length: n }, (_, i) => Math.round(first * (1 - i / n)));
}

/**
 * n timesteps that lie the closer together the more noise there is, where the words decide what is drawn:
 *
 *     tᵢ = 0.98·T·(1 − (i/(n − ½))²)
 *
 * The first sees hardly anything but noise; the half keeps the last stride, to a clean picture, short.
 *
 * Differs: levels are whole timesteps, and a level that comes twice is visited once: of many steps, some fall together.
 */
export function earlyTimesteps(count: number, numTrainTimesteps = 1000): Timestep[] {
  spaced(count, 'leading', 0, numTrainTimesteps); // refuses what is no number of steps
  const first = Math.floor(0.98 * numTrainTimesteps);
  const level = (i: number) => Math.round(first * (1 - (i / (count - 0.5)) ** 2));
  return [...new Set(Array.from({ length: count }, (_, i) => level(i)))];
}

/** A named way down the timesteps. */
export interface Itinerary {
  /** In words, for forms. */
  readonly title: string;
  /**
   * The levels of a run, falling.
   *
   * @param steps  how many; a named one of IF has its own number
   */
  readonly timesteps: (steps: number, alphaBar: AlphaBar, numTrainTimesteps: number) => Timestep[];
}

/** Ways to choose the timesteps of a run, without its end. */
export const itineraries = records<Itinerary>()({
  even: {
    title: 'even in t, with 0',
    timesteps: (steps, _alphaBar, numTrainTimesteps) => spaced(steps, 'leading', 0, numTrainTimesteps),
  },
  uniform: {
    title: 'even in t, without 0',
    timesteps: (steps, _alphaBar, numTrainTimesteps) => uniformTimesteps(steps, numTrainTimesteps),
  },
  lambda: {
    title: 'even in λ',
    timesteps: (steps, alphaBar, numTrainTimesteps) => lambdaSpaced(steps, { alphaBar, numTrainTimesteps }),
  },
  early: {
    title: 'close where the layout is decided',
    timesteps: (steps, _alphaBar, numTrainTimesteps) => earlyTimesteps(steps, numTrainTimesteps),
  },
  karras: {
    title: 'after Karras et al.',
    timesteps: (steps, alphaBar, numTrainTimesteps) => karrasSpaced(steps, { alphaBar, numTrainTimesteps }),
  },
  ...(Object.fromEntries(
    presetNames.map((name): [PresetName, Itinerary] => [
      name,
      { title: `IF’s ${name}`, timesteps: (_steps, _alphaBar, count) => presetTimesteps(name, count) },
    ]),
  ) as Record<PresetName, Itinerary>),
});

/** Name of an itinerary. */
export type ItineraryName = keyof typeof itineraries;
/** All of them, for forms and options. */
export const itineraryNames = Object.keys(itineraries) as [ItineraryName, ...ItineraryName[]];
