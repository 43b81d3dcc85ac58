import { closedBy } from '../src/closable.ts';
import { gaussianEstimator } from '../src/diffusion/gaussian.ts';
import { cosineAlphaBar as alphaBar } from '../src/diffusion/schedule.ts';
import { dynamicThreshold } from '../src/diffusion/threshold.ts';
import type { PixelModel } from '../src/models/model.ts';
import { cutWarning } from '../src/text/token-window.ts';

/** A stage I that is exact on a Gaussian and knows a word of every prompt: experiments run on it in no time. */
export const gaussianModel: PixelModel = {
  name: 'gaussian',
  fingerprint: 'gaussian',
  parameters: 2,
  sampleSize: 32,
  numTrainTimesteps: 1000,
  alphaBar,
  threshold: dynamicThreshold({ ratio: 0.95, maxValue: 1.5 }),
  estimator: (prompt) => gaussianEstimator(prompt === '' ? 0 : 0.2, 0.3, alphaBar),
  tokens(prompt) {
    const words = prompt.trim().split(' ');
    const tokens = { count: words.length, cut: words.slice(77).join(' ') };
    return { ...tokens, warning: cutWarning(tokens) };
  },
  ...closedBy(async () => undefined),
};

/** The same, whose prompts are the mean brightness they speak of, and which counts its calls. */
export function countedModel(meaning: (prompt: string) => number): {
  base: PixelModel;
  seen: { calls: number };
} {
  const seen = { calls: 0 };
  const estimator: PixelModel['estimator'] = (prompt) => (x, t) => {
    seen.calls++;
    return gaussianEstimator(meaning(prompt), 0.3, alphaBar)(x, t);
  };
  return { seen, base: { ...gaussianModel, estimator } };
}
