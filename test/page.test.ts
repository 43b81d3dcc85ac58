/**
 * The page in a browser. Skipped, with a line that says so, where there is no Chromium (CHROMIUM=/path/to/it).
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fastify } from 'fastify';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { views } from '../src/diffusion/views.ts';
import type { Figure } from '../src/experiments/experiment.ts';
import { experiments } from '../src/experiments/index.ts';
import { PageInMaking } from '../src/gallery/making.ts';
import { type PagePicture, renderPage } from '../src/gallery/page.ts';
import { encodeWithRecipe, readRecipe } from '../src/images/png.ts';
import { pages } from '../src/server/pages.ts';

const executablePath =
  process.env['CHROMIUM'] ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
if (!executablePath) console.warn('page.test.ts: no Chromium, the page is not tested in a browser');

/** A gradient that is different upside down. */
const png = (recipe: unknown): Uint8Array => {
  const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => Math.floor(i / 192) * 3 + (i % 3) * 20);
  return encodeWithRecipe({ width: 64, height: 64, channels: 3, data }, recipe, 'a gradient');
};
const picture = (figure: Omit<Figure, 'image'>): PagePicture => ({
  figure,
  png: png({ part: figure.id }),
  width: 64,
  height: 64,
  recipe: { part: figure.id, inputs: { prompt: figure.column } },
  command: `campanile again ${figure.id}`,
  turn: figure.view ? { gesture: 'flipped upside down', css: views.flip.css } : undefined,
});

/** Strips and tables from one column to eight, as wide as the document's; one section turns, one has two distances. */
const sections = experiments.map((experiment, i) => ({
  experiment,
  pictures: ['Stage I', 'Stage II'].slice(i % 3 === 1 ? 1 : 0).flatMap((row) =>
    Array.from({ length: i > 10 ? 2 : 1 + (i % 8) }, (_, k) =>
      picture({
        id: `${row}-${k}`,
        row,
        column: `a prompt of some length, number ${k}`,
        caption: 'upright',
        t: 690,
        seed: 180,
        seconds: 1.2,
        psnr: 20,
        ...(i === 11 && { view: 'flip', turnedCaption: 'turned' }),
        ...((i === 10 || i === 12) && { farCaption: 'from afar' }),
      }),
    ),
  ),
}));
const turning = `#${experiments[11]!.id}`;
const distant = `#${experiments[12]!.id}`;

// A browser beside other work on two cores takes its time.
describe.skipIf(!executablePath)('the page in a browser', { timeout: 180_000 }, () => {
  let browser: Browser;
  let folder: string;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'campanile-page-'));
    const file = join(folder, 'index.html');
    const meta = {
      title: 'The power of diffusion models',
      introduction: '<p>Noise.</p>',
      facts: { Checkpoint: 'none' },
    };
    await writeFile(file, renderPage(sections, meta));
    url = pathToFileURL(file).href;
    const args = [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
    ];
    browser = await chromium.launch({ executablePath: executablePath!, args });
  });
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  async function open(
    options: BrowserContextOptions = {},
  ): Promise<{ page: Page; requests: string[]; errors: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const requests: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(url);
    return { page, requests, errors };
  }

  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

  /** A computed property of the first element. What runs in the page is a string: the page's types are not this file's. */
  const style = (page: Page, selector: string, property: string): Promise<string> =>
    page.evaluate(`getComputedStyle(document.querySelector('${selector}'))['${property}']`);

  /** Transform of the first picture that turns, once it has come to rest: "none" upright, a matrix turned. */
  const transform = async (page: Page): Promise<string> => {
    await page.evaluate('Promise.all(document.getAnimations().map(({ finished }) => finished))');
    return style(page, `${turning} .art`, 'transform');
  };
  const UPRIGHT = 'none';
  const TURNED = 'matrix(1, 0, 0, -1, 0, 0)';

  test('all thirteen sections and every picture are there, and nothing is asked for', async () => {
    const { page, requests, errors } = await open();
    expect(await page.locator('main > section').count()).toBe(13);
    await page.evaluate('Promise.all([...document.images].map((image) => image.decode()))');
    expect(requests.filter((address) => !address.startsWith('data:'))).toEqual([url]);
    expect(errors).toEqual([]);
  });

  test('pictures that are made while somebody reads appear where they belong, and what opens them works', async () => {
    const making = new PageInMaking(
      sections.map(({ experiment }) => experiment),
      { title: 'T', introduction: '', facts: {} },
    );
    const app = fastify();
    await app.register(pages, { page: making });
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    try {
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      await page.goto(address);
      expect(await page.locator('.coming').count()).toBe(13);
      await page.evaluate('scrollTo(0, document.body.scrollHeight)');
      await expect.poll(() => making.wanted, { timeout: 60_000 }).toBe(experiments[12]!.id);
      for (const made of sections[12]!.pictures) making.add(experiments[12]!.id, made);
      making.complete(experiments[12]!.id);
      await page.locator(`${distant} .plate`).last().waitFor();
      await page.locator(`${distant} .coming`).waitFor({ state: 'detached' });
      await page.locator(`${distant} .enlarge > summary`).first().click();
      expect(await page.locator('#viewer[open] .tools').count()).toBe(1);
      expect(await page.locator(`${distant} .distance`).first().isVisible()).toBe(true);
      making.finish();
      await page.locator('.coming').first().waitFor({ state: 'detached' });
      expect(errors).toEqual([]);
    } finally {
      await app.close();
    }
  });

  test('nothing sticks out at the side of a phone, tables scroll inside themselves', async () => {
    for (const width of [360, 390, 768]) {
      const { page } = await open({ ...phone, viewport: { width, height: 800 } });
      const [wide, seen] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, innerWidth]',
      );
      expect(wide).toBeLessThanOrEqual(seen);
      expect(
        await page.locator('.scroll').evaluateAll((all) => all.some((e) => e.scrollWidth > e.clientWidth)),
      ).toBe(true);
    }
  });

  test('an anagram turns under the pointer and turns back', async () => {
    const { page } = await open();
    expect(await transform(page)).toBe(UPRIGHT);
    await page.locator(`${turning} .turner`).first().hover();
    expect(await transform(page)).toBe(TURNED);
    await page.mouse.move(0, 0);
    expect(await transform(page)).toBe(UPRIGHT);
  });

  test('an anagram turns in 600 ms, or at once for those who want no motion', async () => {
    const duration = async (options: BrowserContextOptions) => {
      const { page } = await open(options);
      return style(page, '.art', 'transitionDuration');
    };
    expect(await duration({})).toBe('0.6s');
    expect(await duration({ reducedMotion: 'reduce' })).toBe('0s');
  });

  test('an anagram turns by keyboard: when focused, and with Enter and Space', async () => {
    const { page } = await open();
    await page.locator(`${turning} .scroll`).focus();
    await page.keyboard.press('Tab');
    expect(await transform(page)).toBe(TURNED);
    await page.keyboard.press('Enter');
    expect(await transform(page)).toBe(UPRIGHT);
    await page.keyboard.press('Space');
    expect(await transform(page)).toBe(TURNED);
  });

  test('an anagram turns by tap, even without scripts', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { page } = await open({ ...phone, javaScriptEnabled });
      await page.locator(`${turning} .turner`).first().tap();
      await expect.poll(() => transform(page)).toBe(TURNED);
      await page.locator(`${turning} .turner`).first().tap();
      await expect.poll(() => transform(page)).toBe(UPRIGHT);
    }
  });

  test('without scripts it is all there: pictures unfold their recipe, hover and focus turn', async () => {
    const { page } = await open({ javaScriptEnabled: false });
    const plate = page.locator('.plate.plain').first();
    expect(await plate.locator('.about').isVisible()).toBe(false);
    await plate.locator('summary').click();
    expect(await plate.locator('.about').isVisible()).toBe(true);
    await page.locator(`${turning} .turner`).first().hover();
    expect(await transform(page)).toBe(TURNED);
    expect(await page.locator('.distance').first().isVisible()).toBe(false);
    expect(await page.locator(`${distant} .far`).first().isVisible()).toBe(true);
  });

  test('Enter on a picture opens it large, with recipe and command; Escape gives the place back', async () => {
    const { page } = await open();
    const summary = page.locator('.plate.plain summary').first();
    await summary.focus();
    await page.keyboard.press('Enter');
    const viewer = page.locator('#viewer');
    await viewer.waitFor({ state: 'visible' });
    expect(await viewer.textContent()).toContain('campanile again Stage I-0');
    expect(await viewer.textContent()).toContain('"part": "Stage I-0"');
    await page.keyboard.press('ArrowRight');
    expect(await viewer.textContent()).not.toContain('"part": "Stage I-0"');
    await page.keyboard.press('Escape');
    expect(await viewer.isVisible()).toBe(false);
    expect(
      await page.evaluate('document.activeElement === document.querySelector(".plate.plain summary")'),
    ).toBe(true);
  });

  test('a saved PNG has its recipe inside', async () => {
    const { page } = await open();
    await page.locator('.plate.plain summary').first().click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Save PNG').click()]);
    expect(readRecipe(await readFile(await download.path()))).toEqual({ part: 'Stage I-0' });
    expect(download.suggestedFilename()).toMatch(/^[\w-]+\.png$/);
  });

  test('the distance of a hybrid shrinks it', async () => {
    const { page } = await open();
    const near = page.locator(`${distant} .near img`).first();
    const before = (await near.boundingBox())!.width;
    await page.locator(`${distant} .distance input`).first().fill('4');
    expect((await near.boundingBox())!.width).toBeCloseTo(before / 4, 0);
  });

  test('the colours follow the system until a choice is made', async () => {
    const paper = (page: Page) => style(page, 'body', 'backgroundColor');
    const light = await open({ colorScheme: 'light' });
    const dark = await open({ colorScheme: 'dark' });
    expect(await paper(light.page)).not.toBe(await paper(dark.page));
    await dark.page.getByRole('button', { name: 'Light colours' }).click();
    expect(await paper(dark.page)).toBe(await paper(light.page));
  });

  test('axe finds nothing to complain about, on the page and with a picture open; the dark colours have contrast too', async () => {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const violations = async (page: Page, options = '{}') => {
      await page.evaluate(axe);
      return page.evaluate(
        `axe.run(${options}).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary]))`,
      );
    };
    const light = await open({ colorScheme: 'light', bypassCSP: true });
    expect(await violations(light.page)).toEqual([]);
    await light.page.locator('.plate.plain summary').first().click();
    expect(await violations(light.page)).toEqual([]);
    const dark = await open({ colorScheme: 'dark', bypassCSP: true });
    expect(await violations(dark.page, "{ runOnly: 'color-contrast' }")).toEqual([]);
  });
});
