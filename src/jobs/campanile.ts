import { createRequire } from 'node:module';
import { everyExperiment } from '../experiments/index.ts';
import { roundingOf } from '../experiments/recipe.ts';
import { type ModelOptions, openModels } from '../models/embedded.ts';
import type { OpenEnvironment } from './environment.ts';

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
