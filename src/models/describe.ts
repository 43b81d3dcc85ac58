import { files } from '#platform/files';
import { deviceNamed, precisionOn } from '../engine/options.ts';
import { type StageName, stageOf } from './folder.ts';
import { countOf, unetParameters } from './parameters.ts';
import { type Plan, type PlanOptions, planUnet } from './plan.ts';
import { type Subject, subjectsOf } from './subjects.ts';
import { readUnetHeaders } from './unet.ts';

export interface PlanModelOptions extends Omit<PlanOptions, 'device' | 'precision'> {
  readonly device?: string | undefined;
  readonly precision?: string | undefined;
}

export interface CheckpointDescription {
  readonly stage: StageName;
  readonly sampleSize: number | undefined;
  readonly parameters: number;
  /** What it says that it has learned; empty where it says nothing. */
  readonly subjects: readonly Subject[];
}

/** What a model's folder holds, from its configs and the headers of its weights: nothing is loaded. */
export async function describeModel(folder: string): Promise<CheckpointDescription> {
  const stage = await stageOf(folder);
  const { config } = await readUnetHeaders(files.join(folder, 'unet'));
  return {
    stage,
    sampleSize: config.sampleSize,
    parameters: countOf(unetParameters(config)),
    subjects: await subjectsOf(folder),
  };
}

/**
 * What opening the model would take.
 *
 * @throws {RecipeError} when there is no such device or precision
 */
export async function planModel(
  folder: string,
  { device: name = 'cpu', precision, ...rest }: PlanModelOptions = {},
): Promise<Plan> {
  await stageOf(folder);
  const { config, weights } = await readUnetHeaders(files.join(folder, 'unet'));
  const device = deviceNamed(name);
  return planUnet(config, weights, { ...rest, device, precision: precisionOn(device, precision) });
}
