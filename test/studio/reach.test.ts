import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { ended, executablePath, openPage, run } from './browser.ts';
import { visiting } from './visit.ts';

const SLOW_MS = 240_000;

/** What axe does not look at. */
describe.skipIf(!executablePath)('within everybody’s reach', () => {
  const visit = visiting();

  test.each(['light', 'dark'] as const)('a placeholder can be read: %s', async (colorScheme) => {
    const { page, complaints } = await openPage(visit.browser, { colorScheme });
    await page.goto(`${visit.server.url}/studio/#/history`);
    const ratio = await page.getByLabel('Search').evaluate((field) => {
      const light = (colour: string) => {
        const { pen } = { pen: document.createElement('canvas').getContext('2d')! };
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((value) => {
          const part = value / 255;
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
      };
      const [a, b] = [
        light(getComputedStyle(field, '::placeholder').color),
        light(getComputedStyle(field).backgroundColor),
      ];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    });
    expect(ratio).toBeGreaterThanOrEqual(4.5);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test(
    'no two buttons of the bench have one name',
    async () => {
      const { page, open } = visit;
      await open('iterative');
      await run(page);
      await ended(page);
      const names = await page
        .locator('main button:visible')
        .evaluateAll((buttons) =>
          buttons.map((button) => button.getAttribute('aria-label') ?? button.textContent!.trim()),
        );
      expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
      expect(names.every(Boolean)).toBe(true);
    },
    SLOW_MS,
  );

  const tooSmall = (page: Page) =>
    page
      .locator(
        '.top button:visible, main button:visible, main select:visible, main input:visible:not(.visually-hidden)',
      )
      .evaluateAll((targets) =>
        targets.flatMap((target) => {
          const inLabel = target.closest('label');
          const { width, height } = (inLabel ?? target).getBoundingClientRect();
          return Math.max(width, 0) >= 44 && height >= 44
            ? []
            : [`${target.getAttribute('aria-label') ?? target.textContent} ${width} × ${height}`];
        }),
      );

  test(
    'on a phone every target is as large as a thumb',
    async () => {
      const { page, complaints } = await openPage(visit.browser, {
        viewport: { width: 390, height: 844 },
        hasTouch: true,
        isMobile: true,
      });
      for (const experiment of ['sdedit', 'anagram']) {
        await page.goto(`${visit.server.url}/studio/#/x/${experiment}`);
        await page.getByRole('button', { name: 'Show the values' }).click();
        await page.locator('.fields').waitFor();
        expect.soft(await tooSmall(page), experiment).toEqual([]);
      }
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    SLOW_MS,
  );

  test(
    'nothing moves for those who asked for stillness, and paper shows the work alone',
    async () => {
      const { page, open } = visit;
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await open('forward');
      await run(page);
      await ended(page);
      const turning = page.locator('.figure-cell .turning img').first();
      expect(await turning.evaluate((image) => getComputedStyle(image).transitionDuration)).toBe('0s');
      await page.emulateMedia({ media: 'print' });
      for (const hidden of ['.top', '.controls', '.contents', '.tray'])
        expect(await page.locator(hidden).isVisible(), hidden).toBe(false);
      expect(await page.locator('.figure-cell').first().isVisible()).toBe(true);
      expect(await page.title()).toBe('Forward process · campanile studio');
    },
    SLOW_MS,
  );
});
