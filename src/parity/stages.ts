import { join } from 'node:path';
import type { ConditionedEstimator } from '../diffusion/cascade.ts';
import type { NoiseEstimator } from '../diffusion/estimator.ts';
import { openUnet, splitEstimate } from '../models/unet.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** A reference checkpoint as estimators of given embeddings, without a text encoder. */
export interface Stage {
  estimator(embeddings: Tensor): NoiseEstimator;
  conditioned(embeddings: Tensor): ConditionedEstimator;
  close(): Promise<void>;
}

export async function openStage(folder: string, name: 'tiny-if' | 'tiny-if-ii'): Promise<Stage> {
  const unet = await openUnet(join(folder, name, 'unet'));
  const conditioned = (embeddings: Tensor): ConditionedEstimator => {
    const text = unet.text(embeddings);
    return async (x, t, noiseLevel) =>
      splitEstimate(await unet.step(x, t, await text, { labels: noiseLevel }), 3);
  };
  const estimator = (embeddings: Tensor): NoiseEstimator => {
    const text = unet.text(embeddings);
    return async (x, t) => splitEstimate(await unet.step(x, t, await text), 3);
  };
  return { estimator, conditioned, close: () => unet.close() };
}
