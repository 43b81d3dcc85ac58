import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { executablePath, openPage } from '../studio/browser.ts';
import { openTab, runInTab } from './in-tab.ts';
import { LONG, siteOf } from './site.ts';

describe.skipIf(!executablePath)('what a browser cannot do is said in words', () => {
  const site = siteOf('forward');
  const address = () => `${site.host.address}/a/site/`;
  /** A run that needs the model, and nearly no time. */
  const run = (page: Page) =>
    runInTab(page, site.files.find((file) => /^assets\/compute-.*\.js$/.test(file))!, {
      experiment: 'one-step',
      params: { timesteps: [500] },
    });

  test('no place to keep anything', async () => {
    const { page } = await openPage(site.browser);
    await page.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('refused', 'SecurityError');
      };
    });
    await page.goto(`${address()}studio/`);
    await page.getByText('gives the page no place to keep jobs and pictures').waitFor();
    await page.getByText('ordinary window').waitFor();
  });

  test('a model that is not the one that was published', async () => {
    const file = join(
      site.folder,
      site.files.find((name) => /model-[\w-]+\.safetensors$/.test(name) && !/diffusion/.test(name))!,
    );
    const whole = readFileSync(file);
    const damaged = Buffer.from(whole);
    damaged[damaged.length - 1]! ^= 1;
    writeFileSync(file, damaged);
    const { page } = await openPage(site.browser);
    await openTab(page, address());
    expect((await run(page)).error).toContain('is not the file that was announced');
    writeFileSync(file, whole);
    expect((await run(page)).error).toBeUndefined();
  }, 300_000);

  test('no network before the model has come', async () => {
    const { page } = await openPage(site.browser);
    await openTab(page, address());
    site.host.away = /safetensors|wasm/;
    expect((await run(page)).error).toContain('could not be fetched');
    site.host.away = undefined;
  }, 300_000);

  test('no room: it is computed all the same, and the pictures that do not fit are spoken of', async () => {
    const { page } = await openPage(site.browser);
    await openTab(page, address());
    const session = await page.context().newCDPSession(page);
    const origin = site.host.address;
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 });
    expect((await run(page)).error).toContain('no room for more pictures');
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1e9 });
    expect((await run(page)).error).toBeUndefined();
  }, 300_000);

  test(
    'no WebAssembly',
    async () => {
      const { page } = await openPage(site.browser);
      await page.route(/compute-.*\.js$/, async (route) => {
        const response = await route.fetch();
        // A worker is no page: scripts cannot be put before its own any other way.
        await route.fulfill({ response, body: `delete globalThis.WebAssembly;${await response.text()}` });
      });
      await openTab(page, address());
      expect((await run(page)).error).toContain('runs no WebAssembly');
    },
    LONG.timeout,
  );
});
