import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { viewNamed } from '../../src/diffusion/named-view.ts';
import { ranked } from '../../src/experiments/rank.ts';
import { pictureOfPlaces, placesOf } from '../../src/experiments/view-picture.ts';
import { encodePng } from '../../src/images/png.ts';
import { ended, executablePath, openPage, run, shorten } from './browser.ts';
import { dropAnywhere, openWithPhoto, photo } from './photo.ts';
import { startStudio } from './server.ts';
import { visiting } from './visit.ts';

const SLOW_MS = 240_000;

/** Seen without scrolling, and nothing lies over its end. */
const inView = (page: Page, selector: string): Promise<boolean> =>
  page.locator(selector).evaluate((element) => {
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const inside =
      top >= 0 && left >= 0 && right <= innerWidth && bottom <= innerHeight && bottom - top > 100;
    return inside && element.contains(document.elementFromPoint((left + right) / 2, bottom - 3));
  });

/** By Tab alone, from wherever the focus is; once round the page at most. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${target}`);
}

describe.skipIf(!executablePath)('what people come for', () => {
  const visit = visiting({
    stepMs: 2,
    page: { permissions: ['clipboard-read', 'clipboard-write'], viewport: { width: 1280, height: 720 } },
  });

  test.each([
    ['a desk', 1280, 720],
    ['a phone', 390, 844],
  ])(
    'a student changes an own photo in three acts, in view all the time: %s',
    async (_, width, height) => {
      const { page, server } = visit;
      await page.setViewportSize({ width, height });
      await page.goto(`${server.url}/studio/`);
      await page.locator('.cards canvas').first().waitFor();
      await dropAnywhere(page, await photo(), 'my disc.png');
      await page.locator('form.form').waitFor();
      await expect.poll(() => inView(page, '.slot.x canvas')).toBe(true);
      const slider = page.getByRole('slider', { name: /^How much may change/ });
      const { y, height: high } = (await slider.boundingBox())!;
      expect(y + high).toBeLessThan(height);
      await slider.focus();
      const before = await slider.getAttribute('aria-valuetext');
      for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowLeft');
      expect(await slider.getAttribute('aria-valuetext')).not.toBe(before);
      await run(page);
      await page.locator('[data-result]').waitFor();
      await expect.poll(() => inView(page, '[data-result] .frame')).toBe(true);
      await ended(page);
      const asked = await page
        .locator('form.form')
        .getByLabel('i_start 1', { exact: true })
        .first()
        .inputValue();
      await page.locator('[data-result]').getByText(`i_start = ${asked}`, { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Before and after' }).click();
      await page.locator('.before-after').getByRole('slider').waitFor();
      expect((await visit.job()).recipe.params['picture']).toMatch(/^object:/);
    },
    SLOW_MS,
  );

  test(
    'a student does the same with keys alone, and the focus is never lost',
    async () => {
      const { page, server } = visit;
      await page.goto(`${server.url}/studio/`);
      const begin = page.getByRole('button', { name: /^Begin with a picture/ });
      await page.locator('.cards canvas').first().waitFor();
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        tabTo(page, begin).then(() => page.keyboard.press('Enter')),
      ]);
      await chooser.setFiles({ name: 'mine.png', mimeType: 'image/png', buffer: await photo() });
      await page.getByRole('button', { name: /^picture: mine\.png/ }).waitFor();
      const slider = page.getByRole('slider', { name: /^How much may change/ });
      await tabTo(page, slider);
      const before = await slider.getAttribute('aria-valuetext');
      for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
      expect(await slider.getAttribute('aria-valuetext')).not.toBe(before);
      await tabTo(page, page.getByRole('button', { name: 'Run', exact: true }));
      await page.keyboard.press('Enter');
      await page.locator('[data-result]').waitFor();
      await expect.poll(() => inView(page, '[data-result] .frame')).toBe(true);
      await ended(page);
      const focused = () => page.evaluate(() => document.activeElement?.textContent);
      expect(await focused()).toBe('Run');
      const open = page.getByRole('button', { name: 'Open large' });
      await tabTo(page, open);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
        'Open large',
      );
    },
    SLOW_MS,
  );

  test(
    'a step is looked at closely, and a run branches from it: the same until there, and hung into a tree',
    async () => {
      const { page, open, job } = visit;
      await open('sample');
      await run(page);
      await ended(page);
      const original = await job();
      await page.getByRole('button', { name: 'Branch here' }).waitFor();
      await page.getByText('Look closer').click();
      await page.locator('.microscope').getByText('what guidance adds').waitFor();
      await page.getByRole('slider', { name: 'Step', exact: true }).focus();
      for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowLeft');
      await page.getByText('step 6 of 10').waitFor();
      await page.getByRole('button', { name: 'Branch here' }).click();
      await page.getByText('A branch: 5 steps as before').waitFor();
      await page.getByRole('textbox').first().fill('a photo of a dog');
      await run(page);
      await page.locator('.branches li').nth(1).waitFor();
      await ended(page);
      const branch = await job();
      expect(branch.recipe.from).toEqual([
        { walk: 0, step: 5, params: expect.objectContaining({ prompts: ['a rocket ship'] }) },
      ]);
      expect(branch.figures[0]!.walk).toMatchObject({ before: original.figures[0]!.walk!.part, step: 5 });
      expect(branch.figures[0]!.object).not.toBe(original.figures[0]!.object);
      await page.locator('.branches').getByText('from step 6: prompts a photo of a dog').waitFor();
      await page.getByRole('link', { name: 'Open the run: as it began' }).click();
      await expect.poll(async () => (await job()).id).toBe(original.id);
    },
    SLOW_MS,
  );

  test(
    'a teacher presents by keys, and takes the figure along as PNG, as SVG and as a link',
    async () => {
      const { page, open, job, browser } = visit;
      await openWithPhoto({ page, open }, 'sdedit', 'my disc.png');
      await shorten(page);
      await page.keyboard.press('Control+Enter');
      await ended(page);
      await page.locator('h1').click();
      await page.keyboard.press('p');
      const presented = page.getByRole('dialog', { name: /presented$/ });
      await presented.getByText('1 of 2').or(presented.getByText('2 of 2')).waitFor();
      // On the screen as a whole, not on a formula that could be scrolled.
      expect(await presented.evaluate((dialog) => dialog === document.activeElement)).toBe(true);
      const first = await presented.locator('figcaption').textContent();
      await page.keyboard.press('ArrowRight');
      expect(await presented.locator('figcaption').textContent()).not.toBe(first);
      await page.keyboard.press('b');
      expect(await presented.getAttribute('data-blank')).toBe('true');
      await page.keyboard.press('b');
      expect(await presented.getAttribute('data-blank')).toBe(null);
      await presented.evaluate((dialog) => dialog.dispatchEvent(new Event('cancel', { cancelable: true })));
      await presented.waitFor({ state: 'detached' });

      const share = async (what: string) => {
        await page.getByRole('button', { name: 'Share' }).click();
        await page.getByRole('button', { name: what }).click();
      };
      const saved = async (what: string) => {
        const [download] = await Promise.all([page.waitForEvent('download'), share(what)]);
        return readFile(await download.path());
      };
      const png = await sharp(await saved('Save figure as PNG, 1920 wide')).metadata();
      expect(png.width).toBe(1920);
      const svg = (await saved('Save figure as SVG')).toString();
      expect(svg.match(/<image /g)).toHaveLength((await job()).figures.length);
      expect(svg).toContain('Image-to-image translation');

      await share('Copy link');
      await page.getByText('The link to this recipe is on the clipboard.').waitFor();
      const link = await page.evaluate(() => navigator.clipboard.readText());
      const elsewhere = await startStudio();
      const fresh = await openPage(browser);
      await fresh.page.goto(`${elsewhere.url}/studio/${new URL(link).hash}`);
      await fresh.page.getByRole('button', { name: 'Take these values' }).click();
      await fresh.page
        .locator('form.form')
        .getByRole('button', { name: /^picture: my disc\.png/ })
        .waitFor();
      await run(fresh.page);
      await ended(fresh.page);
      const [, there] = fresh.page.url().match(/([0-9a-f]{64})$/)!;
      const pixels = async (base: string, id: string) => {
        const { figures } = await (await fetch(`${base}/v1/jobs/${id}`)).json();
        return Promise.all(
          figures.map(async ({ url }: { url: string }) =>
            (
              await sharp(Buffer.from(await (await fetch(base + url)).arrayBuffer()))
                .raw()
                .toBuffer()
            ).toString('hex'),
          ),
        );
      };
      expect(await pixels(elsewhere.url, there!)).toEqual(await pixels(visit.server.url, (await job()).id));
      await fresh.page.context().close();
      await elsewhere.close();
    },
    SLOW_MS,
  );

  test(
    'a maker gets a ranked sheet of both sides by two words and a press, and stars, puts away and asks for more',
    async () => {
      const { page, server } = visit;
      await page.goto(`${server.url}/studio/`);
      await page.getByRole('link', { name: 'Two pictures in one' }).click();
      await page.getByLabel('prompts 1', { exact: true }).fill('a dog');
      await page.getByLabel('prompts 2', { exact: true }).fill('a skull');
      const cells = page.locator('.contact-sheet > li');
      const shownFirst = page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const look = () => {
              const count = document.querySelectorAll('.contact-sheet > li').length;
              if (count > 0) resolve(count);
            };
            new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
          }),
      );
      await run(page);
      expect(await shownFirst, 'cells that come before the others').toBeLessThan(16);
      await ended(page);
      // The four best of them are drawn once more, and stand in the places of those.
      expect(await cells.count()).toBe(16);
      expect(await cells.first().locator('.sides > *').count()).toBe(2);
      const shown = await cells.evaluateAll((all) => all.map((cell) => cell.getAttribute('data-figure')));
      const tried = ranked((await visit.job()).figures.filter(({ id }) => id.startsWith('tried')));
      const seeds = new Map((await visit.job()).figures.map(({ id, seed }) => [id, seed]));
      expect(shown.map((id) => seeds.get(id!))).toEqual(tried.map(({ seed }) => seed));
      // The best stands on the stage.
      expect(await cells.first().locator('.sides').getAttribute('aria-pressed')).toBe('true');
      await cells.first().locator('.sides').focus();
      await page.keyboard.press('s');
      expect(await cells.first().getAttribute('data-star')).toBe('true');
      await cells.nth(1).locator('.sides').focus();
      await page.keyboard.press('x');
      await expect.poll(() => cells.count()).toBe(15);
      expect(await page.evaluate(() => document.activeElement?.className)).toBe('sides');
      await page.getByRole('button', { name: 'Open large' }).click();
      const [film] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save the turning' }).click(),
      ]);
      const { pages, format, width } = await sharp(await film.path(), { animated: true }).metadata();
      expect({ pages, format, width }).toEqual({ pages: 20, format: 'webp', width: 256 });
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: '16 more' }).click();
      await page.waitForFunction(() => document.querySelectorAll('.contact-sheet > li').length > 16);
      await ended(page);
      expect(await page.getByLabel('seeds', { exact: true }).inputValue()).toBe('32');
      // What was starred and put away stays so.
      await expect.poll(() => cells.count()).toBe(31);
      expect(await page.locator('.contact-sheet > li[data-star]').count()).toBe(1);
    },
    SLOW_MS,
  );

  test(
    'a maker lays a view of an own file over a side that shows another thing in colour, and is not asked for what does nothing',
    async () => {
      const { page, server } = visit;
      await page.goto(`${server.url}/studio/`);
      await page.getByRole('link', { name: 'Two pictures in one' }).click();
      const field = (name: string) => page.locator(`[data-field=${name}]`);
      await field('near').waitFor();
      for (const name of ['factorization', 'sigma', 'mask', 'share'])
        await expect(field(name).count()).resolves.toBe(0);
      await page.getByRole('button', { name: 'Add to near' }).click();
      await page.getByLabel('near 1', { exact: true }).fill('a castle');
      expect(await field('sigma').count()).toBe(1);
      await field('factorization').locator('select').selectOption('colour');
      for (const name of ['sigma', 'mask', 'share']) expect(await field(name).count()).toBe(0);
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        field('views').getByRole('button', { name: 'From a file' }).click(),
      ]);
      const turned = placesOf(viewNamed('rotate180'), 64);
      const buffer = Buffer.from(encodePng(pictureOfPlaces(turned, 64)));
      await chooser.setFiles({ name: 'mine.png', mimeType: 'image/png', buffer });
      await field('views')
        .getByLabel(/list of 64 × 64/)
        .waitFor({ state: 'attached' });
      await page.getByLabel('seeds', { exact: true }).fill('2');
      await page.getByLabel('keep', { exact: true }).fill('0');
      await run(page);
      await ended(page);
      const { recipe, figures } = await visit.job();
      expect(recipe.params).toMatchObject({
        near: ['a castle'],
        factorization: 'colour',
        views: ['rotate180', JSON.stringify(turned)],
      });
      expect(figures[0]?.sides?.map(({ part }) => part?.factorization)).toEqual([
        'colour',
        undefined,
        undefined,
      ]);
      expect(await page.locator('.contact-sheet > li').first().locator('.sides > *').count()).toBe(3);
    },
    SLOW_MS,
  );

  test('a file that is no view is said to be none, and changes nothing', async () => {
    const { page } = visit;
    await visit.open('search');
    const views = page.locator('[data-field=views]');
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      views.getByRole('button', { name: 'From a file' }).click(),
    ]);
    await chooser.setFiles({
      name: 'list.json',
      mimeType: 'application/json',
      buffer: Buffer.from('[0,1,2]'),
    });
    await page.getByText(/3 places/).waitFor();
    expect(await views.locator('input:checked').count()).toBe(1);
  });
});
