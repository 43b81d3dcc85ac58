import { expect } from 'vitest';
import type { Experiment } from '../../src/experiments/experiment.ts';
import { ended, run, shorten } from './browser.ts';
import type { Visit } from './visit.ts';

/** Goes to an experiment as a person does, runs it with one item in every list, and looks whether all its pictures are there. */
export async function fromFormToPicture(
  { page, server, job }: Visit,
  { id, title }: Pick<Experiment, 'id' | 'title'>,
): Promise<void> {
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
  const { recipe, figures } = await job();
  expect(recipe.experiment).toBe(id);
  expect(made).toHaveLength(figures.length);
  expect(Math.min(...made)).toBeGreaterThanOrEqual(64);
}
