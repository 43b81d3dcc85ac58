import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { executablePath, openPage } from '../studio/browser.ts';
import { kept, LONG, pixels, siteOf } from './site.ts';

/** Runs the figure of a section and gives its picture. */
async function drawn(page: Page): Promise<number[]> {
  const figure = page.locator('#one-step');
  await figure.locator('.run').click();
  const canvas = figure.locator('.out .live-figure', { hasText: 'One-step' }).locator('canvas').first();
  await canvas.waitFor(LONG);
  return pixels(canvas);
}

describe.skipIf(!executablePath)('what is fetched', () => {
  const site = siteOf('forward,one-step');
  /** Of stage I, the largest file. */
  const weights = () => {
    const sizes = site.files.filter((file) => file.endsWith('.safetensors'));
    const size = (file: string) => statSync(join(site.folder, file)).size;
    return `/a/site/${sizes.reduce((most, file) => (size(file) > size(most) ? file : most))}`;
  };

  test('without a network, a page that was run once runs again and draws the same', async () => {
    const { page, complaints } = await openPage(site.browser);
    await page.goto(`${site.host.address}/a/site/#one-step?seed=180`);
    await kept(page);
    const before = await drawn(page);
    site.host.away = /./;
    await page.reload();
    expect(await drawn(page)).toEqual(before);
    expect(await page.locator('#forward figure.plate img').count()).toBe(4);
    expect(complaints).toEqual([]);
    site.host.away = undefined;
  }, 300_000);

  test('what has come when the connection breaks is not fetched again, nor what has come whole', async () => {
    const { host } = site;
    const { page } = await openPage(site.browser, { viewport: { width: 390, height: 844 } });
    const asked = () => host.asked.filter((path) => path.startsWith(weights()));
    host.asked.length = 0;
    host.broken.set(weights(), 6_000_000);
    await page.goto(`${host.address}/a/site/#one-step?seed=180`);
    const pair = page.locator('#one-step .pair');
    const size = () => pair.evaluate(({ scrollWidth, scrollHeight }) => [scrollWidth, scrollHeight]);
    await pair.waitFor();
    const room = await size();
    await page.locator('#one-step .run').click();
    await page.locator('#one-step .status', { hasText: 'could not be fetched' }).waitFor(LONG);
    expect(await size()).toEqual(room); // as long as an address is, on a phone too
    const froms = () => asked().map((path) => Number(/ from (\d+)$/.exec(path)?.[1] ?? 0));
    const before = froms();
    expect(before).toEqual([...new Set(before)].sort((a, b) => a - b));
    host.broken.clear();
    await page.reload();
    await drawn(page);
    expect(froms()).toHaveLength(before.length + 1);
    expect(froms().at(-1)).toBeGreaterThan(before.at(-1)!);
    host.asked.length = 0;
    await page.reload();
    await drawn(page);
    expect(host.asked.filter((path) => /safetensors|wasm/.test(path))).toEqual([]);
  }, 300_000);
});
