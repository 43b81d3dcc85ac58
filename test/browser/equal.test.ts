import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everyExperiment, pictureBook, runExperiment } from '../../src/experiments/index.ts';
import { toPicture } from '../../src/images/picture.ts';
import { type OpenModels, openModels } from '../../src/models/embedded.ts';
import { executablePath, openPage } from '../studio/browser.ts';
import { openTab, runInTab } from './in-tab.ts';
import { siteOf } from './site.ts';

/** One figure of each experiment, with as few steps as its parameters allow. */
const quick: Readonly<Record<string, object>> = {
  forward: { timesteps: [500] },
  blur: { timesteps: [500] },
  'one-step': { timesteps: [500] },
  iterative: { iStart: 31, every: 1 },
  sdedit: { iStarts: [31] },
  drawings: { pictures: ['drawing-house'], iStarts: [31] },
  edit: { prompts: ['a rocket ship'], iStarts: [31] },
  img2img: { steps: 2 },
  'inpaint-clean': { steps: 2 },
  illusion: { steps: 2, upscale: false },
  factorize: { steps: 2, upscale: false },
  pin: { steps: 2 },
};
const one = { upscale: false };
/** These take all of the document's steps, or stage II: `npm run test:equal`. */
const long: Readonly<Record<string, object>> = {
  sampling: { prompts: ['a rocket ship'], steps: [5], beyond: false, ...one },
  'pure-noise': { count: 1 },
  guidance: { count: 1 },
  inpaint: { pictures: ['campanile'], masks: ['campanile-top'] },
  anagram: { prompts: ['an oil painting of an old man'], hidden: ['a volcano'], ...one },
  hybrid: { far: ['a lithograph of a skull'], near: ['a lithograph of waterfalls'], ...one },
  sample: { steps: 2, upscaleSteps: 2 },
  search: { seeds: 2, keep: 1, steps: 2, ...one },
};
const all = process.env['EQUAL'] === 'all';
const recipes = Object.entries({ ...quick, ...(all && long) });

test('there is a figure of every experiment', () => {
  expect(Object.keys({ ...quick, ...long }).sort()).toEqual(everyExperiment.map(({ id }) => id).sort());
});

describe.skipIf(!executablePath)('the same recipe in a tab and in Node', () => {
  const site = siteOf('forward');
  let models: OpenModels;
  let page: Page;
  beforeAll(async () => {
    models = await openModels();
    ({ page } = await openPage(site.browser));
    await openTab(page, `${site.host.address}/a/site/`);
  }, 300_000);
  afterAll(() => models?.close());

  test.each(recipes)(
    '%s: within one in 255, but for one value in a hundred',
    async (id, params) => {
      const experiment = everyExperiment.find((known) => known.id === id)!;
      const compute = site.files.find((file) => /^assets\/compute-.*\.js$/.test(file))!;
      const { figures, error } = await runInTab(page, compute, { experiment: id, params });
      expect(error).toBeUndefined();
      let count = 0;
      for await (const event of runExperiment(experiment, params, { ...models, ...pictureBook() })) {
        if (event.type !== 'figure') continue;
        const { data } = toPicture(event.figure.image);
        const there = figures[event.figure.id]!;
        // A PNG of a mask has one channel, and three on a screen.
        const here = [...data].flatMap((value) => Array<number>(there.length / data.length).fill(value));
        const far = here.filter((value, i) => Math.abs(value - there[i]!) > 1).length;
        expect(far / here.length, event.figure.id).toBeLessThan(0.01);
        count++;
      }
      expect(Object.keys(figures)).toHaveLength(count);
    },
    600_000,
  );
});
