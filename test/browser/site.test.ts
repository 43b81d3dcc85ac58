import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, launch, openPage } from '../studio/browser.ts';
import { type StaticHost, serveFolder } from './static.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LONG = { timeout: 240_000 };

/** RGB of a picture on the page, an image or a canvas of 64 × 64. */
const pixels = (shown: Locator): Promise<number[]> =>
  shown.evaluate((element) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 64;
    const context = canvas.getContext('2d')!;
    context.drawImage(element as HTMLImageElement | HTMLCanvasElement, 0, 0);
    return [...context.getImageData(0, 0, 64, 64).data].filter((_, i) => i % 4 !== 3);
  });

describe.skipIf(!executablePath)('the site', () => {
  const folder = mkdtempSync(join(tmpdir(), 'campanile-site-'));
  let browser: Browser;
  let host: StaticHost;
  beforeAll(async () => {
    const words = ['dist/cli/main.js', 'site', join(folder, 'a/site'), '--only', 'forward,one-step'];
    // A picture of one's own goes with the site.
    words.push('--image', `campanile=${join(root, 'pictures/beach-256.png')}`);
    await promisify(execFile)(process.execPath, [...words, '--out', join(folder, 'out')], { cwd: root });
    [browser, host] = await Promise.all([launch(), serveFolder(folder)]);
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await host?.close();
    rmSync(folder, { recursive: true });
  });

  test('is complete before any figure is touched, and what needs no network answers at once', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(`${host.address}/a/site/`);
    expect(await page.locator('#forward figure.plate img').count()).toBe(4);
    expect(host.asked.filter((path) => !/favicon/.test(path))).toEqual(['/a/site/', '/a/site/live.js']);
    await page.locator('#forward .run-here').click();
    const shown = page.locator('#forward .results .live-figure');
    await shown.nth(1).waitFor();
    // Dragged by one from 500: another picture, and another address.
    await page.locator('#forward input[type=range]').first().press('ArrowLeft');
    await page.locator('#forward .results', { hasText: 't = 499' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#forward?timesteps=%5B499%5D');
    expect(host.asked.some((path) => /safetensors|wasm/.test(path))).toBe(false);
    expect(complaints).toEqual([]);
  });

  test('a figure run in the tab is the picture that Node made; its link opens it again', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(`${host.address}/a/site/#one-step?seed=180`);
    const figure = page.locator('#one-step');
    await figure.locator('.run').click();
    const drawn = figure.locator('.results .live-figure', { hasText: 'One-step' }).locator('canvas').first();
    await drawn.waitFor(LONG);
    const made = figure.locator('figure.plate[id*="500"] img').last();
    const [there, here] = [await pixels(drawn), await pixels(made)];
    const far = there.filter((value, i) => Math.abs(value - here[i]!) > 1).length;
    expect(far / here.length).toBeLessThan(0.01);
    expect(complaints).toEqual([]);
  }, 300_000);

  test('a link brings the values it was made with, and the form refuses one that cannot be', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${host.address}/a/site/#one-step?timesteps=[250]&seed=-7`);
    const figure = page.locator('#one-step');
    await figure.locator('.run').click();
    expect(await figure.locator('input[type=number]:invalid').inputValue()).toBe('-7');
    expect(await figure.locator('output').first().textContent()).toBe('t = 250');
    expect(await figure.locator('.status').textContent()).toBe('');
  });
});
