import { describe, expect, test } from 'vitest';
import { ended, executablePath, openPage, run, shorten } from './browser.ts';
import { dropAnywhere, openWithPhoto, photo } from './photo.ts';
import { visiting } from './visit.ts';

const SLOW_MS = 240_000;

/**
 * What new users met in the first studio and no other test holds. Its front doors are in pages.test.ts and unseen-server.test.ts,
 * results in view, focus, links with one's own photo and captions of figures in flows.test.ts, the mask board, what moves under the
 * hand, dragged results and arrows in hands.test.ts, names of files and lists in studio.test.ts, saved pages in pictures.test.ts,
 * contrast, targets, names and paper in reach.test.ts, what the model knows in subjects.test.ts, tabs in tabs.test.ts.
 */
describe.skipIf(!executablePath)('what new users met', () => {
  const visit = visiting({ stepMs: 2, page: { viewport: { width: 1280, height: 720 } } });

  test(
    'what is said of the document’s picture is not said of one’s own, on the bench and on the saved page',
    async () => {
      const { page, open } = visit;
      await open('sdedit');
      await shorten(page);
      const remark = page.locator('.why .remark');
      await page.getByText('Why?').click();
      await remark.waitFor();
      const text = (await remark.textContent())!;
      const saved = async () => {
        await run(page);
        await ended(page);
        await page.getByRole('button', { name: 'Share' }).click();
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name: 'Save page' }).click(),
        ]);
        return (await (await download.createReadStream()).toArray()).join('');
      };
      expect(await saved()).toContain(text);
      await dropAnywhere(page, await photo(), 'mine.png');
      await page.getByRole('button', { name: /^picture: mine\.png/ }).waitFor();
      await shorten(page);
      expect(await saved()).not.toContain(text);
      await page.getByText('Why?').click();
      expect(await remark.count()).toBe(0);
    },
    SLOW_MS,
  );

  test(
    'a job’s link shows the job’s picture, and not the one of the form',
    async () => {
      const { page, open } = visit;
      await openWithPhoto({ page, open }, 'sdedit', 'mine.png');
      await shorten(page);
      await run(page);
      await ended(page);
      const url = page.url();
      const original = page.locator('.figure-cell img').first();
      const made = await original.getAttribute('src');
      await page.getByRole('button', { name: 'Back to defaults' }).click();
      await page.goto('about:blank');
      await page.goto(url);
      await page.locator('.figure-cell img').first().waitFor();
      expect(await original.getAttribute('src')).toBe(made);
      await expect.poll(async () => page.locator('[data-result] img').first().isVisible()).toBe(true);
    },
    SLOW_MS,
  );

  test(
    'a file’s name is seen in every browser: in the form, on the shelf, in the differences',
    async () => {
      const { page, open, browser } = visit;
      await openWithPhoto({ page, open }, 'sdedit', 'mine.png');
      await shorten(page);
      await run(page);
      await ended(page);
      const another = await openPage(browser);
      await another.page.goto(page.url());
      await another.page.getByRole('button', { name: /^picture: mine\.png/ }).waitFor();
      await another.page.getByRole('button', { name: 'Back to defaults' }).click();
      await another.page.getByRole('button', { name: 'Show', exact: true }).click();
      await another.page.locator('.differences').getByText('mine.png').waitFor();
      await another.page.keyboard.press('Escape');
      await another.page.evaluate(() => localStorage.clear());
      await another.page.goto(page.url().replace(/#.*/, '#/history'));
      await another.page.reload();
      await another.page.locator('.job').getByText('picture: mine.png').first().waitFor();
      expect(another.complaints).toEqual([]);
      await another.page.context().close();
    },
    SLOW_MS,
  );

  test('a picture that only the browser can read comes in under its name', async () => {
    const { page, server } = visit;
    await page.goto(`${server.url}/studio/`);
    await page.locator('.cards canvas').first().waitFor();
    await dropAnywhere(page, await photo('avif'), 'holiday.avif');
    await page.getByRole('button', { name: /^picture: holiday\.avif/ }).waitFor();
  });

  test('a number beyond its range, a blank and a value that stands twice are told', async () => {
    const { page, open } = visit;
    await open('sdedit');
    const first = page.locator('form.form').getByLabel('i_start 1', { exact: true }).first();
    await first.fill('40');
    await first.blur();
    await page.getByText('40 is not within 0 to 32: it is 32 now.').waitFor();
    await first.fill('');
    await first.blur();
    await page.getByText('Without a number it stays 32.').waitFor();
    await first.fill('3');
    await page.getByText('one value stands there twice').waitFor();
    await page.getByRole('button', { name: 'Back to defaults' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await first.inputValue()).toBe('3');
  });

  test('a number far beyond its range that is sent while it is typed is refused at its field', async () => {
    const { page, open } = visit;
    await open('forward');
    const first = page.locator('form.form').getByLabel('timesteps 1', { exact: true });
    await first.fill('1500');
    await page.getByText('to begin with').waitFor();
    await first.press('Enter');
    await page.locator('[data-field=timesteps].invalid').waitFor();
    expect(await first.inputValue()).toBe('1500');
  });

  test('what is dropped and is no picture is told', async () => {
    const { page, open } = visit;
    await open('sdedit');
    const text = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['words'], 'words.txt', { type: 'text/plain' }));
      return transfer;
    });
    for (const place of ['body', '.tile[data-kind=picture]']) {
      await page.locator(place).dispatchEvent('drop', { dataTransfer: text });
      await page.getByText('“words.txt” is no picture.').waitFor();
      await page.getByRole('button', { name: 'Dismiss' }).first().click();
    }
  });

  test('what stands under a figure says nothing twice', async () => {
    const { page, open } = visit;
    await open('forward');
    await run(page);
    await ended(page);
    const said = await page.locator('[data-result] figcaption').textContent();
    expect(said!.match(/t = \d+/g)).toHaveLength(1);
  });

  test('an address that leads nowhere says so, and every page has its title', async () => {
    const { page, server } = visit;
    await page.goto(`${server.url}/studio/#/x/nonsense`);
    await page.getByText('There is nothing here').waitFor();
    await page.goto(`${server.url}/studio/#/x/%E0%A4%A`);
    await page.getByText('There is nothing here').waitFor();
    const titles = [];
    for (const place of ['#/', '#/x/sdedit', '#/history', '#/grid']) {
      await page.goto(`${server.url}/studio/${place}`);
      await page.locator('main h1').waitFor();
      titles.push(await page.title());
    }
    expect(new Set(titles).size).toBe(4);
    await page.setViewportSize({ width: 390, height: 844 });
    const pages = page.getByRole('navigation', { name: 'Pages' });
    await pages.getByRole('link', { name: 'Shelf' }).click();
    await page.waitForURL('**/#/history');
    await page.getByRole('link', { name: 'campanile' }).click();
    await page.locator('.cards').waitFor();
  });

  test('what cannot be shown says so, and nothing else goes with it', async () => {
    const { page, server, open } = visit;
    await open('forward');
    await page.route(/assets\/history-/, (route) => route.abort());
    await page.getByRole('link', { name: 'Shelf' }).click();
    await page.getByText('This page could not be shown').waitFor();
    await page.getByText('Your jobs and pictures are safe').waitFor();
    await page.getByRole('link', { name: 'Go to the start' }).click();
    await page.locator('.cards').waitFor();
    expect(await page.getByText('could not be shown').count()).toBe(0);
    await page.unroute(/assets\/history-/);
    await page.goto(`${server.url}/studio/#/history`);
    await page.getByRole('button', { name: 'Load anew' }).click();
    await page.getByLabel('Search').waitFor();
    visit.complaints.length = 0;
  });

  test('a form that cannot be shown begins anew by a press', async () => {
    const { page, server } = visit;
    await page.goto(`${server.url}/studio/`);
    await page.locator('.cards canvas').first().waitFor();
    await page.evaluate(() => {
      const { observe } = ResizeObserver.prototype;
      ResizeObserver.prototype.observe = () => {
        throw new Error('nothing is observed today');
      };
      addEventListener('mended', () => {
        ResizeObserver.prototype.observe = observe;
      });
      location.hash = '#/x/sdedit';
    });
    await page.getByText('nothing is observed today').waitFor();
    await page.getByRole('button', { name: 'Try once more' }).click();
    await page.getByText('nothing is observed today').waitFor();
    await page.evaluate(() => dispatchEvent(new Event('mended')));
    await page.getByRole('button', { name: 'Back to defaults' }).click();
    await page.locator('form.form').waitFor();
    visit.complaints.length = 0;
  });

  test('values that another version kept and this one cannot show are not given', async () => {
    const { page, open } = visit;
    await open('sdedit');
    await page.evaluate(() =>
      localStorage.setItem(
        'campanile.drafts',
        JSON.stringify({ sdedit: { iStarts: [{ t: 1 }], prompt: ['a', 'b'], seed: 'x', picture: 'beach' } }),
      ),
    );
    await page.reload();
    await page.getByRole('button', { name: /^picture: beach/ }).waitFor();
    const iStart = page.locator('form.form').getByLabel('i_start 1', { exact: true });
    expect(await iStart.first().inputValue()).toBe('1');
    expect(await page.getByLabel('seed', { exact: true }).inputValue()).toBe('180');
  });

  test(
    'all figures of a walk lie within the stage, and a known recipe says so beside the job alone',
    async () => {
      const { page, open } = visit;
      await open('iterative');
      await run(page);
      await ended(page);
      const beyond = await page.locator('.stage').evaluate((stage) => stage.scrollWidth - stage.clientWidth);
      expect(beyond).toBe(0);
      await run(page);
      await page.locator('.job-head').getByText('run before').waitFor();
      await page.goto(page.url().replace(/#.*/, '#/x/forward'));
      await page.locator('form.form').waitFor();
      expect(await page.getByText('run before').count()).toBe(0);
    },
    SLOW_MS,
  );
});

describe.skipIf(!executablePath)('who runs again before the first run is over', () => {
  const visit = visiting({ stepMs: 40 });

  test(
    'sees the new one: the older gives its place, and what it finished stays',
    async () => {
      const { page, open, job, server } = visit;
      await open('sdedit');
      await run(page);
      await page.locator('.figure-cell').first().waitFor();
      const before = await job();
      await page.getByLabel('seed', { exact: true }).fill('7');
      await run(page);
      await page.getByText('The run before was stopped').waitFor();
      await expect
        .poll(async () => (await (await fetch(`${server.url}/v1/jobs/${before.id}`)).json()).state)
        .toBe('cancelled');
      const now = await job();
      expect([now.id === before.id, now.recipe.params['seed']]).toEqual([false, 7]);
      const kept = await (await fetch(`${server.url}/v1/jobs/${before.id}`)).json();
      expect(kept.figures.length).toBeGreaterThan(0);
      await page.getByRole('button', { name: 'Cancel the job' }).click();
      await ended(page, 'cancelled');
    },
    SLOW_MS,
  );
});
