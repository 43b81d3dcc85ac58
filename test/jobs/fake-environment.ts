import type { OpenEnvironment } from '../../src/jobs/environment.ts';
import { fakeExperiments, fakeModels } from './fake-experiments.ts';

export const openEnvironment: OpenEnvironment = async (settings) => {
  if ((settings as { broken?: boolean } | undefined)?.broken) {
    throw Object.assign(new Error('the checkpoint is damaged'), { code: 'checkpoint', hint: 'get it again' });
  }
  const { half = false } = (settings ?? {}) as { half?: boolean };
  const models = half ? { base: { ...fakeModels.base, precision: 'half' as const } } : fakeModels;
  return { experiments: fakeExperiments, models, engine: 'fake 1' };
};
