import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { onTestFailed, TestRunner } from 'vitest';

/** Pictures of the pages of tests that failed. */
const FAILURES = fileURLToPath(new URL('../../out/studio-failures', import.meta.url));

const places = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
/** A browser of the machine; without one these tests are skipped. */
export const executablePath = places.find((path) => path !== undefined && existsSync(path));

export const launchOptions = {
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

export const launch = (): Promise<Browser> => chromium.launch(launchOptions);

/**
 * Builds the studio if its sources are newer than what was built, in a process of its own, as `npm start` does: the tests'
 * environment would make it a slow one.
 */
export async function buildStudio(): Promise<void> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const built = statSync(`${root}/dist/studio/index.html`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(`${root}/studio`, { recursive: true, encoding: 'utf8' });
  if (sources.every((name) => statSync(`${root}/studio/${name}`).mtimeMs < built)) return;
  const { NODE_ENV: _, ...env } = process.env;
  await promisify(execFile)('npm', ['run', 'build:studio'], { cwd: root, env });
}

/** What was to be seen when the test failed is worth more than a stack trace: every page that is open then, as a picture. */
function keepPictures(context: BrowserContext): void {
  const test = TestRunner.getCurrentTest();
  if (!test) return; // opened for a whole file
  const name = test.name.replace(/\W+/g, '-').slice(0, 80);
  onTestFailed(async () => {
    for (const page of context.pages())
      await page.screenshot({ path: `${FAILURES}/${name}-${++pictures}.png` }).catch(() => undefined);
  });
}
let pictures = 0;

/** A page of its own; what it complains of on its console is collected. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    acceptDownloads: true,
    ...options,
  });
  keepPictures(context);
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  // Refusals that a test provokes are printed by the browser itself.
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  return { page, complaints };
}

/** Leaves one item in every list of the form, so that a run is short. */
export async function shorten(page: Page): Promise<void> {
  const remove = page.locator('form.form .remove');
  while ((await remove.count()) > 0) await remove.first().click();
}

export const run = (page: Page): Promise<void> => page.locator('form.form button[type=submit]').click();

export const ended = (page: Page, state = 'done'): Promise<unknown> =>
  page.locator(`.job-head .progress[data-state=${state}]`).waitFor({ timeout: 120_000 });
