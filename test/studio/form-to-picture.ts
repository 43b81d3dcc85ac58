import { expect } from 'vitest';
import type { Experiment } from '../../src/experiments/experiment.ts';
import { candidatesIn, isSheet } from '../../studio/candidates.ts';
import { ended, run, shorten } from './browser.ts';
import type { Visit } from './visit.ts';

/** Each finished figure's picture: in a table, or as its first side in a sheet of many. */
const PICTURES = '.figure-cell .turning img, .contact-sheet .sides > img:first-child';

/** Experiments in which the items of lists belong together: theirs stay. */
const counted = ['factorize', 'illusion', 'search'];

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
  if (!counted.includes(id)) await shorten(page);
  await run(page);
  await ended(page);
  const made = await page.evaluate(
    (pictures) =>
      [...document.querySelectorAll<HTMLImageElement>(pictures)]
        .map(async (image) => {
          await image.decode();
          return image.naturalWidth;
        })
        .reduce(async (all, width) => [...(await all), await width], Promise.resolve<number[]>([])),
    PICTURES,
  );
  const { recipe, figures } = await job();
  expect(recipe.experiment).toBe(id);
  // On a sheet what shows the same stands once.
  expect(made).toHaveLength(isSheet(figures) ? candidatesIn(figures).length : figures.length);
  expect(Math.min(...made)).toBeGreaterThanOrEqual(64);
}
