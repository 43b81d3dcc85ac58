import type { AlphaBar } from '../diffusion/process.ts';
import { roundingOf } from '../experiments/recipe.ts';
import type { ModelInfo, Models } from '../models/model.ts';
import type { ComputeInfo } from './compute-messages.ts';
import type { ModelDescription } from './job.ts';

/** What a recipe says of the models: the fingerprint of all weights together, and half precision. */
export const drawnWith = ({ base, upscaler }: Models): Pick<ComputeInfo, 'checkpoint' | 'precision'> => ({
  checkpoint: upscaler ? `${base.fingerprint}+${upscaler.fingerprint}` : base.fingerprint,
  precision: roundingOf(base, upscaler).precision,
});

export function describeModels({ base, upscaler }: Models): ModelDescription[] {
  return [described('base', base), ...(upscaler ? [described('upscaler', upscaler)] : [])];
}

function described(
  stage: ModelDescription['stage'],
  model: ModelInfo & { alphaBar: AlphaBar },
): ModelDescription {
  const { name, fingerprint, parameters, sampleSize, numTrainTimesteps } = model;
  const alphaBar = Array.from({ length: numTrainTimesteps }, (_, t) => model.alphaBar(t));
  return { stage, name, fingerprint, parameters, sampleSize, numTrainTimesteps, alphaBar };
}
