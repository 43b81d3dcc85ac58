import type { OpenEnvironment } from '../../src/jobs/environment.ts';
import { fakeExperiments, fakeModels } from './fake-experiments.ts';

export const openEnvironment: OpenEnvironment = async (settings) => {
  if ((settings as { broken?: boolean } | undefined)?.broken) {
    throw Object.assign(new Error('the checkpoint is damaged'), { code: 'checkpoint', hint: 'get it again' });
  }
  return { experiments: fakeExperiments, models: fakeModels, engine: 'fake 1' };
};
