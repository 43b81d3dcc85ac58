import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { readRecipe } from '../../src/images/png.ts';
import type { Job } from '../../src/server/api-types.ts';
import { packRecipe } from '../../studio/recipe.ts';
import { ended, executablePath, openPage, run, shorten } from './browser.ts';
import { type StudioServer, startStudio } from './server.ts';
import { visiting } from './visit.ts';

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const STEP_MS = 25;
/** Enough where other programs have the processor. */
const SLOW_MS = 240_000;

describe.skipIf(!executablePath)('the studio', () => {
  let server: StudioServer;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  const visit = visiting({ stepMs: STEP_MS });
  const { open, job } = visit;
  beforeEach(() => {
    ({ server, browser, page, complaints } = visit);
  });

  const jobs = async (): Promise<Job[]> => (await (await fetch(`${server.url}/v1/jobs`)).json()).jobs;
  /** Levels of the walk on show, one point for each. */
  const levels = () =>
    page.locator('.track .dot').evaluateAll((dots) => dots.map((dot) => Number(dot.getAttribute('data-t'))));
  const seed = () => page.getByLabel('seed', { exact: true });

  test(
    'a reload in the middle of a job loses no step',
    async () => {
      await open('iterative');
      await seed().fill('11');
      await run(page);
      await page.getByRole('slider', { name: 'Step' }).waitFor();
      await page.reload();
      await ended(page);
      await page.getByRole('slider', { name: 'Step' }).waitFor();
      const told = await levels();
      expect(told[0]).toBe(690);
      expect(told.at(-1)).toBe(0);
      expect(told).toEqual([...told].sort((a, b) => b - a));
      expect((await jobs()).filter(({ recipe }) => recipe.params['seed'] === 11)).toHaveLength(1);
    },
    SLOW_MS,
  );

  test(
    'a job is cancelled, and says so',
    async () => {
      await open('drawings');
      await seed().fill('12');
      await run(page);
      await page.getByRole('slider', { name: 'Step' }).waitFor();
      await page.getByRole('button', { name: 'Cancel the job' }).click();
      await ended(page, 'cancelled');
      expect((await job()).state).toBe('cancelled');
    },
    SLOW_MS,
  );

  test(
    'the steps are scrubbed by keys',
    async () => {
      await open('iterative');
      await seed().fill('13');
      await run(page);
      await ended(page);
      const slider = page.getByRole('slider', { name: 'Step' });
      await slider.focus();
      await page.keyboard.press('Home');
      expect(await slider.getAttribute('aria-valuetext')).toBe('step 1 of 24, t = 690');
      await page.keyboard.press('End');
      expect(await slider.getAttribute('aria-valuetext')).toBe('step 24 of 24, t = 0');
    },
    SLOW_MS,
  );

  test(
    'on the stage is the level that was asked for, of the last row, and its walk is named, though an earlier run made it',
    async () => {
      const params = { prompts: ['a rocket ship', 'a dog'], iStarts: [20, 28], guidanceScale: 1 };
      await page.goto(`${server.url}/studio/#r=${await packRecipe({ experiment: 'edit', params })}`);
      await page.getByRole('button', { name: 'Take these values' }).click();
      await run(page);
      await ended(page);
      const result = page.locator('.hero .slot.result figcaption');
      const walk = page.getByRole('combobox', { name: 'Walk' });
      await result.filter({ hasText: 'i_start = 20, a dog' }).waitFor();
      expect(await walk.inputValue()).toBe('a dog, i_start = 20');
      const before = page.url();
      await page.locator('form.form').getByLabel('i_start 2', { exact: true }).first().fill('25');
      await run(page);
      await page.waitForURL((url) => url.href !== before);
      await ended(page);
      await result.filter({ hasText: 'i_start = 20, a dog' }).waitFor();
      expect(await walk.inputValue()).toBe('a dog, i_start = 20');
      expect(await walk.locator('option').allTextContents()).toEqual([
        'a rocket ship, i_start = 25',
        'a dog, i_start = 25',
        'a dog, i_start = 20',
      ]);
    },
    SLOW_MS,
  );

  test('i_start is moved on the schedule by keys and by mouse, and the form follows', async () => {
    await open('sdedit');
    const field = page.locator('form.form').getByLabel('i_start 6', { exact: true });
    const handle = page.locator('.handle').nth(5);
    await handle.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await field.first().inputValue()).toBe('22');
    expect(await handle.getAttribute('aria-valuetext')).toBe('i_start = 22, t = 330');
    const box = (await handle.locator('path').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 90, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    expect(Number(await handle.getAttribute('aria-valuenow'))).toBeGreaterThan(23);
  });

  test(
    'a recipe comes back from a downloaded PNG, as a difference, and does not run by itself',
    async () => {
      await open('forward');
      await seed().fill('14');
      await run(page);
      await ended(page);
      await page.locator('.figure-cell .picture').last().click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: /^Save .* as PNG, recipe inside/ }).click(),
      ]);
      const file = (await download.path())!;
      expect(download.suggestedFilename()).toBe('forward-t-750-seed-14.png');
      expect(readRecipe(await readFile(file))).toMatchObject({ experiment: 'forward', params: { seed: 14 } });
      await seed().fill('15');
      const before = (await jobs()).length;
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: 'Recipe from PNG' }).click(),
      ]);
      await chooser.setFiles({ name: 'download.png', mimeType: 'image/png', buffer: await readFile(file) });
      const row = page.locator('.differences tbody tr');
      await row.waitFor();
      expect(await row.locator('th, td').allTextContents()).toEqual(['seed', '15', '14']);
      await page.getByRole('button', { name: 'Take these values' }).click();
      expect(await seed().inputValue()).toBe('14');
      expect((await jobs()).length).toBe(before);
    },
    SLOW_MS,
  );

  test('a recipe comes as a link', async () => {
    await page.goto(
      `${server.url}/studio/#r=${await packRecipe({ experiment: 'hybrid', params: { sigma: 3.5 } })}`,
    );
    await page.getByRole('dialog').getByText('3.5').waitFor();
    await page.getByRole('button', { name: 'Take these values' }).click();
    expect(await page.getByLabel('sigma', { exact: true }).inputValue()).toBe('3.5');
  });

  test('what the server refuses stands at its field, in its words', async () => {
    await open('inpaint');
    await page.getByRole('button', { name: 'Add to prompts' }).click();
    await run(page);
    await page.locator('[data-field=prompts].invalid').waitFor();
    expect(await page.locator('[data-field=prompts] strong').textContent()).toContain(
      '2 given for 3 pictures',
    );
  });

  test('lists that belong together stay together, so that no pair is torn', async () => {
    await open('anagram');
    await page.getByRole('button', { name: 'Remove hidden 2' }).click();
    const values = (name: string) =>
      page
        .locator(`[data-field=${name}] textarea`)
        .evaluateAll((fields) => fields.map((field) => (field as HTMLTextAreaElement).value));
    expect(await values('prompts')).toEqual([
      'an oil painting of a snowy mountain village',
      'a violently erupting volcano',
    ]);
    expect(await values('hidden')).toEqual([
      'an oil painting of people around a campfire',
      'a hot air balloon',
    ]);
    await page.getByRole('button', { name: 'Add to prompts' }).click();
    expect((await values('hidden')).length).toBe(3);
  });

  test(
    'an anagram turns, by its button and by hovering',
    async () => {
      await open('anagram');
      await shorten(page);
      await run(page);
      await ended(page);
      const cell = page.locator('.figure-cell').first();
      const turning = cell.locator('.turning');
      await cell.getByRole('button', { name: 'Turn' }).click();
      expect(await turning.getAttribute('data-turned')).toBe('true');
      await page.waitForFunction(
        () =>
          getComputedStyle(document.querySelector('.figure-cell .turning img')!).transform ===
          'matrix(1, 0, 0, -1, 0, 0)',
      );
      await cell.getByRole('button', { name: 'Turn' }).click();
      await cell.locator('.picture').hover();
      expect(await turning.getAttribute('data-turned')).toBe('true');
    },
    SLOW_MS,
  );

  test(
    'two jobs are found in the history, and compared',
    async () => {
      for (const value of ['16', '17']) {
        await open('blur');
        await seed().fill(value);
        await run(page);
        await ended(page);
      }
      await page.getByRole('link', { name: 'Shelf' }).click();
      await page.getByLabel('Search').fill('denoising');
      await page.getByText('seed: 17').waitFor();
      const marks = page.locator('.job', { hasText: /seed: 1[67]/ }).getByRole('checkbox');
      await marks.nth(0).check();
      await marks.nth(1).check();
      await page.getByRole('link', { name: 'Compare the two' }).click();
      const cells = page.locator('.differences tbody tr').locator('th, td');
      await cells.first().waitFor();
      expect((await cells.allTextContents()).sort()).toEqual(['16', '17', 'seed']);
      await page.getByText('flicker').click();
      await page.getByRole('button', { name: 'The other' }).click();
    },
    SLOW_MS,
  );

  test(
    'a grid runs one job for every pair of values',
    async () => {
      await page.goto(`${server.url}/studio/#/grid`);
      await page.locator('.grid-experiment select').selectOption('forward');
      const axes = page.locator('.grid-form fieldset');
      await axes.nth(0).getByRole('textbox').fill('100\n900');
      await axes.nth(1).getByRole('textbox').fill('1\n2\n3');
      await page.getByRole('button', { name: 'Run 6 jobs' }).click();
      await page.waitForFunction(() => document.querySelectorAll('.grid-cell img').length === 6, undefined, {
        timeout: 60_000,
      });
      const names = await page
        .locator('.grid-cell button.picture')
        .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-label')));
      expect([new Set(names).size, names.every(Boolean)]).toEqual([6, true]);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save the sheet' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('forward-timesteps-seed.png');
    },
    SLOW_MS,
  );

  test(
    'several values of one control are tried beside it, and a word among numbers is told',
    async () => {
      await open('forward');
      await page.getByRole('button', { name: 'Try several values of timesteps' }).click();
      const axes = page.locator('.grid-form fieldset');
      await axes.nth(0).getByRole('textbox').fill('100 hundred');
      await page.getByText('No number: hundred.').waitFor();
      expect(await page.locator('.grid-form button.primary').isDisabled()).toBe(true);
      await axes.nth(0).getByRole('textbox').fill('100 200');
      await page.getByRole('button', { name: 'Run 2 jobs' }).click();
      await page.getByText('2 of 2 jobs done').waitFor();
      await expect.poll(() => page.locator('.grid-cell img').count()).toBe(2);
      expect(await page.getByRole('button', { name: 'Open timesteps 200' }).count()).toBe(1);
    },
    SLOW_MS,
  );

  test(
    'a walk is saved as an animation that other programs read',
    async () => {
      await open('iterative');
      await seed().fill('18');
      await run(page);
      await ended(page);
      await page.locator('.track .dot[data-t="0"]').waitFor();
      await page.getByRole('slider', { name: 'Step' }).waitFor();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save as animated WebP' }).click(),
      ]);
      const { default: sharp } = await import('sharp');
      const { pages, format, width } = await sharp((await download.path())!, { animated: true }).metadata();
      expect({ format, width }).toEqual({ format: 'webp', width: 390 });
      expect(pages).toBeGreaterThan(20);
      // Those steps that came too quickly to be shown while it ran come afterwards.
      await expect.poll(() => page.locator('.track .dot').count()).toBe(pages);
    },
    SLOW_MS,
  );

  test.each(['light', 'dark'] as const)(
    'nothing is wrong for WCAG AA by axe, wide and narrow: %s',
    async (colorScheme) => {
      for (const width of [1280, 390]) {
        const { page, complaints } = await openPage(browser, {
          colorScheme,
          viewport: { width, height: 844 },
        });
        const check = async (what: string) => {
          // While it scrolls, a field may lie half under a bar: too small a target, for a moment.
          await page.waitForFunction(async () => {
            const from = scrollY;
            for (let frame = 0; frame < 10; frame++) await new Promise(requestAnimationFrame);
            return scrollY === from;
          });
          const { violations } = await page.evaluate(async (source) => {
            if (!('axe' in window)) new Function(source)();
            const { axe } = window as unknown as { axe: typeof import('axe-core') };
            return axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
          }, axeSource);
          const found = violations.flatMap(({ id, nodes }) =>
            nodes.map(({ html }) => `${what} ${width}: ${id} ${html.slice(0, 160)}`),
          );
          expect.soft(found).toEqual([]);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
          expect.soft(wide, `${what} at ${width} is wider than the screen`).toBe(false);
        };
        await page.goto(`${server.url}/studio/`);
        await page.locator('.cards canvas').first().waitFor();
        await check('start');
        for (const experiment of ['sdedit', 'iterative']) {
          await page.goto(`${server.url}/studio/#/x/${experiment}`);
          await page.locator('form.form').waitFor();
          await check(`form of ${experiment}`);
        }
        await run(page);
        await ended(page);
        await check('bench');
        await page.getByRole('button', { name: 'Open large' }).click();
        await page.locator('.viewer').waitFor();
        await page.locator('.viewer aside select').first().selectOption({ index: 1 });
        await page.locator('.compare').waitFor();
        await check('viewer');
        await page.goto(`${server.url}/studio/#/x/inpaint`);
        const values = page.getByRole('button', { name: 'Show the values' });
        if (await values.isVisible()) await values.click();
        await page.locator('.tile[data-kind=mask]').first().click();
        await page.locator('[data-testid=mask-canvas]').waitFor();
        await check('mask editor');
        await page.keyboard.press('Escape');
        await page.locator('.tile[data-kind=picture]').first().click();
        await check('choice of a picture');
        await page.getByRole('button', { name: 'Draw one' }).click();
        await page.locator('[data-testid=paper]').waitFor();
        await check('drawing board');
        await page.goto(`${server.url}/studio/#/history`);
        await page.locator('.job').first().waitFor();
        await check('history');
        await page.locator('[data-testid=queue]').click();
        await check('queue');
        await page.goto(`${server.url}/studio/#/grid`);
        await page.locator('.grid-form').waitFor();
        await check('grid');
        expect(complaints).toEqual([]);
        await page.context().close();
      }
    },
    SLOW_MS,
  );

  test(
    'the first load is under 250 kB, compressed',
    async () => {
      const loads: Promise<number>[] = [];
      page.on('response', (response) => {
        if (!/\.(js|css)$|\/studio\/$/.test(new URL(response.url()).pathname)) return;
        loads.push(response.body().then((body) => gzipSync(body).length));
      });
      await open('forward');
      const bytes = (await Promise.all(loads)).reduce((sum, size) => sum + size, 0);
      expect(bytes).toBeGreaterThan(50_000);
      expect(bytes).toBeLessThan(250_000);
    },
    SLOW_MS,
  );

  test(
    'when the server goes away the form stays, and when it is back so is everything',
    async () => {
      const away = await startStudio({ port: 0 });
      const port = Number(new URL(away.url).port);
      await page.goto(`${away.url}/studio/#/x/forward`);
      await seed().fill('19');
      await away.close();
      await page.getByRole('alert').getByText('does not answer').waitFor();
      await run(page);
      await page.getByText('The server does not answer.', { exact: true }).waitFor();
      expect(await seed().inputValue()).toBe('19');
      const back = await startStudio({ port });
      await page.locator('.connection[data-state=live]').waitFor();
      await run(page);
      await ended(page);
      await back.close();
      complaints.length = 0;
    },
    SLOW_MS,
  );
});
