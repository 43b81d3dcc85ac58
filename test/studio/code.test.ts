import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { ownEnvironment } from '../../src/jobs/environment.ts';
import { ended, executablePath, run } from './browser.ts';
import { openWithPhoto, photo } from './photo.ts';
import { visiting } from './visit.ts';

const SLOW_MS = 240_000;
const root = join(import.meta.dirname, '../..');
const pixels = async (png: Buffer): Promise<string> => (await sharp(png).raw().toBuffer()).toString('hex');

/** With the embedded checkpoint, which the command has, too. */
describe.skipIf(!executablePath)('a figure as code', () => {
  const visit = visiting({
    environment: ownEnvironment({}),
    page: { permissions: ['clipboard-read', 'clipboard-write'], viewport: { width: 1280, height: 720 } },
  });
  const code = () => visit.page.locator('textarea.code');
  const copied = async (language: string): Promise<string> => {
    await visit.page.locator('.code-panel').getByText(language, { exact: true }).click();
    await visit.page.locator('.code-panel').getByRole('button', { name: 'Copy' }).click();
    await visit.page.getByText(`${language} is on the clipboard.`).last().waitFor();
    return visit.page.evaluate(() => navigator.clipboard.readText());
  };

  test(
    'the copied command, TypeScript and curl each make the same pixels',
    async () => {
      const { page, open, job, server } = visit;
      await openWithPhoto({ page, open }, 'sdedit', 'my disc.png');
      const remove = page.locator('[data-field=iStarts] .remove');
      while ((await remove.count()) > 0) await remove.last().click();
      await run(page);
      await ended(page);
      const { figures } = await job();
      const shown = await Promise.all(
        figures.map(async ({ url }) =>
          pixels(Buffer.from(await (await fetch(server.url + url)).arrayBuffer())),
        ),
      );
      await page.getByRole('button', { name: 'Code', exact: true }).click();
      const texts = {
        command: await copied('Command'),
        typescript: await copied('TypeScript'),
        curl: await copied('curl'),
      };
      for (const [language, text] of Object.entries(texts)) {
        const cwd = await mkdtemp(join(tmpdir(), 'campanile-code-'));
        await writeFile(join(cwd, 'my disc.png'), await photo());
        if (language === 'typescript') {
          await writeFile(join(cwd, 'again.mts'), text);
          const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
          await promisify(execFile)(process.execPath, [tsx, 'again.mts'], { cwd });
        } else {
          const campanile = `campanile() { "${process.execPath}" "${root}/dist/cli/main.js" "$@" --out .; }`;
          await promisify(execFile)('bash', ['-ec', `${campanile}\n${text}`], { cwd });
        }
        const names = (await readdir(cwd, { recursive: true })).filter(
          (name) => name.endsWith('.png') && !name.endsWith('my disc.png'),
        );
        const made = await Promise.all(names.map(async (name) => pixels(await readFile(join(cwd, name)))));
        expect(made.toSorted(), language).toEqual(shown.toSorted());
        await rm(cwd, { recursive: true });
      }
    },
    SLOW_MS,
  );

  test('the hand on a control shows its line, and what is written as JSON stands in the form', async () => {
    const { page, open } = visit;
    await open('forward');
    await page.getByLabel('seed', { exact: true }).fill('23');
    await page.locator('h1').click();
    await page.keyboard.press('c');
    await code().waitFor();
    expect(await code().inputValue()).toBe('campanile forward \\\n  --seed 23');
    const lit = () => code().evaluate((text) => getComputedStyle(text).getPropertyValue('--lit').trim());
    await page.locator('[data-field=seed]').hover();
    expect(await lit()).toBe('1');
    await page.locator('[data-field=timesteps]').hover();
    await page.getByText('timesteps has its default').waitFor();
    expect(await lit()).toBe('');
    await page.locator('.code-panel').getByText('JSON', { exact: true }).click();
    await page.getByLabel('seed', { exact: true }).hover();
    expect((await code().inputValue()).split('\n')[Number(await lit())]).toContain('"seed": 23');

    const json = JSON.parse(await code().inputValue());
    await code().fill(JSON.stringify({ ...json, params: { seed: 24, nonsense: 1 } }));
    await page.getByRole('alert').getByText('There is no parameter nonsense').waitFor();
    await code().fill(JSON.stringify({ ...json, params: { seed: 24 } }));
    await page.keyboard.press('Escape');
    await code().waitFor({ state: 'detached' });
    expect(await page.getByLabel('seed', { exact: true }).inputValue()).toBe('24');
  });
});
