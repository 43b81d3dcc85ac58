import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { executablePath, openPage, run, shorten } from '../studio/browser.ts';
import { kept, LONG, siteOf } from './site.ts';

/** Opens the figure of one step, runs it and waits for its picture. */
async function drawn(page: Page): Promise<void> {
  const figure = page.locator('#one-step');
  await figure.locator('.run').click();
  await figure.locator('.out .live-figure', { hasText: 'One-step' }).locator('canvas').first().waitFor(LONG);
}

describe.skipIf(!executablePath)('what the pages of one browser share', () => {
  const site = siteOf('forward,one-step');
  const address = (rest = '') => `${site.host.address}/a/site/${rest}`;
  const large = () => site.host.asked.filter((path) => /\.(?:wasm|safetensors)/.test(path));

  test('who saves data is told how much it is, and nothing is fetched before a yes', async () => {
    const { page, complaints } = await openPage(site.browser);
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
    });
    await page.goto(address('#one-step?seed=3'));
    site.host.asked.length = 0;
    const dialog = page.locator('dialog.consent');
    await page.locator('#one-step .run').click();
    await dialog.getByText(/fetches the model and what runs it, \d\d MB, once/).waitFor();
    await dialog.getByRole('button', { name: 'Not now' }).click();
    await page
      .locator('#one-step .status', { hasText: /^nothing was fetched, and so nothing ran;/ })
      .waitFor();
    expect(large()).toEqual([]);
    await page.locator('#one-step .run').click();
    await dialog.getByRole('button', { name: /^Fetch \d\d MB$/ }).click();
    await drawn(page);
    expect(large().length).toBeGreaterThan(0);
    // Kept now, it is asked of nobody again.
    await page.reload();
    await drawn(page);
    expect(complaints).toEqual([]);
  }, 300_000);

  test('one queue, whose jobs run one after the other, and one download for the studio and the page', async () => {
    const { page: first } = await openPage(site.browser);
    const [second, figure] = [await first.context().newPage(), await first.context().newPage()];
    site.host.asked.length = 0;
    for (const [page, level] of [
      [first, '31'],
      [second, '30'],
    ] as const) {
      await page.goto(address('studio/#/x/sdedit'));
      await page.locator('form.form').waitFor();
      await shorten(page);
      await page.locator('form.form input[type=number]').first().fill(level);
    }
    await figure.goto(address('#one-step?seed=3'));
    await figure.locator('#one-step .live-form').waitFor();
    await Promise.all([run(first), run(second), drawn(figure)]);
    const done = (page: Page) => page.locator('.job-head .progress[data-state=done]').waitFor(LONG);
    await Promise.all([done(first), done(second)]);
    expect(large().length).toBeGreaterThan(3);
    expect(large().toSorted()).toEqual([...new Set(large())].toSorted());
    const jobs = await first.evaluate(
      () =>
        new Promise<{ startedAt: string; finishedAt: string; attempt: number }[]>((resolve) => {
          const opening = indexedDB.open('campanile /a/site/');
          opening.onsuccess = () => {
            const asked = opening.result.transaction('jobs').objectStore('jobs').getAll();
            asked.onsuccess = () => resolve(asked.result.map(({ job }) => job));
          };
        }),
    );
    const [one, other] = jobs.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
    expect(jobs.map(({ attempt }) => attempt)).toEqual([1, 1]);
    expect(one!.finishedAt <= other!.startedAt).toBe(true);
  }, 400_000);

  test('a new version leaves an open page its own, and takes over when that is closed', async () => {
    const { page, complaints } = await openPage(site.browser);
    await page.goto(address());
    await kept(page);
    const [before, after] = publishAnother(site.folder);
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      await registration.update();
      while (!registration.waiting) await new Promise((later) => setTimeout(later, 50));
    });
    // The code of the figure is gone from the host: what is kept of the old version has it.
    site.host.asked.length = 0;
    await page.locator('#forward .run-here').click();
    await page.locator('#forward .results .live-figure').nth(1).waitFor();
    expect(site.host.asked.filter((path) => path.includes('fetching-'))).toEqual([]);
    expect(complaints).toEqual([]);
    const code = (of: Page) =>
      of.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name.split('/').at(-1)!));
    expect(await code(page)).toContain(before);
    const context = page.context();
    await page.close();
    const next = await context.newPage();
    // The old version is given up as soon as its last page is gone.
    for (let used: string[] = []; !used.includes(after); used = await code(next)) {
      await next.goto('about:blank'); // an address that differs in nothing, or after # alone, is not loaded anew
      await next.goto(address('#forward?seed=3'));
      await next.locator('#forward .results .live-figure').nth(1).waitFor();
    }
  }, 300_000);
});

/** Publishes the site once more, with a piece of its code under another name. */
function publishAnother(folder: string): readonly [before: string, after: string] {
  const names = readdirSync(join(folder, 'assets')).filter((name) => /-[\w-]{8}\.js$/.test(name));
  // What changed has another name, and so has all that names it.
  const another = (name: string) => name.replace(/..(?=\.js$)/, '00');
  for (const name of names) renameSync(join(folder, 'assets', name), join(folder, 'assets', another(name)));
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:js|html)$/.test(name)) continue;
    const file = join(folder, name);
    const text = names.reduce(
      (text, before) => text.replaceAll(before, another(before)),
      readFileSync(file, 'utf8'),
    );
    // What is not named by its content has a revision.
    writeFileSync(file, name === 'sw.js' ? text.replaceAll('revision:"', 'revision:"2') : text);
  }
  const before = names.find((name) => name.startsWith('fetching-'))!;
  const after = another(before);
  return [before, after];
}
