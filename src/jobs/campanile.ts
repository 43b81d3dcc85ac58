import { createRequire } from 'node:module';
import { everyExperiment } from '../experiments/index.ts';
import { roundingOf } from '../experiments/recipe.ts';
import { type ModelOptions, openModels } from '../models/embedded.ts';
import type { Models } from '../models/model.ts';
import { zeros } from '../tensor/tensor.ts';
import type { OpenEnvironment } from './environment.ts';

/** Of larger networks a step is too much to take for nobody. */
const SMALL = 200e6;

/** Takes a step as guidance does: what is opened when it is first needed is there before the first job. */
async function warmed({ base }: Models): Promise<void> {
  const x = zeros([1, 3, base.sampleSize, base.sampleSize]);
  const t = base.numTrainTimesteps - 1;
  await Promise.all(['a', ''].map((prompt) => base.estimator(prompt)(x, t)));
}

const require = createRequire(import.meta.url);
const versionOf = (manifest: string): string => (require(manifest) as { version: string }).version;

/**
 * The experiments of this project on a checkpoint.
 *
 * @param settings  `ModelOptions` as JSON
 */
export const openEnvironment: OpenEnvironment = async (settings) => {
  const options = settings as ModelOptions;
  const models = await openModels(options);
  if (models.base.parameters < SMALL) void warmed(models).catch(() => undefined); // a job will say what is wrong
  const { precision } = roundingOf(models.base, models.upscaler);
  return {
    experiments: everyExperiment,
    models,
    engine: [
      `campanile ${versionOf('../../package.json')}`,
      `onnxruntime ${versionOf('onnxruntime-node/package.json')}`,
      options.device ?? 'cpu',
      ...(precision ? [`${precision} precision`] : []),
    ].join(', '),
  };
};
