import { everyExperiment } from '../../src/experiments/index.ts';
import type { OpenEnvironment } from '../../src/jobs/environment.ts';
import { stillModels } from './still-models.ts';

/** The real experiments with models that know one picture for each prompt: whole runs in seconds, with something to look at. */
export const openEnvironment: OpenEnvironment = async (settings) => ({
  experiments: everyExperiment,
  models: stillModels(settings as { stepMs?: number }),
  engine: 'still 1',
});
