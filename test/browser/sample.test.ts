import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ddpm,
  denoise,
  EMBEDDED,
  endingClean,
  guided,
  noiseStream,
  openModel,
  resultOf,
  spaced,
  toPicture,
} from '../../src/index.ts';
import { executablePath, launch, openPage } from '../studio/browser.ts';
import { type StaticHost, serveFolder } from './static.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The example as a user's project: the package beside it as npm puts it there, vite without a word of configuration. */
async function builtExample(project: string): Promise<string> {
  cpSync(join(root, 'examples/browser'), project, { recursive: true });
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(root, join(project, 'node_modules/campanile'));
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  const { NODE_ENV: _, ...env } = process.env;
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  await promisify(execFile)(process.execPath, [vite, 'build', '--base', './'], { cwd: project, env });
  return join(project, 'dist');
}

/** The same picture, drawn here. */
async function drawnByNode(): Promise<Uint8Array> {
  const model = await openModel(EMBEDDED);
  const noise = noiseStream(180, [1, 3, 64, 64]);
  const estimator = guided(model.estimator('a rocket ship'), model.estimator(''), 7);
  const timesteps = endingClean(spaced(20, 'leading'));
  const { alphaBar, threshold } = model;
  const way = { alphaBar, threshold, estimator, timesteps, sampler: ddpm(), noise };
  const image = await resultOf(denoise(noise('start', timesteps[0]!), way));
  await model.close();
  return toPicture(image).data;
}

const pixels = (page: Page): Promise<number[]> =>
  page.evaluate(() => {
    const context = document.querySelector('canvas')!.getContext('2d')!;
    return [...context.getImageData(0, 0, 64, 64).data].filter((_, i) => i % 4 !== 3);
  });

describe.skipIf(!executablePath)('in a browser', () => {
  const project = mkdtempSync(join(tmpdir(), 'campanile-browser-'));
  let browser: Browser;
  let host: StaticHost;
  beforeAll(async () => {
    [browser, host] = await Promise.all([launch(), builtExample(project).then(serveFolder)]);
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await host?.close();
    rmSync(project, { recursive: true });
  });

  test('the embedded model draws what it draws in Node', async () => {
    const { page, complaints } = await openPage(browser);
    const started = performance.now();
    await page.goto(`${host.address}/`);
    await page.locator('canvas[title]').waitFor({ timeout: 240_000 });
    const firstStep = performance.now() - started;
    await page.locator('canvas[title="t = 0"]').waitFor({ timeout: 240_000 });
    const whole = performance.now() - started;
    const [here, there] = [await drawnByNode(), await pixels(page)];
    const far = there.filter((value, i) => Math.abs(value - here[i]!) > 1).length;
    const other = there.filter((value, i) => value !== here[i]).length;
    console.log(
      `first step ${(firstStep / 1000).toFixed(1)} s, picture ${(whole / 1000).toFixed(1)} s, ${other} of ${here.length} values differ, ${far} by more than one`,
    );
    expect(there).toHaveLength(here.length);
    expect(far / here.length).toBeLessThan(0.01);
    expect(complaints).toEqual([]);

    const fetched = host.asked.length;
    await page.reload();
    await page.locator('canvas[title]').waitFor({ timeout: 240_000 });
    const again = host.asked.slice(fetched).filter((path) => path.endsWith('.safetensors'));
    expect(again).toEqual([]);
  }, 600_000);
});
