import { expect, test } from 'vitest';
import { everyExperiment } from './index.ts';
import { loadExperiment } from './lazily.ts';

test.each(everyExperiment.map((experiment) => [experiment.id, experiment] as const))(
  '%s can be loaded alone',
  async (id, experiment) => {
    expect(await loadExperiment(id)).toBe(experiment);
  },
);

test('what is none is not found', async () => {
  expect(await loadExperiment('paint')).toBeUndefined();
});
