import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { executablePath, openPage } from '../studio/browser.ts';
import { LONG, pixels, root, siteOf } from './site.ts';

/** A page of one's own, whose figures take few steps. */
const own = join(tmpdir(), `campanile-extras-${process.pid}.json`);
const sections = [
  { experiment: 'forward' },
  { experiment: 'blur' },
  { experiment: 'one-step' },
  {
    experiment: 'sampling',
    params: { prompts: ['a castle'], steps: [5], guidanceScale: 1, beyond: false, upscale: false },
  },
  { experiment: 'sdedit', params: { iStarts: [31], guidanceScale: 1 } },
  {
    experiment: 'illusion',
    params: {
      prompts: ['a volcano', 'a hot air balloon', 'a dog'],
      views: ['identity', 'flip', 'negate'],
      steps: 2,
      guidance: [1],
      judge: false,
      upscale: false,
    },
  },
];
await writeFile(own, JSON.stringify({ title: 'Beside', sections }));

describe.skipIf(!executablePath)('beside its pictures', () => {
  const site = siteOf(sections.map(({ experiment }) => experiment).join(), '--from', own);
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
    await curve.scrollIntoViewIfNeeded();
    const box = (await curve.locator('svg').boundingBox())!;
    await page.mouse.click(box.x + box.width * 0.9, box.y + box.height / 2);
    await curve.locator('figcaption', { hasText: /σ = 5/ }).waitFor();
    expect(new URL(page.url()).hash).toMatch(/sigma=5/);
    const chosen = Number(/: ([\d.]+) dB/.exec((await curve.locator('figcaption').textContent()) ?? '')?.[1]);
    expect(chosen).toBeLessThan(best);
    expect(await spectra.locator('figcaption').textContent()).toMatch(/^Finer than [\d.]+ pixels the noise/);
  });

  test('the truth and the blur are there before the model has looked, and then it is closer', async () => {
    const { figure } = await open('one-step', '?timesteps=[500]');
    const [, blur, look] = await figure.locator('.truth .look').all();
    const closeness = async (one: typeof blur) =>
      Number(/([\d.]+) dB, \d+ % of the fine detail/.exec((await one!.textContent()) ?? '')?.[1]);
    expect(await closeness(blur)).toBeGreaterThan(15);
    expect(await closeness(look)).toBeNaN();
    await figure.locator('.run').click();
    await look!.locator('.facts', { hasText: 'dB' }).waitFor(LONG);
    expect(await closeness(look)).toBeGreaterThan(await closeness(blur));
  }, 300_000);

  test('a picture chosen in a row is that of the figure, with its value and its steps', async () => {
    const { figure, complaints } = await open('sampling', '?steps=[7]');
    await figure.getByRole('button', { name: 'A row over the number of steps' }).click();
    const first = figure.locator('.row .look').first();
    await figure.locator('.row .look:enabled').first().waitFor(LONG);
    await figure.getByRole('button', { name: 'Stop' }).click();
    await first.click();
    await figure.locator('.steps output', { hasText: 'the picture' }).waitFor();
    expect(await pixels(figure.locator('.out canvas').first())).toEqual(
      await pixels(first.locator('canvas')),
    );
    expect(await figure.getByLabel('steps', { exact: true }).first().inputValue()).toBe('5');
    await figure.getByLabel('step', { exact: true }).press('Home');
    expect(await figure.locator('.steps output').textContent()).toMatch(/^step 1 of 5/);
    expect(complaints).toEqual([]);
  }, 300_000);

  test('beside a picture of two stages stays what each prompt saw in the first', async () => {
    const { figure, complaints } = await open('sampling', '?steps=[5]&guidanceScale=7&upscale=true');
    await figure.locator('.run').click();
    await figure.locator('.steps output', { hasText: 'stage II, step' }).waitFor(LONG);
    await figure.locator('.steps output', { hasText: 'the picture' }).waitFor(LONG);
    expect(await figure.locator('.looks .look').allInnerTexts()).toContain('“a castle”');
    expect(complaints).toEqual([]);
  }, 300_000);

  test('the handle over a finished picture shows what it was before', async () => {
    const { figure } = await open('sdedit', '?seed=2');
    const question = figure.locator('.question');
    // Who does not guess is not told to do so before what has run.
    await figure.locator('.run').click();
    await question.locator('p', { hasText: 'Before you run it again: how far' }).waitFor(LONG);
    await figure.getByLabel('seed', { exact: true }).first().fill('3');
    await question.getByRole('button', { name: 'hardly' }).click();
    expect(await question.locator('output').textContent()).toBe('Run it, and see.');
    await figure.locator('.run').click();
    const said = question.locator('output', { hasText: 'As you said' });
    await said.waitFor(LONG);
    const handle = figure.getByLabel('how much of the picture before is shown');
    await handle.waitFor(LONG);
    const before = figure.locator('.before-it');
    const cut = () => before.evaluate((element) => getComputedStyle(element).clipPath);
    expect(await cut()).toBe('inset(0px 100% 0px 0px)');
    await handle.press('End');
    expect(await cut()).toBe('inset(0px 0% 0px 0px)');
    const [now, then] = [await pixels(figure.locator('.out canvas').first()), await pixels(before)];
    expect(now).not.toEqual(then);
    // From t = 60 there is little that a run could change.
    const [, decibels] =
      /hardly: over 22 dB\. It came to ([\d.]+) dB\.$/.exec((await said.textContent()) ?? '') ?? [];
    expect(Number(decibels)).toBeGreaterThan(22);
  }, 300_000);

  test('the reader’s picture is that of every figure about one, until it is taken back', async () => {
    const { page, figure, complaints } = await open('forward', '?timesteps=[10]');
    const original = figure.locator('.results canvas').first();
    const before = await pixels(original);
    const words = { name: 'words.png', mimeType: 'image/png', buffer: Buffer.from('words') };
    await figure.locator('input[type=file]').setInputFiles(words);
    await expect.poll(() => figure.getByRole('alert').first().textContent()).toMatch(/expected PNG, JPEG/);
    await page.locator('body > input[type=file]').setInputFiles(words);
    await page
      .getByText(/expected PNG, JPEG/)
      .nth(1)
      .waitFor();
    expect(await page.getByAltText('your picture').isVisible()).toBe(false); // it would be broken
    await page.getByRole('button', { name: 'Close' }).click();
    await page.locator('body > input[type=file]').setInputFiles(join(root, 'pictures/beach-256.png'));
    const pictures = page.locator('campanile-figure').getByLabel('picture', { exact: true });
    await pictures.nth(3).waitFor(); // figures come alive one after the other
    await expect.poll(() => pictures.count()).toBe(4); // all but that of a prompt, and of sides
    const own = () =>
      pictures.evaluateAll(
        (all) => all.filter((one) => (one as HTMLSelectElement).value.startsWith('data:')).length,
      );
    await expect.poll(own).toBe(4);
    await expect.poll(async () => String(await pixels(original)) === String(before)).toBe(false);
    await page.getByRole('button', { name: 'Back to the tower' }).click();
    await expect.poll(own).toBe(0);
    await expect.poll(async () => String(await pixels(original)) === String(before)).toBe(true);
    expect(complaints).toEqual([]);
  });

  test('a number in a formula lights up where it comes from', async () => {
    const { figure } = await open('forward', '?timesteps=[300]');
    // A formula may be wider than a phone, and is scrolled by keyboard, too.
    await figure.getByRole('group', { name: 'Formula' }).first().press('ArrowRight');
    await figure.locator('mn.now').first().hover();
    expect(await figure.locator('.control.lit').textContent()).toMatch(/^noise level t.*t = 300/);
    await figure.getByLabel('seed', { exact: true }).hover();
    expect(await figure.locator('.control.lit').textContent()).not.toMatch(/noise level/);
    expect(await figure.locator('mn.lit').count()).toBe(0);
  });

  test('sides compete before the judge, and the picture of three is turned to each', async () => {
    const { figure, complaints } = await open('illusion', '?seed=5');
    await figure.locator('.run').click();
    await figure.locator('.bars meter').nth(2).waitFor(LONG);
    const said = await figure.locator('.bars').textContent();
    expect(said).toMatch(/^a volcano: [01]\.\d\da hot air balloon: [01]\.\d\da dog: [01]\.\d\d$/);
    const drawn = figure.locator('.out canvas').first();
    const upright = await pixels(drawn);
    await figure.getByRole('button', { name: 'as a negative: a dog' }).click();
    expect(await pixels(drawn)).toEqual(upright.map((value) => 255 - value));
    expect(complaints).toEqual([]);
  }, 300_000);
});
