import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FileChooser, Page } from 'playwright-core';
import sharp from 'sharp';
import { root } from '../browser/site.ts';

/** Keeps the figure that is on the stage. */
export async function keptOnPage(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Keep .* on my page$/ }).click();
  await page.getByText('It is on your page.').waitFor();
}

/** The file of the page on show. */
export async function savedPage(page: Page, folder: string): Promise<string> {
  const button = page.getByRole('button', { name: 'Save file' });
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  const file = join(folder, download.suggestedFilename());
  await download.saveAs(file);
  return file;
}

export async function openedPage(page: Page, file: Parameters<FileChooser['setFiles']>[0]): Promise<void> {
  const button = page.getByRole('button', { name: 'Open file…' });
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button.click()]);
  await chooser.setFiles(file);
}

/** Pixels of all pictures that `campanile page --from` makes of a file. */
export async function picturesOfPage(file: string, folder: string): Promise<Buffer[]> {
  const out = join(folder, 'built');
  await mkdir(out, { recursive: true });
  const words = ['dist/cli/main.js', 'page', '--from', file, '--out', out];
  await promisify(execFile)(process.execPath, words, { cwd: root });
  const files = await readdir(out, { recursive: true });
  const made = files.filter((name) => name.endsWith('.png') && !name.startsWith('pictures'));
  return Promise.all(made.map((name) => sharp(join(out, name)).raw().toBuffer()));
}
