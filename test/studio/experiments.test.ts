import { describe, test } from 'vitest';
import { everyExperiment } from '../../src/experiments/index.ts';
import { ownEnvironment } from '../../src/jobs/environment.ts';
import { executablePath } from './browser.ts';
import { fromFormToPicture } from './form-to-picture.ts';
import { visiting } from './visit.ts';

/** With the embedded checkpoint these are tried; all of them with CAMPANILE_TEST_ALL=1, which takes minutes. */
const quick = ['one-step', 'inpaint'];
const every = process.env['CAMPANILE_TEST_ALL'] === '1';

const places = [
  ['models that stand in', undefined, everyExperiment],
  [
    'the embedded checkpoint',
    ownEnvironment({}),
    everyExperiment.filter(({ id }) => every || quick.includes(id)),
  ],
] as const;

for (const [title, environment, experiments] of places)
  describe.skipIf(!executablePath)(`from form to picture with ${title}`, () => {
    const visit = visiting(environment ? { environment } : {});

    test.each(experiments.map((experiment) => [experiment.id, experiment] as const))(
      '%s',
      async (_, experiment) => {
        await fromFormToPicture(visit, experiment);
      },
      180_000,
    );
  });
