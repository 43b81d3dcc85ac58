import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { beforeEach, describe, expect, test } from 'vitest';
import { readRecipe } from '../../src/images/png.ts';
import { ended, executablePath, run, shorten } from './browser.ts';
import type { StudioServer } from './server.ts';
import { visiting } from './visit.ts';

/** Enough where other programs have the processor. */
const SLOW_MS = 240_000;

describe.skipIf(!executablePath)('pictures and masks', () => {
  let server: StudioServer;
  let page: Page;
  const visit = visiting({ page: { permissions: ['clipboard-read', 'clipboard-write'] } });
  const { open, job } = visit;
  beforeEach(() => {
    ({ server, page } = visit);
  });

  describe('a mask', () => {
    const openMask = async () => {
      await open('inpaint');
      await shorten(page);
      await page.locator('.tile[data-kind=mask]').first().click();
      await page.locator('[data-testid=mask-canvas]').waitFor();
      await page.locator('[data-testid=share]', { hasText: /[1-9]\d? %/ }).waitFor();
      await page.getByRole('button', { name: 'Clear' }).click();
    };
    const share = async () => Number.parseInt((await page.locator('[data-testid=share]').textContent())!, 10);
    const finishAndRun = async () => {
      await page.getByRole('button', { name: 'Use this mask' }).click();
      await page.locator('dialog').waitFor({ state: 'detached' });
      await run(page);
      await ended(page);
      return (await job()).recipe.params['masks'] as string[];
    };

    test(
      'is painted by mouse, and is what the job is given',
      async () => {
        await openMask();
        const box = (await page.locator('[data-testid=mask-canvas]').boundingBox())!;
        const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
        await page.mouse.move(...at(0.2, 0.5));
        await page.mouse.down();
        await page.mouse.move(...at(0.8, 0.5), { steps: 8 });
        await page.mouse.up();
        const painted = await share();
        expect(painted).toBeGreaterThan(3);
        expect(painted).toBeLessThan(20);
        await page.getByLabel('rectangle').check({ force: true });
        await page.mouse.move(...at(0.25, 0.25));
        await page.mouse.down();
        await page.mouse.move(...at(0.75, 0.75), { steps: 4 });
        await page.mouse.up();
        expect(await share()).toBeGreaterThanOrEqual(25);
        await page.getByRole('button', { name: 'Undo' }).click();
        expect(await share()).toBe(painted);
        expect(await finishAndRun()).toEqual([expect.stringMatching(/^object:[0-9a-f]{64}$/)]);
      },
      SLOW_MS,
    );

    test(
      'is painted by keys alone',
      async () => {
        await openMask();
        await page.getByRole('application').focus();
        await page.keyboard.press('r');
        await page.keyboard.press(' ');
        for (const key of ['ArrowRight', 'ArrowDown'])
          for (let i = 0; i < 4; i++) await page.keyboard.press(`Shift+${key}`);
        await page.keyboard.press(' ');
        expect(await share()).toBe(6); // 16 × 16 of 64 × 64
        await page.keyboard.press('i');
        expect(await share()).toBe(94);
        await page.keyboard.press('Control+z');
        expect(await share()).toBe(6);
        await page.keyboard.press('Control+z');
        expect(await share()).toBe(0);
        await page.keyboard.press('Control+y');
        await page.keyboard.press('b');
        await page.keyboard.press(' ');
        for (let i = 0; i < 6; i++) await page.keyboard.press('Shift+ArrowLeft');
        await page.keyboard.press(' ');
        expect(await share()).toBeGreaterThan(8);
        expect((await finishAndRun())[0]).toMatch(/^object:/);
      },
      SLOW_MS,
    );

    test(
      'is drawn round with the lasso and feathered, and the job is given its soft edge',
      async () => {
        await openMask();
        const box = (await page.locator('[data-testid=mask-canvas]').boundingBox())!;
        const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
        await page.getByLabel('lasso').check({ force: true });
        await page.mouse.move(...at(0.25, 0.25));
        await page.mouse.down();
        await page.mouse.move(...at(0.75, 0.25), { steps: 6 });
        await page.mouse.move(...at(0.25, 0.75), { steps: 6 });
        await page.mouse.up();
        const triangle = await share(); // an eighth of the square
        expect(triangle).toBeGreaterThanOrEqual(12);
        expect(triangle).toBeLessThanOrEqual(13);
        await page.getByRole('slider', { name: 'feather' }).focus();
        for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
        const [mask] = await finishAndRun();
        const object = await fetch(`${server.url}/v1/objects/${mask!.slice('object:'.length)}`);
        const { data } = await sharp(Buffer.from(await object.arrayBuffer()))
          .greyscale()
          .raw()
          .toBuffer({ resolveWithObject: true });
        const soft = data.filter((value) => value > 10 && value < 245).length / data.length;
        expect(soft).toBeGreaterThan(0.02);
        expect(soft).toBeLessThan(0.2);
      },
      SLOW_MS,
    );
  });

  test(
    'a picture drawn by hand goes into the form',
    async () => {
      await open('sdedit');
      await page.locator('.tile[data-kind=picture]').click();
      await page.getByRole('button', { name: 'Draw one' }).click();
      const box = (await page.locator('[data-testid=paper]').boundingBox())!;
      await page.mouse.move(box.x + 50, box.y + 50);
      await page.mouse.down();
      await page.mouse.move(box.x + 200, box.y + 240, { steps: 6 });
      await page.mouse.up();
      await page.getByRole('application').focus();
      await page.keyboard.press(' ');
      for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
      await page.keyboard.press(' ');
      await page.getByText('2 strokes').waitFor();
      await page.getByRole('button', { name: 'Use this drawing' }).click();
      await page.getByRole('button', { name: /^picture: drawing.png/ }).waitFor();
    },
    SLOW_MS,
  );

  /** A picture in one colour, as bytes that a page can be given. */
  const plain = async (background: string) => [
    ...(await sharp({ create: { width: 40, height: 40, channels: 3, background } })
      .png()
      .toBuffer()),
  ];
  /** The colour in the middle of the picture that the form now refers to. */
  const colourOfTile = async (name: string) => {
    const tile = page.locator('.tile[data-kind=picture]').and(page.getByRole('button', { name }));
    await tile.waitFor();
    const bytes = await (
      await fetch(server.url + (await tile.locator('img').getAttribute('src')))
    ).arrayBuffer();
    return [...(await sharp(Buffer.from(bytes)).removeAlpha().raw().toBuffer()).subarray(0, 3)];
  };

  test('a picture is dropped on its tile', async () => {
    await open('sdedit');
    const dropped = await page.evaluateHandle(
      (bytes) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(bytes)], 'red.png', { type: 'image/png' }));
        return transfer;
      },
      await plain('#c00000'),
    );
    const tile = page.locator('.tile[data-kind=picture]');
    await tile.dispatchEvent('dragover', { dataTransfer: dropped });
    expect(await tile.getAttribute('class')).toContain('dragged');
    await tile.dispatchEvent('drop', { dataTransfer: dropped });
    expect(await colourOfTile('red.png')).toEqual([0xc0, 0, 0]);
  });

  test('a picture is pasted on its tile by keys, and in the choice by its button', async () => {
    const copy = async (colour: string) =>
      page.evaluate(
        async (bytes) => {
          const blob = new Blob([new Uint8Array(bytes)], { type: 'image/png' });
          await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
        },
        await plain(colour),
      );
    await open('sdedit');
    const tile = page.locator('.tile[data-kind=picture]');
    await copy('#00a000');
    await tile.focus();
    await page.keyboard.press('Control+v');
    expect(await colourOfTile('image.png')).toEqual([0, 0xa0, 0]);
    const before = await tile.getAttribute('aria-label');
    await copy('#0000b0');
    await tile.click();
    await page.getByRole('button', { name: 'Paste', exact: true }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(await tile.getAttribute('aria-label')).not.toBe(before);
    expect(await colourOfTile('pasted.png')).toEqual([0, 0, 0xb0]);
  });

  test(
    'the page of a job is one file, which shows its pictures with their recipes without a server',
    async () => {
      await open('forward');
      await run(page);
      await ended(page);
      const { recipe, figures } = await job();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page
          .getByRole('button', { name: 'Share' })
          .click()
          .then(() => page.getByRole('button', { name: 'Save page' }).click()),
      ]);
      expect(download.suggestedFilename()).toBe('forward-process.html');
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto('about:blank');
      await page.setContent(await readFile(await download.path(), 'utf8'));
      const sources = await page.evaluate(() =>
        [...document.images].map((image) => (image.naturalWidth > 0 ? image.src : 'broken')),
      );
      expect(sources).toHaveLength(figures.length);
      const left = async (what: string) => (await page.locator(what).first().boundingBox())!.x;
      expect(await left('math')).toBeCloseTo(await left('h1'), 0);
      const inside = sources.map((source) => readRecipe(Buffer.from(source.split(',')[1]!, 'base64')));
      expect(inside).toMatchObject(
        figures.map(({ id }) => ({ experiment: recipe.experiment, figure: { id } })),
      );
      expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([]);
    },
    SLOW_MS,
  );
});
