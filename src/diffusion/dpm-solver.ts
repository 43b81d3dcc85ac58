import { weightedSum } from '../tensor/tensor.ts';
import { CLEAN, halfLogSnr, noiseRate, signalRate } from './process.ts';
import type { Sampler, Step } from './sampler.ts';

/**
 * DPM-Solver++(2M): the picture is a line in λ, drawn through this x̂₀ and the one before, and what is left of x falls with σ.
 *
 *     h = λ_t′ − λ_t,  r = h_before / h,  D = x̂₀ + (x̂₀ − x̂₀_before)/2r
 *     x_t′ = σ_t′/σ_t·x_t − α_t′·(e^−h − 1)·D          (Algorithm 2)
 *
 * with α = √ᾱ, σ = √(1−ᾱ), λ = log α/σ. The first step has nothing before it, and the one into CLEAN has an infinite h:
 * there D = x̂₀, which is DDIM.
 *
 * @see Lu et al. 2022, "DPM-Solver++", arXiv 2211.01095
 */
export const dpmSolver2M = (): Sampler => (step, alphaBar) => {
  const { t, tNext, x } = step;
  const [a, aNext] = [alphaBar(t), alphaBar(tNext)];
  const h = halfLogSnr(aNext) - halfLogSnr(a);
  return weightedSum(
    [noiseRate(aNext) / noiseRate(a), x],
    ...extrapolated(step, h, alphaBar, -signalRate(aNext) * Math.expm1(-h)),
  );
};

/**
 * SDE-DPM-Solver++(2M): the same line, for the stochastic equation. What noise it takes away it draws anew.
 *
 *     x_t′ = σ_t′/σ_t·e^−h·x_t + α_t′·(1 − e^−2h)·D + σ_t′·√(1 − e^−2h)·z
 *
 * @see Lu et al. 2022, "DPM-Solver++", arXiv 2211.01095, section 5
 */
export const sdeDpmSolver2M = (): Sampler => (step, alphaBar, noise) => {
  const { t, tNext, x } = step;
  const [a, aNext] = [alphaBar(t), alphaBar(tNext)];
  const h = halfLogSnr(aNext) - halfLogSnr(a);
  const renewed = -Math.expm1(-2 * h);
  const known = [
    [(noiseRate(aNext) / noiseRate(a)) * Math.exp(-h), x] as const,
    ...extrapolated(step, h, alphaBar, signalRate(aNext) * renewed),
  ];
  if (tNext === CLEAN) return weightedSum(...known);
  return weightedSum(...known, [noiseRate(aNext) * Math.sqrt(renewed), noise('step', tNext)]);
};

/** The terms of weight·D, D = x̂₀ + (x̂₀ − x̂₀_before)/2r. */
function extrapolated(
  { t, tNext, x0, past }: Step,
  h: number,
  alphaBar: (t: number) => number,
  weight: number,
): (readonly [number, Step['x0']])[] {
  const before = past[0];
  if (!before || tNext === CLEAN) return [[weight, x0]];
  const r = (halfLogSnr(alphaBar(t)) - halfLogSnr(alphaBar(before.t))) / h;
  const slope = weight / (2 * r);
  return [
    [weight + slope, x0],
    [-slope, before.x0],
  ];
}
