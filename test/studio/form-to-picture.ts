import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Experiment } from '../../src/experiments/experiment.ts';
import type { Job } from '../../src/server/api-types.ts';
import { ended, run, shorten } from './browser.ts';

/** Goes to an experiment as a person does, runs it with one item in every list, and looks whether all its pictures are there. */
export async function fromFormToPicture(
  page: Page,
  url: string,
  { id, title }: Pick<Experiment, 'id' | 'title'>,
): Promise<Job> {
  await page.goto(`${url}/studio/`);
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
  const job: Job = await (await fetch(`${url}/v1/jobs/${page.url().split('/').at(-1)}`)).json();
  expect(job.recipe.experiment).toBe(id);
  expect(made).toHaveLength(job.figures.length);
  expect(Math.min(...made)).toBeGreaterThanOrEqual(64);
  return job;
}
