import type { AlphaBar } from '../diffusion/process.ts';
import type { ModelInfo, Models } from '../models/model.ts';
import { togetherIn } from '../models/pairs.ts';
import type { ModelDescription } from './job.ts';

export function describeModels({ base, upscaler }: Models): ModelDescription[] {
  const { subjects = [] } = base;
  const together = togetherIn(base);
  const first = {
    ...described('base', base),
    ...(subjects.length > 0 && { subjects }),
    ...(together.length > 0 && { together }),
  };
  return [first, ...(upscaler ? [described('upscaler', upscaler)] : [])];
}

function described(
  stage: ModelDescription['stage'],
  model: ModelInfo & { alphaBar: AlphaBar },
): ModelDescription {
  const { name, fingerprint, parameters, sampleSize, numTrainTimesteps } = model;
  const alphaBar = Array.from({ length: numTrainTimesteps }, (_, t) => model.alphaBar(t));
  return { stage, name, fingerprint, parameters, sampleSize, numTrainTimesteps, alphaBar };
}
