import { setTimeout as pause } from 'node:timers/promises';
import { closedBy } from '../../src/closable.ts';
import type { NoiseEstimator } from '../../src/diffusion/estimator.ts';
import type { AlphaBar, Timestep } from '../../src/diffusion/process.ts';
import { cosineAlphaBar } from '../../src/diffusion/schedule.ts';
import { noThreshold } from '../../src/diffusion/threshold.ts';
import { ownPicture, ownPictures } from '../../src/experiments/own-pictures.ts';
import { fromPicture } from '../../src/images/picture.ts';
import type { Models } from '../../src/models/model.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';

const alphaBar: AlphaBar = cosineAlphaBar;
const SIZE = 64;
/** Standard deviation of the pictures that a prompt stands for. */
const SPREAD = 0.15;

/**
 * Stands in for stage I: for each prompt the exact estimator of a narrow Gaussian around one of the page's pictures.
 *
 *     ε = √(1−ᾱ)·(x − √ᾱ·μ) / (ᾱ·s² + 1 − ᾱ)
 *
 * Without a prompt it draws what it was asked for last, so that guidance has nothing to push away from.
 *
 * @param stepMs  how long each call takes at least
 */
export function stillModels({ stepMs = 0 }: { readonly stepMs?: number } = {}): Models {
  const info = {
    parameters: 1,
    numTrainTimesteps: 1000,
    alphaBar,
    threshold: noThreshold,
    ...closedBy(async () => {}),
  };
  let asked = '';
  const estimator = (prompt: string): NoiseEstimator => {
    asked = prompt || asked;
    const mean = pictureFor(asked);
    return async (x, t) => {
      if (stepMs > 0) await pause(stepMs);
      return { noise: gaussianNoise(x, await mean, t) };
    };
  };
  return {
    base: {
      ...info,
      name: 'still',
      subjects: [
        { name: 'rocket', prompt: 'a rocket ship', kind: 'drawn' },
        { name: 'dog', prompt: 'a photo of a dog', kind: 'photographed' },
      ],
      fingerprint: 'a'.repeat(64),
      sampleSize: SIZE,
      estimator: (prompt) => estimator(prompt),
      tokens: (prompt) => ({ count: prompt.split(' ').length, cut: '' }),
    },
  };
}

function gaussianNoise(x: Tensor, mean: Tensor, t: Timestep): Tensor {
  const a = alphaBar(t);
  const [root, scale] = [Math.sqrt(a), Math.sqrt(1 - a) / (a * SPREAD ** 2 + 1 - a)];
  const size = mean.data.length;
  return { data: x.data.map((value, i) => scale * (value - root * mean.data[i % size]!)), shape: x.shape };
}

async function pictureFor(prompt: string): Promise<Tensor> {
  const sum = [...prompt].reduce((total, c) => total + c.charCodeAt(0), 0);
  return fromPicture(await ownPicture(ownPictures[sum % ownPictures.length]!, SIZE));
}
