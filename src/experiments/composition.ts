import type { GuidanceScale, NoiseEstimator } from '../diffusion/estimator.ts';
import { type GuidanceInterval, isWithin, scaleAt } from '../diffusion/guidance-interval.ts';
import { branches, NOTHING } from './params.ts';
import type { Pushed, Way } from './walk.ts';

/**
 * What a picture is made of: one estimator out of those of a stage. It is put together once for stage I and, with the same
 * prompts, views and components, once more for stage II, whose pictures are `size` wide.
 */
export type Composition = (stage: Pushed, size: number) => NoiseEstimator;

/**
 * Network calls of a walk that draws a composition: at each level one for each prompt, and where there is a push one for what
 * it is away from. It is guided in the interval alone where there is one.
 */
export function callsOn(
  { asksAt, timesteps }: Way,
  compose: Composition,
  usual: number,
  interval?: GuidanceInterval,
): number {
  const levels = asksAt(timesteps);
  let prompts = 0;
  // Upright estimates that are pushed away from the same share what that costs.
  const away = new Map<unknown, GuidanceScale[]>();
  compose((_, view, { guidanceScale = usual, negative = NOTHING } = {}) => {
    prompts++;
    const shared = view ? Symbol() : negative;
    away.set(shared, [...(away.get(shared) ?? []), guidanceScale]);
    return () => Promise.reject(new Error('only counted'));
  }, 64);
  const within = interval ? levels.filter((t) => isWithin(t, interval)) : levels;
  const pushedAt = (scales: readonly GuidanceScale[]) =>
    within.filter((t) => scales.some((scale) => branches(scaleAt(scale, t)) === 2)).length;
  return prompts * levels.length + [...away.values()].reduce((sum, scales) => sum + pushedAt(scales), 0);
}
