import { checkNumber, checkObject } from '../tensor/check.ts';
import type { GuidanceScale } from './estimator.ts';
import type { Timestep } from './process.ts';

/** Noise levels, both included. */
export interface GuidanceInterval {
  readonly from: Timestep;
  readonly to: Timestep;
}

export const isWithin = (t: Timestep, { from, to }: GuidanceInterval): boolean => t >= to && t <= from;

/** γ at a noise level. */
export const scaleAt = (guidanceScale: GuidanceScale, t: Timestep): number =>
  typeof guidanceScale === 'function' ? guidanceScale(t) : guidanceScale;

/**
 * Guidance inside an interval of noise levels alone: above it pushes all pictures of a prompt to the same one, below it
 * hardly changes anything, and each costs a call.
 *
 *     γ(t) = γ for to ≤ t ≤ from, else 1
 *
 * @see Kynkäänniemi et al. 2024, "Applying Guidance in a Limited Interval", arXiv 2404.07724
 */
export function guidanceInterval(guidanceScale: GuidanceScale, interval: GuidanceInterval): GuidanceScale {
  if (typeof guidanceScale !== 'function') checkNumber('guidanceScale', guidanceScale);
  checkObject('interval', interval, '{ from, to }, noise levels');
  const { from, to } = interval;
  checkNumber('from', from);
  checkNumber('to', to, { max: from });
  return (t) => (isWithin(t, interval) ? scaleAt(guidanceScale, t) : 1);
}
