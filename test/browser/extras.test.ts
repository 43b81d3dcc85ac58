import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { executablePath, openPage } from '../studio/browser.ts';
import { siteOf } from './site.ts';

/** A page of one's own, whose figures take few steps. */
const own = join(tmpdir(), `campanile-extras-${process.pid}.json`);
await writeFile(
  own,
  JSON.stringify({ title: 'Beside', sections: [{ experiment: 'forward' }, { experiment: 'blur' }] }),
);

describe.skipIf(!executablePath)('beside its pictures', () => {
  const site = siteOf('forward,blur', '--from', own);
  const open = async (section: string, values = '') => {
    const { page, complaints } = await openPage(site.browser);
    await page.goto(`${site.host.address}/a/site/#${section}${values}`);
    if (values === '') await page.locator(`#${section} .run-here`).click();
    const figure = page.locator(`#${section} campanile-figure`);
    await figure.locator('.live-form').waitFor();
    return { page, figure, complaints };
  };

  test('the forward process shows how its values become those of noise', async () => {
    const { figure, complaints } = await open('forward', '?timesteps=[999]');
    const said = await figure.locator('.chart figcaption').textContent();
    const [, mean, deviation] = /mean (−?[\d.]+), deviation ([\d.]+)/.exec(said ?? '') ?? [];
    expect(Math.abs(Number(mean?.replace('−', '-')))).toBeLessThan(0.05);
    expect(Number(deviation)).toBeCloseTo(1, 1);
    expect(complaints).toEqual([]);
  });

  test('the blur is chosen on the curve of its decibels, and none beats the best', async () => {
    const { page, figure } = await open('blur', '?timesteps=[500]');
    const [curve, spectra] = [figure.locator('.chart').first(), figure.locator('.chart').last()];
    const best = Number(/([\d.]+) dB/.exec((await curve.locator('text').last().textContent()) ?? '')?.[1]);
    const box = (await curve.locator('svg').boundingBox())!;
    await page.mouse.click(box.x + box.width * 0.9, box.y + box.height / 2);
    await curve.locator('figcaption', { hasText: /σ = 5/ }).waitFor();
    expect(new URL(page.url()).hash).toMatch(/sigma=5/);
    const chosen = Number(/: ([\d.]+) dB/.exec((await curve.locator('figcaption').textContent()) ?? '')?.[1]);
    expect(chosen).toBeLessThan(best);
    expect(await spectra.locator('figcaption').textContent()).toMatch(/^Finer than [\d.]+ pixels the noise/);
  });
});
