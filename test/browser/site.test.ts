import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { executablePath, openPage } from '../studio/browser.ts';
import { LONG, pixels, root, siteOf } from './site.ts';

describe.skipIf(!executablePath)('the site', () => {
  // A picture of one's own goes with the site.
  const site = siteOf('forward,one-step', '--image', `campanile=${join(root, 'pictures/beach-256.png')}`);

  test('is complete before any figure is touched, and what needs no network answers at once', async () => {
    const { page, complaints } = await openPage(site.browser);
    await page.goto(`${site.host.address}/a/site/`);
    expect(await page.locator('#forward figure.plate img').count()).toBe(4);
    // What is kept for later comes when all of the page has.
    expect(site.host.asked.filter((path) => !path.includes('/assets/')).slice(0, 3)).toEqual([
      '/a/site/',
      '/a/site/live.js',
      '/a/site/sw.js',
    ]);
    await page.locator('#forward .run-here').click();
    const shown = page.locator('#forward .results .live-figure');
    await shown.nth(1).waitFor();
    // Dragged by one from 500: another picture, and another address.
    await page.locator('#forward .live-form input[type=range]').first().press('ArrowLeft');
    await page.locator('#forward .results', { hasText: 't = 499' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#forward?timesteps=%5B499%5D');
    expect(site.host.asked.filter((path) => /\.(?:safetensors|wasm)$/.test(path))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('a figure run in the tab is the picture that Node made; its link opens it again', async () => {
    const { page, complaints } = await openPage(site.browser);
    await page.goto(`${site.host.address}/a/site/#one-step?seed=180`);
    const figure = page.locator('#one-step');
    await figure.locator('.run').click();
    const drawn = figure.locator('.out .live-figure', { hasText: 'One-step' }).locator('canvas').first();
    await drawn.waitFor(LONG);
    const made = figure.locator('figure.plate[id*="500"] img').last();
    const [there, here] = [await pixels(drawn), await pixels(made)];
    const far = there.filter((value, i) => Math.abs(value - here[i]!) > 1).length;
    expect(far / here.length).toBeLessThan(0.01);
    expect(complaints).toEqual([]);
  }, 300_000);

  /** What has moved until now of what is seen, as the browser tells it. */
  const watched = async (page: Page, address: string, there: string): Promise<number[]> => {
    await page.addInitScript(() => {
      const moved: number[] = [];
      Object.assign(globalThis, { moved });
      const watch = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) moved.push((entry as unknown as { value: number }).value);
      });
      watch.observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`${site.host.address}/a/site/${address}`);
    await page.locator(there).first().waitFor();
    // Until the figure has been scrolled to; two frames on, what has moved has been told of.
    await page.evaluate(
      () =>
        new Promise((told) =>
          setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(told)), 300),
        ),
    );
    return page.evaluate(() => (globalThis as unknown as { moved: number[] }).moved);
  };

  test.each(
    ['forward', 'one-step'].flatMap((section) => [1280, 390].map((width) => [section, width] as const)),
  )('a link opens %s, %i pixels wide, and moves nothing that is seen', async (section, width) => {
    // Who asks for still pages is taken there at once, and not over seconds.
    const { page } = await openPage(site.browser, {
      viewport: { width, height: 860 },
      reducedMotion: 'reduce',
    });
    const form = `#${section} .live-form`;
    expect(await watched(page, `#${section}?seed=3`, form)).toEqual([]);
    expect(await page.locator(form).evaluate((element) => element.getBoundingClientRect().top)).toBeLessThan(
      860,
    );
  });

  test('the start of the studio comes without moving', async () => {
    const { page } = await openPage(site.browser);
    expect(await watched(page, 'studio/', '.cards canvas')).toEqual([]);
  });

  test('a link brings the values it was made with, and the form refuses one that cannot be', async () => {
    const { page } = await openPage(site.browser);
    await page.goto(`${site.host.address}/a/site/#one-step?timesteps=[250]&seed=-7`);
    const figure = page.locator('#one-step');
    await figure.locator('.run').click();
    expect(await figure.locator('input[type=number]:invalid').inputValue()).toBe('-7');
    expect(await figure.locator('.live-form output').first().textContent()).toBe(
      't = 250, ᾱ = 0.85, SNR 7.4 dB',
    );
    expect(await figure.locator('.status').textContent()).toBe('');
  });
});
