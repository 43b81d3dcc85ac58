import { join } from 'node:path';
import { type StageName, stageOf } from './folder.ts';
import { countOf, unetParameters } from './parameters.ts';
import { type Plan, type PlanOptions, planUnet } from './plan.ts';
import { readUnetHeaders } from './unet.ts';

export interface ModelDescription {
  readonly stage: StageName;
  readonly sampleSize: number | undefined;
  readonly parameters: number;
}

/** What a model's folder holds, from its configs and the headers of its weights: nothing is loaded. */
export async function describeModel(folder: string): Promise<ModelDescription> {
  const stage = await stageOf(folder);
  const { config } = await readUnetHeaders(join(folder, 'unet'));
  return { stage, sampleSize: config.sampleSize, parameters: countOf(unetParameters(config)) };
}

/** What opening the model would take. */
export async function planModel(folder: string, options: PlanOptions = {}): Promise<Plan> {
  await stageOf(folder);
  const { config, weights } = await readUnetHeaders(join(folder, 'unet'));
  return planUnet(config, weights, options);
}
