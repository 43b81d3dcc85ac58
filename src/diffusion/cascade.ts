import { checkFunction, checkImages, checkList, checkNumber } from '../tensor/check.ts';
import { bilinearAligned } from '../tensor/scaling.ts';
import { joinChannels, type Tensor } from '../tensor/tensor.ts';
import type { NoiseEstimator } from './estimator.ts';
import { type AlphaBar, addNoise, type NoiseSource, type Timestep } from './process.ts';
import type { View } from './view.ts';

/**
 * The estimators of one stage, by prompt. A stage that is conditioned on a picture shows it to the network through
 * `view`, as the noisy picture will be shown: then views and components work in stage II as they do in stage I.
 */
export type Prompted = (prompt: string, view?: View) => NoiseEstimator;

/** ε(x, t, noise level | text) of a six-channel network: x_t above the noised small picture. */
export type ConditionedEstimator = (
  input: Tensor,
  t: Timestep,
  noiseLevel: number,
) => ReturnType<NoiseEstimator>;

/**
 * A picture of stage I made ready for stage II: scaled up, and noised once to `noiseLevel`.
 *
 * @param size  of stage II: height and width
 */
export function upscaleCondition(
  image: Tensor,
  size: readonly [height: number, width: number],
  noiseLevel: Timestep,
  alphaBar: AlphaBar,
  noise: NoiseSource,
): Tensor {
  checkList('size', size, '[height, width]');
  checkFunction('alphaBar', alphaBar);
  checkFunction('noise', noise);
  const upscaled = bilinearAligned(image, ...size);
  return addNoise(upscaled, noise('condition', noiseLevel, upscaled.shape.slice(1)), alphaBar(noiseLevel));
}

/**
 * Stage II as a prompted estimator: x_t and the condition, both seen through the view, side by side in the channels.
 *
 * @see Ho et al. 2021, "Cascaded Diffusion Models", arXiv 2106.15282, section 3
 */
export function conditionedOn(
  network: (prompt: string) => ConditionedEstimator,
  condition: Tensor,
  noiseLevel: Timestep,
): Prompted {
  checkFunction('network', network);
  checkImages('condition', condition);
  checkNumber('noiseLevel', noiseLevel, { min: 0, whole: true });
  return (prompt, view) => {
    const estimator = network(prompt);
    const seen = view ? view.apply(condition) : condition;
    return (x, t) => estimator(joinChannels([x, seen]), t, noiseLevel);
  };
}
