import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everyExperiment } from '../../src/experiments/index.ts';
import { ownEnvironment } from '../../src/jobs/environment.ts';
import { buildStudio, executablePath, launch, openPage } from './browser.ts';
import { fromFormToPicture } from './form-to-picture.ts';
import { type StudioServer, startStudio } from './server.ts';

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
    let server: StudioServer;
    let browser: Browser;
    beforeAll(async () => {
      await buildStudio();
      [server, browser] = await Promise.all([startStudio(environment ? { environment } : {}), launch()]);
    }, 180_000);
    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });

    test.each(experiments.map((experiment) => [experiment.id, experiment] as const))(
      '%s',
      async (_, experiment) => {
        const { page, complaints } = await openPage(browser);
        await fromFormToPicture(page, server.url, experiment);
        expect(complaints).toEqual([]);
        await page.context().close();
      },
      180_000,
    );
  });
