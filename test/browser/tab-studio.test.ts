import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { JobEvent } from '../../src/jobs/job.ts';
import { executablePath, openPage, run, shorten } from '../studio/browser.ts';
import { keptOnPage, picturesOfPage, savedPage } from '../studio/own-page.ts';
import { LONG, pixels, root, siteOf } from './site.ts';

const done = (page: Page) => page.locator('.job-head .progress[data-state=done]').waitFor(LONG);

/** What the jobs have told, as the browser keeps it. */
const events = (page: Page): Promise<JobEvent[]> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open('campanile /a/site/');
        opening.onsuccess = () => {
          const asked = opening.result.transaction('events').objectStore('events').getAll();
          asked.onsuccess = () => {
            opening.result.close();
            resolve(asked.result);
          };
        };
      }),
  );

/** Drops a picture onto the window. */
async function drop(page: Page, name: string): Promise<void> {
  const bytes = readFileSync(join(root, `pictures/${name}`)).toString('base64');
  await page.evaluate(
    ([bytes, name]) => {
      const file = new File([Uint8Array.from(atob(bytes!), (c) => c.charCodeAt(0))], name!, {
        type: 'image/png',
      });
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(file);
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    [bytes, name],
  );
}

describe.skipIf(!executablePath)('the studio without a server', () => {
  const site = siteOf('forward');
  const open = async (page: Page) => {
    await page.goto(`${site.host.address}/a/site/studio/#/x/sdedit`);
    await page.locator('form.form').waitFor();
  };
  const brought = {
    dropped: async (page: Page) => {
      await drop(page, 'meadow-64.png');
      await page.locator('form.form', { hasText: 'meadow-64' }).waitFor();
    },
    drawn: async (page: Page) => {
      await page.getByRole('button', { name: /^picture: .*Choose another/ }).click();
      await page.getByRole('button', { name: 'Draw one' }).click();
      const paper = page.locator('dialog canvas').last();
      const { x, y, width, height } = (await paper.boundingBox())!;
      await page.mouse.move(x + width / 4, y + height / 4);
      await page.mouse.down();
      await page.mouse.move(x + (3 * width) / 4, y + (3 * height) / 4, { steps: 8 });
      await page.mouse.up();
      await page.getByRole('button', { name: 'Use this drawing' }).click();
      await page.getByRole('button', { name: /^picture: drawing.png/ }).waitFor();
    },
  };
  const runOwn = async (page: Page, how: keyof typeof brought) => {
    await open(page);
    await brought[how](page);
    await shorten(page);
    await page.locator('form.form input[type=number]').first().fill('31');
    await run(page);
    await done(page);
  };

  test('runs what is asked of a picture of one’s own, and has it on the shelf when it is opened again', async () => {
    const { page, complaints } = await openPage(site.browser);
    await runOwn(page, 'dropped');
    await page.goto(`${site.host.address}/a/site/studio/#/history`);
    await page.reload();
    const card = page.locator('.shelf img').first();
    await card.waitFor();
    expect(
      await card.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)),
    ).toBe(256);
    expect(complaints).toEqual([]);
  }, 400_000);

  const hows = ['dropped', 'drawn'] as const;
  test.each(hows)(
    'keeps a figure of a picture that was %s on a page of one’s own, whose file the command builds to the same picture',
    async (how) => {
      const { page, complaints } = await openPage(site.browser);
      await runOwn(page, how);
      await keptOnPage(page);
      await page.goto(`${site.host.address}/a/site/studio/#/page`);
      await page.reload();
      const shown = page.locator('.own-pictures img');
      await shown.waitFor();
      const inTab = await pixels(shown);
      const folder = mkdtempSync(join(tmpdir(), 'campanile-own-'));
      try {
        const made = await picturesOfPage(await savedPage(page, folder), folder);
        const close = made.map(
          (picture) =>
            inTab.filter((value, i) => Math.abs(value - picture[i]!) <= 1).length /
            Math.max(inTab.length, picture.length),
        );
        expect(Math.max(...close)).toBeGreaterThan(0.99);
      } finally {
        rmSync(folder, { recursive: true });
      }
      expect(complaints).toEqual([]);
    },
    400_000,
  );

  test('what a first picture waits for is said in its place, and over nothing', async () => {
    const { page } = await openPage(site.browser, { viewport: { width: 390, height: 844 }, hasTouch: true });
    await open(page);
    await run(page);
    const said = page.locator('.hero .slot.result .waited', { hasText: /^(?:fetching|opening) the model/ });
    await said.waitFor(LONG);
    const place = (of: Locator) => of.evaluate((element) => element.getBoundingClientRect().bottom);
    expect(await place(said)).toBeLessThan(await place(page.locator('.hero .slot.result .frame')));
  }, 300_000);

  /** Of neither is anything told: no handler of the page runs. */
  const ends: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
    closed: (page) => page.close(),
    crashed: async (page) => {
      const session = await page.context().newCDPSession(page);
      const gone = page.waitForEvent('crash');
      session.send('Page.crash').catch(() => undefined); // answered by nobody
      await gone;
    },
  };
  test.each(Object.keys(ends))(
    'goes on with a job whose page was %s, and keeps the parts that were finished',
    async (how) => {
      const { page } = await openPage(site.browser);
      await open(page);
      await shorten(page);
      await page.locator('form.form .add').first().click();
      const levels = page.locator('form.form input[type=number]');
      await levels.nth(0).fill('31');
      await levels.nth(1).fill('24');
      await run(page);
      await page.waitForFunction(
        () => document.querySelectorAll('.job-head .progress[data-state=running]').length > 0,
        null,
        LONG,
      );
      const secondWalk = async () => {
        const told = (await events(page)).filter((event) => event.type === 'step');
        return new Set(told.map(({ label }) => label)).size === 2;
      };
      while (!(await secondWalk())) await page.waitForTimeout(200);
      const address = page.url();
      const context = page.context();
      await ends[how]!(page);
      const again = await context.newPage();
      await again.goto(address);
      await done(again);
      const told = await events(again);
      const last = told.filter(({ attempt }) => attempt === 2);
      const labels = (among: readonly JobEvent[]) =>
        new Set(among.flatMap((event) => (event.type === 'step' ? [event.label] : [])));
      expect(labels(told).size).toBe(2);
      expect(labels(last).size).toBe(1);
      const end = told.at(-1)!;
      expect(end.type === 'done' && end.figures.filter(({ seed }) => seed !== undefined)).toHaveLength(2);
    },
    400_000,
  );
});
