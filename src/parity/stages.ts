import { join } from 'node:path';
import { readConfig, schedulerSchema } from '../checkpoint/config.ts';
import { type Closable, closedBy } from '../closable.ts';
import type { ConditionedEstimator } from '../diffusion/cascade.ts';
import type { NoiseEstimator } from '../diffusion/estimator.ts';
import type { AlphaBar } from '../diffusion/process.ts';
import { alphaBarOf } from '../diffusion/schedule.ts';
import type { Threshold } from '../diffusion/threshold.ts';
import { thresholdOf } from '../models/open.ts';
import { openUnet, splitEstimate } from '../models/unet.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** A reference checkpoint as estimators of given embeddings, without a text encoder. */
export interface ReferenceStage extends Closable {
  readonly alphaBar: AlphaBar;
  readonly threshold: Threshold;
  estimator(embeddings: Tensor): NoiseEstimator;
  conditioned(embeddings: Tensor): ConditionedEstimator;
}

export async function openStage(folder: string, name: 'tiny-if' | 'tiny-if-ii'): Promise<ReferenceStage> {
  const scheduler = await readScheduler(join(folder, name, 'scheduler'));
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
  return {
    alphaBar: alphaBarOf(scheduler.schedule),
    threshold: thresholdOf(scheduler),
    estimator,
    conditioned,
    ...closedBy(unet.close),
  };
}

/** ᾱ of the noise that stage II puts on the small picture. */
export async function noisingAlphaBar(folder: string): Promise<AlphaBar> {
  const { schedule } = await readScheduler(join(folder, 'tiny-if-ii', 'image_noising_scheduler'));
  return alphaBarOf(schedule);
}

const readScheduler = (folder: string) => readConfig(join(folder, 'scheduler_config.json'), schedulerSchema);
