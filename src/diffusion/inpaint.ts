import { checkFunction, checkImages, checkNumber } from '../tensor/check.ts';
import { blend, subtract, sum, type Tensor } from '../tensor/tensor.ts';
import type { Component } from './components.ts';
import { type AlphaBar, addNoise, CLEAN, type NoiseSource, type Timestep } from './process.ts';
import { type Sampler, takeStep } from './sampler.ts';

/** Applied to x when it arrives at t. */
export type Projection = (x: Tensor, t: Timestep) => Tensor;

/**
 * Outside the mask the picture is put back, with the noise that belongs to the level x has arrived at. At CLEAN the kept
 * pixels are those of the picture, bit for bit.
 *
 *     x_t ← m·x_t + (1−m)·forward(x_orig, t)
 *
 * Differs: many student notebooks noise to the level just left; x is already at the next.
 *
 * @param mask  [1, 1, H, W], 1 where the picture may change, 0 where it is kept
 * @param original  [N, 3, H, W]
 * @throws {ArgumentError} when the mask has a value outside of [0, 1]
 * @see Lugmayr et al. 2022, "RePaint", arXiv 2201.09865, eq. 8
 */
export function keepOutside(
  mask: Tensor,
  original: Tensor,
  alphaBar: AlphaBar,
  noise: NoiseSource,
): Projection {
  checkPair(mask, original);
  checkFunction('alphaBar', alphaBar);
  checkFunction('noise', noise);
  return (x, t) =>
    blend(mask, x, t === CLEAN ? original : addNoise(original, noise('inpaint', t), alphaBar(t)));
}

/**
 * Each step taken several times: after all but the last, x goes back up by the noise that lies between the two levels, and
 * is looked at again, with what was put back in it. What is invented comes to fit its surroundings.
 *
 *     x_t ← √α·x_t′ + √(1−α)·z,  α = ᾱ_t/ᾱ_t′
 *
 * The step into CLEAN is taken once.
 *
 * @param times  U in the paper; with 1 it is `sampler`
 * @param putBack  the projection of the run, which draws its noise from what it is given
 * @see Lugmayr et al. 2022, "RePaint", arXiv 2201.09865, Algorithm 1
 */
export function resampled(
  sampler: Sampler,
  times: number,
  putBack: (noise: NoiseSource) => Projection,
): Sampler {
  checkFunction('sampler', sampler);
  checkNumber('times', times, { min: 1, whole: true });
  checkFunction('putBack', putBack);
  return async (step, alphaBar, noise, look) => {
    const { t, tNext } = step;
    let move = await takeStep(sampler, step, alphaBar, noise, look);
    for (let pass = 1; pass < times && tNext !== CLEAN; pass++) {
      const fresh: NoiseSource = (purpose, at, shape) => noise(`${purpose} ${pass}`, at, shape);
      const x = addNoise(putBack(fresh)(move.to, tNext), fresh('back', t), alphaBar(t) / alphaBar(tNext));
      // What lies behind does not lead to this x: a method that looks back begins anew.
      const again = { ...step, x, past: [], ...(await look(x, t)) };
      move = await takeStep(sampler, again, alphaBar, fresh, look);
    }
    return move;
  };
}

/**
 * IF's own inpainting in diffusers: outside the mask the picture stays clean at every level, without the noise that belongs
 * to it.
 *
 * @param mask  [1, 1, H, W], 1 where the picture may change
 * @param original  [N, C, H, W] in [-1, 1]
 * @throws {ArgumentError} when the mask has a value outside of [0, 1]; {ShapeError} when they do not fit each other
 * @see diffusers, `IFInpaintingPipeline`
 */
export function keepClean(mask: Tensor, original: Tensor): Projection {
  checkPair(mask, original);
  return (x) => blend(mask, x, original);
}

/**
 * A component that is that of a real picture, at every level with the noise that belongs to it: the others are made to fit.
 * With the low frequencies of a photograph this draws its inverse hybrid, with its grey values it colours it.
 *
 *     x_t ← x_t − f(x_t) + f(forward(x_orig, t))
 *
 * @param component  f of a set that sums to the identity
 * @see Geng et al. 2024, "Factorized Diffusion", arXiv 2404.11615: hybrids from real images
 */
export function pinned(
  component: Component,
  original: Tensor,
  alphaBar: AlphaBar,
  noise: NoiseSource,
): Projection {
  checkFunction('component', component);
  checkImages('original', original);
  checkFunction('alphaBar', alphaBar);
  checkFunction('noise', noise);
  return (x, t) => {
    const held = t === CLEAN ? original : addNoise(original, noise('pin', t), alphaBar(t));
    return sum([x, component(subtract(held, x))]);
  };
}

/** Said before the run, not after its first step: `blend` refuses a mask that does not fit its picture. */
function checkPair(mask: Tensor, original: Tensor): void {
  checkImages('mask', mask, 1);
  checkImages('original', original);
  for (const m of mask.data) checkNumber('a value of the mask', m, { min: 0, max: 1 });
  blend(mask, original, original);
}
