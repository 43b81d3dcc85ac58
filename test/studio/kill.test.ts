import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Job, JobEvent } from '../../src/server/api-types.ts';
import { parseEvents } from '../jobs/fake-server.ts';
import { startProcess } from '../jobs/processes.ts';
import { buildStudio, ended, executablePath, launchOptions, openPage, run } from './browser.ts';

const SLOW_MS = 240_000;

/** Whatever is killed in the middle: what was finished stays, and is not made again. */
describe.skipIf(!executablePath)('kill -9', () => {
  const begun = async (page: Page, url: string): Promise<Job> => {
    await page.goto(`${url}/studio/#/x/sdedit`);
    await page.locator('form.form').waitFor();
    await run(page);
    await page.locator('.figure-cell').first().waitFor();
    return jobAt(url, page.url().split('/').at(-1)!);
  };
  const jobAt = async (url: string, id: string): Promise<Job> =>
    (await (await fetch(`${url}/v1/jobs/${id}`)).json()) as Job;
  const steps = (events: readonly JobEvent[]) =>
    events.flatMap((event) => (event.type === 'step' ? [event] : []));

  test(
    'of the server, and of the browser: the job goes on, its finished figures are what they were',
    async () => {
      await buildStudio();
      const stateDir = await mkdtemp(join(tmpdir(), 'campanile-killed-'));
      let server = startProcess('../studio/studio-process.ts', { stateDir, port: 0, stepMs: 15 });
      const url = await server.told('url');
      const victim = await chromium.launchServer(launchOptions);
      const browser = await chromium.connect(victim.wsEndpoint());
      const first = await openPage(browser);
      const before = await begun(first.page, url);
      expect(before.state).toBe('running');

      server.kill('SIGKILL');
      await server.ended;
      await first.page.getByRole('alert').getByText('does not answer').waitFor();
      server = startProcess('../studio/studio-process.ts', {
        stateDir,
        port: Number(new URL(url).port),
        stepMs: 15,
      });
      await server.told('url');
      await first.page.locator('.connection[data-state=live]').waitFor();
      await expect.poll(async () => (await jobAt(url, before.id)).attempt, { timeout: 60_000 }).toBe(2);

      victim.process().kill('SIGKILL');
      const another = await chromium.launch(launchOptions);
      const { page, complaints } = await openPage(another);
      await page.goto(`${url}/studio/#/history`);
      await page.locator('.job').first().waitFor();
      await page.goto(`${url}/studio/#/x/sdedit/${before.id}`);
      await ended(page);
      const after = await jobAt(url, before.id);
      expect(after.figures).toEqual(expect.arrayContaining([...before.figures]));
      expect(after.figures).toHaveLength(7);
      expect(await page.locator('.figure-cell').count()).toBe(7);
      const told = parseEvents(await (await fetch(`${url}/v1/jobs/${before.id}/events`)).text());
      const again = steps(told).filter(({ attempt }) => attempt === 2);
      const finished = before.figures.map(({ column }) => column);
      expect(again.filter(({ label }) => finished.includes(label))).toEqual([]);
      expect(complaints).toEqual([]);
      await another.close();
      server.kill('SIGTERM');
      await server.ended;
      await rm(stateDir, { recursive: true });
    },
    SLOW_MS,
  );
});
