import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everyExperiment } from '../../src/experiments/index.ts';
import { buildStudio, ended, executablePath, launch, openPage, run, shorten } from './browser.ts';
import { type StudioServer, startStudio } from './server.ts';

describe.skipIf(!executablePath)('from form to picture', () => {
  let server: StudioServer;
  let browser: Browser;
  beforeAll(async () => {
    await buildStudio();
    [server, browser] = await Promise.all([startStudio(), launch()]);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test.each(everyExperiment.map(({ id, title }) => [id, title] as const))(
    '%s',
    async (id, title) => {
      const { page, complaints } = await openPage(browser);
      await page.goto(`${server.url}/studio/`);
      await page
        .getByRole('navigation', { name: 'Experiments' })
        .getByRole('link', { name: title, exact: true })
        .click();
      await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
      await shorten(page);
      await run(page);
      await ended(page);
      const made = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLImageElement>('.figure-cell .turning img')]
          .map(async (image) => {
            await image.decode();
            return image.naturalWidth;
          })
          .reduce(async (all, width) => [...(await all), await width], Promise.resolve<number[]>([])),
      );
      const [, , , , , job] = page.url().split('/').slice(-6);
      const { figures, recipe } = await (await fetch(`${server.url}/v1/jobs/${job}`)).json();
      expect(recipe.experiment).toBe(id);
      expect(made).toHaveLength(figures.length);
      expect(Math.min(...made)).toBeGreaterThanOrEqual(64);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    180_000,
  );
});
