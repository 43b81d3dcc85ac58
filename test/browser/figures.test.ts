import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { executablePath, openPage } from '../studio/browser.ts';
import { LONG, pixels, root, siteOf } from './site.ts';

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
/** A page of one's own, whose figures take few steps, with two pictures of one name. */
const beside = await mkdtemp(join(tmpdir(), 'campanile-own-'));
const own = join(beside, 'page.json');
const photos = { hers: 'meadow-64.png', his: 'beach-64.png' };
for (const [of, photo] of Object.entries(photos)) {
  await mkdir(join(beside, of));
  await copyFile(join(root, 'pictures', photo), join(beside, of, 'photo.PNG'));
}
const sections = [
  {
    experiment: 'sdedit',
    id: 'mine',
    params: { iStarts: [31], guidanceScale: 1, picture: 'hers/photo.PNG' },
  },
  { experiment: 'forward', params: { picture: 'his/photo.PNG' } },
  { experiment: 'edit', params: { iStarts: [29], prompts: ['a rocket ship'] } },
  {
    experiment: 'inpaint',
    params: { pictures: ['campanile'], masks: ['campanile-top'], guidanceScale: 1, resamplings: 1 },
  },
];
await writeFile(own, JSON.stringify({ title: 'Mine', sections }));
afterAll(() => rm(beside, { recursive: true }));

const whole = (figure: Locator) => figure.locator('.steps output', { hasText: 'the picture' }).waitFor(LONG);
/** What the command says of a picture that was saved: whether its recipe makes it again. */
async function verified(shown: Locator, cwd: string): Promise<string> {
  const button = shown.getByRole('button', { name: 'Save PNG' });
  const [download] = await Promise.all([shown.page().waitForEvent('download'), button.click()]);
  const file = join(beside, 'saved.png');
  await download.saveAs(file);
  // Pictures of the site are named from where it lies.
  const words = [join(root, 'dist/cli/main.js'), 'verify', file];
  return (await promisify(execFile)(process.execPath, words, { cwd })).stdout;
}
const result = (figure: Locator) => figure.locator('.out canvas').first();

describe.skipIf(!executablePath)('a live figure', () => {
  const site = siteOf('mine,forward,edit,inpaint', '--from', own);
  const open = async (page: Page, hash: string): Promise<Locator> => {
    await page.goto(`${site.host.address}/a/site/${hash}`);
    const figure = page.locator('#mine campanile-figure');
    await figure.locator('.live-form').waitFor();
    return figure;
  };

  test('has the picture of its section, and no other of the same name', async () => {
    const there = (name: string) => readFile(join(site.folder, 'pictures', name));
    expect(site.files.filter((file) => /^pictures\/./.test(file)).sort()).toEqual([
      'pictures/photo-2.png',
      'pictures/photo.png',
    ]);
    expect(await there('photo.png')).toEqual(await readFile(join(root, 'pictures', photos.hers)));
    expect(await there('photo-2.png')).toEqual(await readFile(join(root, 'pictures', photos.his)));
    const { page } = await openPage(site.browser);
    await page.goto(`${site.host.address}/a/site/`);
    const figures = await page.locator('script[data-figures]').getAttribute('data-figures');
    const { mine, forward } = JSON.parse(figures!) as Record<string, { params: { picture: string } }>;
    expect([mine, forward].map((figure) => figure?.params.picture)).toEqual([
      'pictures/photo.png',
      'pictures/photo-2.png',
    ]);
  });

  test('keeps its steps, goes on from one of them otherwise, and a link makes the same again in a fresh profile', async () => {
    const { page, complaints } = await openPage(site.browser);
    const figure = await open(page, '#mine?seed=3');
    const before = await pixels(figure.locator('.pair canvas').first());
    const height = () => figure.evaluate((element) => element.getBoundingClientRect().height);
    const room = await height();
    await figure.locator('.run').click();
    await whole(figure);
    // Nothing moved when the pictures came.
    expect(await height()).toBe(room);
    const first = await pixels(result(figure));
    const scrubber = figure.getByLabel('step', { exact: true });
    await scrubber.press('Home');
    expect(await pixels(figure.locator('.pair canvas').first())).toEqual(before);
    await scrubber.press('ArrowRight');
    await figure.getByRole('button', { name: 'Branch here' }).click();
    await figure.getByLabel('prompt').fill('a castle');
    await figure.getByLabel('prompt').press('Tab');
    await figure.locator('.pair figcaption', { hasText: 'where it goes on' }).waitFor();
    const leaves = await pixels(figure.locator('.pair canvas').first());
    expect(leaves).not.toEqual(before);
    await figure.getByRole('button', { name: 'Copy link' }).click();
    await figure.getByRole('button', { name: /^(?:Copied|The address)/ }).waitFor();
    await figure.getByRole('button', { name: 'Copy link' }).waitFor(); // the next one will be another
    await figure.getByRole('button', { name: 'Go on from step 2' }).click();
    await figure.locator('.before').waitFor(LONG);
    const branched = await pixels(result(figure));
    expect(branched).not.toEqual(first);
    expect(await pixels(figure.locator('.before canvas').first())).toEqual(first);
    expect(await pixels(figure.locator('.pair canvas').first())).toEqual(leaves);
    expect(await verified(figure.locator('.out'), site.folder)).toMatch(/: (?:same|within tolerance)/);

    const { page: fresh } = await openPage(site.browser);
    const again = await open(fresh, new URL(page.url()).hash);
    expect(await again.getByLabel('prompt').inputValue()).toBe('a castle');
    await again.locator('.run').click();
    await whole(again);
    expect(await pixels(result(again))).toEqual(branched);
    expect(complaints).toEqual([]);
  }, 300_000);

  test('a drawing is the picture at once, and travels in the link', async () => {
    const { page } = await openPage(site.browser, { viewport: { width: 390, height: 844 }, hasTouch: true });
    const figure = await open(page, '#mine?seed=4');
    await figure.getByRole('button', { name: 'Draw' }).click();
    const canvas = figure.getByLabel('Drawing board');
    await canvas.scrollIntoViewIfNeeded();
    const box = (await canvas.boundingBox())!;
    await page.mouse.move(box.x + 20, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 90, box.y + 120);
    await page.mouse.up();
    await page.waitForFunction(() => location.hash.includes('data%3Aimage%2Fpng'));
    const { page: fresh } = await openPage(site.browser);
    const again = await open(fresh, new URL(page.url()).hash);
    // The address is there before the picture is.
    const shown = async (of: Locator) => String(await pixels(of.locator('.pair canvas').first()));
    await expect.poll(async () => (await shown(figure)) === (await shown(again))).toBe(true);
    await again.locator('.run').click();
    await whole(again);
    expect(await verified(again.locator('.out'), tmpdir())).toMatch(/: (?:same|within tolerance)/);
  }, 300_000);

  test('a mask that is painted is taken, and one that is cleared is not; its steps are shown through stage II', async () => {
    const { page, complaints } = await openPage(site.browser);
    await open(page, '#mine?seed=5');
    await page.locator('#inpaint').getByRole('button', { name: 'Run it here' }).click();
    const figure = page.locator('#inpaint campanile-figure');
    await figure.getByRole('button', { name: 'Paint' }).click();
    const canvas = figure.getByLabel('Mask: paint what may change');
    await canvas.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await canvas.boundingBox())!;
    await page.mouse.move(x + width / 4, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + (3 * width) / 4, y + height / 2, { steps: 5 });
    await page.mouse.up();
    const mask = figure.getByRole('combobox', { name: /^mask/ });
    expect(await mask.inputValue()).toMatch(/^data:image\/png/);
    await figure.getByRole('button', { name: 'Clear' }).click();
    expect(await mask.inputValue()).toBe('campanile-top');
    await figure.getByRole('button', { name: 'Run' }).click();
    await whole(figure);
    await figure.locator('.put-back figcaption', { hasText: 'noised to t = ' }).waitFor();
    expect(complaints).toEqual([]);
  }, 300_000);

  test('whose turn another takes says so, and its Stop ends no other', async () => {
    const { page } = await openPage(site.browser);
    const first = await open(page, '#mine?seed=5');
    await page.locator('#edit').getByRole('button', { name: 'Run it here' }).click();
    const second = page.locator('#edit campanile-figure');
    await second.locator('.live-form').waitFor();
    await first.getByRole('button', { name: 'Run' }).click();
    await first.locator('.status', { hasText: 'opening the model' }).waitFor(LONG);
    await second.getByRole('button', { name: 'Run' }).click();
    await first.locator('.status', { hasText: 'stopped: another run began' }).waitFor();
    expect(await first.getByRole('button', { name: 'Stop' }).isDisabled()).toBe(true);
    await whole(second);
    expect(await first.locator('.status').textContent()).toBe('stopped: another run began');
  }, 300_000);

  test('on a phone its form stays where it is when the picture comes', async () => {
    const { page } = await openPage(site.browser, { viewport: { width: 390, height: 844 }, hasTouch: true });
    await page.goto(`${site.host.address}/a/site/#edit?seed=4`);
    const figure = page.locator('#edit campanile-figure');
    const form = figure.locator('.live-form');
    await form.waitFor();
    // Both at one moment: the page may scroll.
    const top = () =>
      form.evaluate((element) => {
        const panel = element.closest('.live-panel')!.getBoundingClientRect();
        return element.getBoundingClientRect().top - panel.top;
      });
    const before = await top();
    await figure.locator('.run').click();
    await whole(figure);
    expect(await top()).toBe(before);
  }, 300_000);

  test('stands in anybody’s page, and says what is wrong with its attributes', async () => {
    await writeFile(
      join(site.folder, 'article.html'),
      `<!doctype html><html lang="en"><title>An article</title><body>
<campanile-figure experiment="forward" t="300" seed="5"></campanile-figure>
<campanile-figure experiment="sdedit" iStart="7"></campanile-figure>
<campanile-figure experiment="sdedit" prompt="7" i-start="40"></campanile-figure>
<campanile-figure experiment="paint"></campanile-figure>
<script type="module" src="figure.js"></script>`,
    );
    const { page } = await openPage(site.browser);
    await page.goto(`${site.host.address}/a/site/article.html`);
    const figures = page.locator('campanile-figure');
    await figures.nth(0).locator('.results', { hasText: 't = 300 · seed 5' }).waitFor();
    const colour = await figures
      .nth(0)
      .locator('.live-panel')
      .evaluate((panel) => getComputedStyle(panel).backgroundColor);
    expect(colour).toBe('rgb(244, 241, 234)'); // of a page that says nothing of colours
    expect(await figures.nth(1).textContent()).toBe('');
    const said = (n: number) => figures.nth(n).locator('.problem').textContent();
    expect(await said(1)).toMatch(
      /^istart: campanile-figure has no such attribute for sdedit; it has .*i-start/,
    );
    expect(await said(2)).toMatch(/^i-start.*32/);
    expect(await said(3)).toMatch(/^experiment: there is no experiment "paint"; there are sampling/);
  });

  test('axe finds nothing, nothing moves when it answers, and a phone shows it whole', async () => {
    const { page } = await openPage(site.browser, {
      viewport: { width: 390, height: 844 },
      reducedMotion: 'reduce',
      bypassCSP: true,
    });
    await open(page, '#mine?seed=3');
    await page.locator('#forward .run-here').click();
    const forward = page.locator('#forward campanile-figure');
    await forward.locator('.results canvas').nth(1).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const low = await page.evaluate(() =>
      [...document.querySelectorAll('campanile-figure')].flatMap((figure) =>
        [...figure.shadowRoot!.querySelectorAll('button, input, select, summary')]
          .filter(
            (element) =>
              element.checkVisibility() && !(element as HTMLInputElement).matches('[type=checkbox]'),
          )
          .filter((element) => element.getBoundingClientRect().height < 44)
          .map((element) => element.outerHTML),
      ),
    );
    expect(low).toEqual([]);
    const height = () => forward.evaluate((element) => element.getBoundingClientRect().height);
    const before = await height();
    await forward.locator('.live-form input[type=range]').first().press('ArrowLeft');
    await forward.locator('.results', { hasText: 't = 499' }).waitFor();
    expect(await height()).toBe(before);
    const result = await page.evaluate(async (source) => {
      new Function(source)();
      const { axe } = window as unknown as { axe: typeof import('axe-core') };
      return axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    }, axeSource);
    expect(result.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});
