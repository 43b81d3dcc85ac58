import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launch } from '../studio/browser.ts';
import { type StaticHost, serveFolder } from './static.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const LONG = { timeout: 240_000 };

/** RGB of a picture on the page, an image or a canvas, in its own size. */
export const pixels = (shown: Locator): Promise<number[]> =>
  shown.evaluate((element: HTMLImageElement | HTMLCanvasElement) => {
    const [width, height] =
      element instanceof HTMLImageElement
        ? [element.naturalWidth, element.naturalHeight]
        : [element.width, element.height];
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d')!;
    context.drawImage(element, 0, 0);
    return [...context.getImageData(0, 0, width, height).data].filter((_, i) => i % 4 !== 3);
  });

/** The code of the site is kept, and this page is under its care. */
export const kept = (page: Page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller)
      await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
  });

export interface Site {
  browser: Browser;
  host: StaticHost;
  /** The site's own folder, which the host has at /a/site/. */
  folder: string;
  files: string[];
}

/**
 * What `campanile site` writes, on a plain host and under a path of its own, for the tests of a `describe`.
 *
 * @param sections  for `--only`
 * @param words  more of the command
 */
export function siteOf(sections: string, ...words: string[]): Site {
  const top = mkdtempSync(join(tmpdir(), 'campanile-site-'));
  const site = { folder: join(top, 'a/site') } as Site;
  beforeAll(async () => {
    const command = ['dist/cli/main.js', 'site', site.folder, '--only', sections, ...words];
    await promisify(execFile)(process.execPath, [...command, '--out', join(top, 'out')], { cwd: root });
    site.files = readdirSync(site.folder, { recursive: true, encoding: 'utf8' });
    [site.browser, site.host] = await Promise.all([launch(), serveFolder(top)]);
  }, 300_000);
  afterAll(async () => {
    await site.browser?.close();
    await site.host?.close();
    rmSync(top, { recursive: true });
  });
  return site;
}
