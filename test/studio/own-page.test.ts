import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { ownEnvironment } from '../../src/jobs/environment.ts';
import { ended, executablePath, openPage, run, shorten } from './browser.ts';
import { keptOnPage, openedPage, picturesOfPage, savedPage } from './own-page.ts';
import { openWithPhoto } from './photo.ts';
import { visiting } from './visit.ts';

const SLOW_MS = 240_000;

describe.skipIf(!executablePath)('a page of one’s own', () => {
  const visit = visiting({ environment: ownEnvironment({}) });

  test(
    'what is kept on the bench becomes a file that the command builds to the same pictures',
    async () => {
      const { page, open, job, browser } = visit;
      await openWithPhoto({ page, open }, 'sdedit', 'my disc.png');
      await shorten(page);
      await page.locator('form.form input[type=number]').first().fill('31');
      await run(page);
      await ended(page);
      await keptOnPage(page);
      const made = (await job()).figures.find(({ seed }) => seed !== undefined)!;

      await page.getByRole('link', { name: /^My page/ }).click();
      await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Discs & more');
      await page.getByRole('button', { name: 'Words alone' }).click();
      await page.getByRole('textbox', { name: 'Title of section 2' }).fill('What I see');
      await page.getByRole('textbox', { name: /^Text of section 2/ }).fill('A *round* thing.');
      expect(await page.locator('.own-prose em').textContent()).toBe('round');
      await page.getByRole('button', { name: 'Up: What I see' }).click();
      const folder = await mkdtemp(join(tmpdir(), 'campanile-own-'));
      try {
        const file = await savedPage(page, folder);
        expect(file).toMatch(/discs-more\.json$/);
        const document = JSON.parse(await readFile(file, 'utf8'));
        expect(document).toMatchObject({
          title: 'Discs & more',
          sections: [
            { title: 'What I see', text: 'A *round* thing.' },
            { experiment: 'sdedit', params: { picture: 'my-disc' } },
          ],
        });
        const pictures = await picturesOfPage(file, folder);
        const same = await sharp(await (await fetch(visit.server.url + made.url)).arrayBuffer())
          .raw()
          .toBuffer();
        expect(pictures.some((picture) => picture.equals(same))).toBe(true);

        // In another browser it is the same page, which can be run and built again.
        const { page: other, complaints } = await openPage(browser);
        await other.goto(`${visit.server.url}/studio/#/page`);
        await openedPage(other, file);
        await other.getByRole('button', { name: 'Run', exact: true }).click();
        await other.locator('.own-pictures img').first().waitFor();
        const again = JSON.parse(await readFile(await savedPage(other, folder), 'utf8'));
        expect(again.sections).toEqual(document.sections);
        expect(complaints).toEqual([]);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
    SLOW_MS,
  );

  test('two tabs add to one page; what was taken off comes back', async () => {
    const { page, server } = visit;
    const address = `${server.url}/studio/#/page`;
    await page.goto(address);
    const other = await page.context().newPage();
    await other.goto(address);
    await page.getByRole('button', { name: 'Words alone' }).click();
    await other.getByRole('textbox', { name: 'Title of section 1' }).waitFor();
    await other.getByRole('button', { name: 'Words alone' }).click();
    await page.getByRole('textbox', { name: 'Title of section 2' }).waitFor();
    expect(await other.locator('.own-section').count()).toBe(2);
    await page
      .getByRole('button', { name: /^Take off the page/ })
      .first()
      .click();
    await expect.poll(() => other.locator('.own-section').count()).toBe(1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => other.locator('.own-section').count()).toBe(2);
    await page.reload();
    await expect.poll(() => page.locator('.own-section').count()).toBe(2);
  });

  test('words without a title are asked for one', async () => {
    const { page, server } = visit;
    await page.goto(`${server.url}/studio/#/page`);
    await page.getByRole('button', { name: 'Words alone' }).click();
    await page.getByRole('button', { name: 'Save file' }).click();
    await page.getByText('Section 1 is words alone, and needs a title.').waitFor();
  });

  test('a file that is no page is refused in words, and the page stays', async () => {
    const { page, server } = visit;
    await page.goto(`${server.url}/studio/#/page`);
    await page.getByRole('button', { name: 'Words alone' }).click();
    for (const [text, words] of [
      ['{', /is not JSON/],
      ['{"title":"x","sections":[]}', /sections: expected at least 1/],
      ['{"title":"x","sections":[{"experiment":"sdedti"}]}', /there is no experiment “sdedti”/],
    ] as const) {
      await openedPage(page, { name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(text) });
      await page.locator('.notice[data-tone=bad]', { hasText: words }).waitFor();
    }
    expect(await page.locator('.own-section').count()).toBe(1);
  });
});
