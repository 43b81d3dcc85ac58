import { expect, test } from 'vitest';
import { everyExperiment } from './index.ts';
import { experimentIds, loadExperiment } from './lazily.ts';

test.each(everyExperiment.map((experiment) => [experiment.id, experiment] as const))(
  '%s can be loaded alone',
  async (id, experiment) => {
    expect(await loadExperiment(id)).toBe(experiment);
  },
);

test('their names are known without their code, in the same order', () => {
  expect(experimentIds).toEqual(everyExperiment.map(({ id }) => id));
});

test('what is none is not found', async () => {
  expect(await loadExperiment('paint')).toBeUndefined();
});
