import { checkNumber } from '../tensor/check.ts';
import { type Tensor, weightedSum } from '../tensor/tensor.ts';

/** Training timestep 0 … 999, or CLEAN, the end of a run, where ᾱ = 1. */
export type Timestep = number;
/** The end of a run: nothing is left of the noise, ᾱ = 1. */
export const CLEAN: Timestep = -1;

/** ᾱ_t; 1 at CLEAN. Throws ArgumentError for a timestep the model was not trained on. */
export type AlphaBar = (t: Timestep) => number;

/**
 * Standard normal values asked for by purpose and timestep: the same question has the same answer, in any order and as
 * often as one likes. `shape` is that of one image, [C, H, W]; without it the run's own.
 */
export type NoiseSource = (purpose: string, t: Timestep, shape?: readonly number[]) => Tensor;

/**
 * √ᾱ, which is α_t in the notation of DPM-Solver: how much of the picture is in x_t.
 *
 * @throws {ArgumentError} unless ᾱ is a number above 0, 1 or less
 */
export function signalRate(alphaBar: number): number {
  checkNumber('alphaBar', alphaBar, { above: 0, max: 1 });
  return Math.sqrt(alphaBar);
}

/**
 * √(1−ᾱ), which is σ_t in the notation of DPM-Solver: how much of the noise is in x_t.
 *
 * @throws {ArgumentError} unless ᾱ is a number above 0, 1 or less
 */
export function noiseRate(alphaBar: number): number {
  checkNumber('alphaBar', alphaBar, { above: 0, max: 1 });
  return Math.sqrt(1 - alphaBar);
}

/**
 * The forward process: a clean picture, noised to level ᾱ.
 *
 *     x_t = √ᾱ·x₀ + √(1−ᾱ)·ε          (DDPM, eq. 4)
 *
 * @see Ho, Jain, Abbeel 2020, arXiv 2006.11239
 */
export const addNoise = (x0: Tensor, noise: Tensor, alphaBar: number): Tensor =>
  weightedSum([signalRate(alphaBar), x0], [noiseRate(alphaBar), noise]);

/**
 * The clean picture that an estimate of the noise implies.
 *
 *     x̂₀ = (x_t − √(1−ᾱ)·ε) / √ᾱ          (DDPM, eq. 15)
 *
 * @param x  and `noise`: of one shape
 * @throws {ArgumentError | ShapeError} unless 0 < ᾱ ≤ 1 and the shapes are equal
 */
export const predictX0 = (x: Tensor, noise: Tensor, alphaBar: number): Tensor =>
  weightedSum([1 / signalRate(alphaBar), x], [-noiseRate(alphaBar) / signalRate(alphaBar), noise]);

/**
 * SNR(t) = ᾱ_t / (1 − ᾱ_t), how much more of the picture there is than of the noise, as variances; infinite at CLEAN.
 *
 * @throws {ArgumentError} unless ᾱ is a number above 0, 1 or less
 */
export function snr(alphaBar: number): number {
  checkNumber('alphaBar', alphaBar, { above: 0, max: 1 });
  return alphaBar / (1 - alphaBar);
}

/**
 * λ = log α/σ = ½·log SNR, the time in which DPM-Solver's steps are even; infinite at CLEAN.
 *
 * @throws {ArgumentError} unless ᾱ is a number above 0, 1 or less
 * @see Lu et al. 2022, "DPM-Solver", arXiv 2206.00927, section 3
 */
export const halfLogSnr = (alphaBar: number): number => Math.log(snr(alphaBar)) / 2;

/**
 * ε of a model that was trained to predict v = √ᾱ·ε − √(1−ᾱ)·x₀.
 *
 *     ε = √ᾱ·v + √(1−ᾱ)·x_t
 *
 * @see Salimans, Ho 2022, arXiv 2202.00512, appendix D
 */
export const noiseFromVelocity = (x: Tensor, velocity: Tensor, alphaBar: number): Tensor =>
  weightedSum([signalRate(alphaBar), velocity], [noiseRate(alphaBar), x]);

/**
 * ε of a model that predicts the clean picture: `predictX0`, solved for the noise.
 *
 *     ε = (x_t − √ᾱ·x̂₀) / √(1−ᾱ)
 *
 * @param x  and `x0`: of one shape
 * @throws {ArgumentError} at ᾱ = 1, where there is no noise to solve for
 */
export const noiseFromX0 = (x: Tensor, x0: Tensor, alphaBar: number): Tensor =>
  weightedSum([1 / noiseRate(alphaBar), x], [-signalRate(alphaBar) / noiseRate(alphaBar), x0]);
