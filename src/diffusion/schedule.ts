import { ArgumentError, RecipeError } from '../errors.ts';
import { checkFunction, checkKey, checkList, checkNumber, checkObject, LONGEST } from '../tensor/check.ts';
import { roundHalfEven } from '../tensor/rounding.ts';
import { type AlphaBar, CLEAN, type Timestep } from './process.ts';

/** How a model was noised in training; the keys of diffusers' scheduler_config.json that matter for ᾱ. */
export interface BetaSchedule {
  readonly numTrainTimesteps: number;
  readonly betaSchedule: 'linear' | 'scaled_linear' | 'squaredcos_cap_v2';
  readonly betaStart?: number;
  readonly betaEnd?: number;
}

/**
 * β_t in float32, as torch holds them. Cosine: β_t = min(1 − f((t+1)/T)/f(t/T), 0.999), f(u) = cos²((u+0.008)/1.008·π/2).
 *
 * @throws {ArgumentError} when the schedule is not known, or a number out of its range
 */
export function betas(schedule: BetaSchedule): Float32Array {
  checkObject('schedule', schedule, '{ numTrainTimesteps, betaSchedule }');
  const { numTrainTimesteps: count, betaSchedule, betaStart = 1e-4, betaEnd = 0.02 } = schedule;
  checkNumber('numTrainTimesteps', count, { min: 1, max: LONGEST, whole: true });
  checkNumber('betaStart', betaStart, { min: 0, max: 1 });
  checkNumber('betaEnd', betaEnd, { min: 0, max: 1 });
  const f = (u: number) => Math.cos(((u + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
  const line = (a: number, b: number, i: number) => a + ((b - a) * i) / (count - 1);
  const formulas = {
    squaredcos_cap_v2: (i: number) => Math.min(1 - f((i + 1) / count) / f(i / count), 0.999),
    linear: (i: number) => line(betaStart, betaEnd, i),
    scaled_linear: (i: number) => line(Math.sqrt(betaStart), Math.sqrt(betaEnd), i) ** 2,
  };
  checkKey('betaSchedule', betaSchedule, formulas);
  return Float32Array.from({ length: count }, (_, i) => formulas[betaSchedule](i));
}

/** ᾱ_t = Π_{s ≤ t} (1 − β_s), diffusers' `alphas_cumprod` bit for bit: float32 factors, multiplied in double precision. */
export function alphasCumprod(schedule: BetaSchedule): Float32Array {
  let product = 1;
  return betas(schedule).map((beta) => {
    product *= Math.fround(1 - beta);
    return product;
  });
}

/**
 * ᾱ_t of a schedule, from its table.
 *
 * @throws {ArgumentError} later, for a timestep that is none of its own
 */
export function alphaBarOf(schedule: BetaSchedule): AlphaBar {
  const table = alphasCumprod(schedule);
  return (t) => {
    if (t === CLEAN) return 1;
    const value = table[t];
    if (value === undefined)
      throw new ArgumentError(
        'timestep',
        t,
        `a whole number from 0 to ${table.length - 1}, as the model was trained on, or CLEAN`,
      );
    return value;
  };
}

/** IF's own: squared cosine over 1000 timesteps. */
export const cosineAlphaBar: AlphaBar = alphaBarOf({
  numTrainTimesteps: 1000,
  betaSchedule: 'squaredcos_cap_v2',
});

/** The course's itinerary: from, from − stride, …, to. 990 to 0 by 30 is 34 levels, 33 steps. */
export function strided(from: Timestep, to: Timestep, stride: number): Timestep[] {
  checkNumber('to', to, { min: CLEAN, whole: true });
  checkNumber('from', from, { min: to, max: LONGEST, whole: true });
  checkNumber('stride', stride, { min: 1, whole: true });
  return Array.from({ length: Math.floor((from - to) / stride) + 1 }, (_, i) => from - i * stride);
}

/** From a level down to 0 by a stride; where it does not divide, the last step is a shorter one. */
export function stridedToZero(from: Timestep, stride: number): Timestep[] {
  const levels = strided(from, 0, stride);
  return levels.at(-1) === 0 ? levels : [...levels, 0];
}

/** How inference steps lie in the training range, with the names of diffusers. */
export type Spacing = 'leading' | 'linspace' | 'trailing';

/** n timesteps over the whole training range, spaced as diffusers' `set_timesteps(n)` does. */
export function spaced(
  count: number,
  spacing: Spacing = 'leading',
  stepsOffset = 0,
  numTrainTimesteps = 1000,
): Timestep[] {
  checkNumber('numTrainTimesteps', numTrainTimesteps, { min: 1, max: LONGEST, whole: true });
  checkNumber('stepsOffset', stepsOffset, { min: 0, max: LONGEST, whole: true });
  if (!Number.isInteger(count) || count < 1 || count > numTrainTimesteps) {
    throw new RecipeError(
      'steps',
      `${String(count)} steps asked for`,
      `give a whole number from 1 to ${numTrainTimesteps}`,
    );
  }
  const last = numTrainTimesteps - 1;
  const formulas: Record<Spacing, (i: number) => number> = {
    leading: (i) => (count - 1 - i) * Math.floor(numTrainTimesteps / count) + stepsOffset,
    linspace: (i) => roundHalfEven((count - 1 - i) * (last / Math.max(1, count - 1))),
    trailing: (i) => roundHalfEven(numTrainTimesteps - (i * numTrainTimesteps) / count) - 1,
  };
  checkKey('spacing', spacing, formulas);
  return Array.from({ length: count }, (_, i) => formulas[spacing](i));
}

/** The end of a full run: one more level, where nothing is left of the noise. */
export function endingClean(timesteps: readonly Timestep[]): Timestep[] {
  checkList('timesteps', timesteps);
  return [...timesteps, CLEAN];
}

/**
 * The last `share` of the steps of a full run, rounded down, but one at the least: where an edit of a picture begins.
 *
 * @param timesteps  ending in CLEAN
 */
export function lastShare(timesteps: readonly Timestep[], share: number): Timestep[] {
  checkList('timesteps', timesteps);
  checkNumber('share', share, { min: 0, max: 1 });
  return timesteps.slice(-Math.max(1, Math.floor((timesteps.length - 1) * share)) - 1);
}

/**
 * The levels of a run, as they were given.
 *
 * @param alphaBar  of the model: knows which timesteps it was trained on
 * @throws {RecipeError} when the list is empty, does not fall strictly, or leaves the training range
 */
export function checkTimesteps(
  timesteps: readonly Timestep[],
  alphaBar: AlphaBar = cosineAlphaBar,
): readonly Timestep[] {
  const expected = 'give the levels that are visited, falling, as in [990, 960, …, 0, CLEAN]';
  if (!Array.isArray(timesteps)) throw new RecipeError('timesteps', 'no list of timesteps', expected);
  if (timesteps.length === 0) throw new RecipeError('timesteps', 'the list is empty', expected);
  checkFunction('alphaBar', alphaBar);
  timesteps.forEach((t, i) => {
    if (!Number.isInteger(t)) throw new RecipeError('timesteps', `${t} is no whole number`, expected);
    if (i > 0 && t >= timesteps[i - 1]!)
      throw new RecipeError(
        'timesteps',
        `must fall strictly, but ${timesteps[i - 1]} is followed by ${t}`,
        expected,
      );
    const a = levelOf(t, alphaBar);
    if (!(a > 0 && a <= 1)) throw new RecipeError('timesteps', `ᾱ is ${a} at ${t}, and no level of noise`);
  });
  return timesteps;
}

function levelOf(t: Timestep, alphaBar: AlphaBar): number {
  try {
    return alphaBar(t);
  } catch (error) {
    throw new RecipeError('timesteps', (error as Error).message);
  }
}

/**
 * IF's named itineraries: the training range in equal sections, and how many steps are taken in each, from t = 0 upwards.
 * More where it matters: at the end for super-resolution, at both ends for the others.
 *
 * @see deep-floyd/IF, `space_timesteps` of improved-diffusion
 */
const sections = {
  fast27: [10, 10, 3, 2, 2],
  smart27: [7, 4, 2, 1, 2, 4, 7],
  smart50: [10, 6, 4, 3, 2, 2, 3, 4, 6, 10],
  smart100: [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 7, 8, 9, 10, 13],
  smart185: [1, 1, 2, 2, 2, 3, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20],
  super27: [1, 1, 1, 1, 1, 1, 1, 2, 5, 13],
  super40: [2, 2, 2, 2, 2, 2, 3, 4, 6, 15],
  super100: [4, 4, 6, 6, 8, 8, 10, 10, 14, 30],
} satisfies Record<string, readonly number[]>;

/** Name of one of IF's itineraries. */
export type PresetName = keyof typeof sections;
/** All of them, for forms and options. */
export const presetNames = Object.keys(sections) as [PresetName, ...PresetName[]];

/**
 * The timesteps of one of IF's named itineraries, falling to 0. Its name ends in how many they are.
 *
 * @param numTrainTimesteps  of the model; 100 at least
 * @throws {ArgumentError} when there is none of that name
 * @see deep-floyd/IF, `space_timesteps`
 */
export function presetTimesteps(name: PresetName, numTrainTimesteps = 1000): Timestep[] {
  checkKey('name', name, sections);
  checkNumber('numTrainTimesteps', numTrainTimesteps, { min: 100, max: LONGEST, whole: true });
  const counts = sections[name];
  // The first sections are longer by one where the range does not divide.
  const [size, longer] = [Math.floor(numTrainTimesteps / counts.length), numTrainTimesteps % counts.length];
  const rising = counts.flatMap((count, i) => {
    const first = i * size + Math.min(i, longer);
    const last = first + size - (i < longer ? 0 : 1);
    const stride = count > 1 ? (last - first) / (count - 1) : 1;
    const taken: Timestep[] = [];
    // Added up, not multiplied: the original rounds what that gives.
    for (let at = 0; taken.length < count; at += stride) taken.push(first + roundHalfEven(at));
    return taken;
  });
  return rising.reverse();
}
