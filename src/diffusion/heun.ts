import { weightedSum } from '../tensor/tensor.ts';
import { CLEAN, noiseRate, signalRate } from './process.ts';
import type { Sampler } from './sampler.ts';

/**
 * Heun's method on the probability flow, in x̄ = x/√ᾱ and σ̄ = √(1−ᾱ)/√ᾱ: where Euler's step arrives, the network looks
 * again, and the mean of both slopes is taken. Two estimates a step, one for the step into CLEAN.
 *
 *     d = (x̄ − x̂₀)/σ̄,  x̄_e = x̄ + (σ̄′ − σ̄)·d,  d′ = (x̄_e − x̂₀(x̄_e))/σ̄′
 *     x̄′ = x̄ + (σ̄′ − σ̄)·(d + d′)/2          (Algorithm 1)
 *
 * @see Karras et al. 2022, "Elucidating the Design Space", arXiv 2206.00364
 */
export const heun =
  (): Sampler =>
  async ({ t, tNext, x, x0 }, alphaBar, _noise, look) => {
    const [a, aNext] = [alphaBar(t), alphaBar(tNext)];
    const [scale, scaleNext] = [signalRate(a), signalRate(aNext)];
    const [sigma, sigmaNext] = [noiseRate(a) / scale, noiseRate(aNext) / scaleNext];
    const stride = sigmaNext - sigma;
    const euler = weightedSum(
      [(scaleNext / scale) * (1 + stride / sigma), x],
      [(-scaleNext * stride) / sigma, x0],
    );
    if (tNext === CLEAN) return euler;
    const { x0: x0Next } = await look(euler, tNext);
    return weightedSum(
      [(scaleNext / scale) * (1 + stride / (2 * sigma)), x],
      [(-scaleNext * stride) / (2 * sigma), x0],
      [stride / (2 * sigmaNext), euler],
      [(-scaleNext * stride) / (2 * sigmaNext), x0Next],
    );
  };
