import type { Page } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';
import { unseenOf } from '../kinds.ts';
import { executablePath, run } from './browser.ts';
import { visiting } from './visit.ts';

vi.setConfig({ testTimeout: 240_000 });

const answers = (tab: Page) => tab.evaluate(async () => (await fetch('/healthz')).status);
const live = (tab: Page) => tab.locator('.connection[data-state=live]').waitFor();
const running = (tab: Page) => tab.locator('.job-head .progress[data-state=running]').waitFor();

/** Streams of all jobs that tabs have asked for, one entry each. */
function counted(): { readonly opened: string[]; in(tab: Page): Page } {
  const opened: string[] = [];
  return {
    opened,
    in(tab) {
      tab.on('request', (request) => {
        if (request.url().endsWith('/v1/events')) opened.push(tab.url());
      });
      return tab;
    },
  };
}

describe.skipIf(!executablePath)('many tabs of one browser', () => {
  const visit = visiting({ stepMs: 25 });

  unseenOf({
    '8: they share one stream': {
      'each follows a job, and another takes over when the first closes': async () => {
        const { page, server, open } = visit;
        await open('iterative');
        const others: Page[] = [];
        const streams = counted();
        for (let i = 0; i < 7; i++) {
          const tab = streams.in(await page.context().newPage());
          await tab.goto(`${server.url}/studio/#/x/iterative`);
          await tab.locator('form.form').waitFor();
          await live(tab);
          others.push(tab);
        }
        expect(streams.opened).toEqual([]);
        await run(page);
        await page.getByRole('slider', { name: 'Step' }).waitFor();
        for (const tab of others) {
          await tab.goto(page.url());
          await tab.getByRole('slider', { name: 'Step' }).waitFor();
        }
        await page.close();
        await Promise.all(
          others.map((tab) =>
            tab.locator('.job-head .progress[data-state=done]').waitFor({ timeout: 120_000 }),
          ),
        );
        await expect.poll(() => streams.opened.length).toBe(1);
      },
      'the one that has it is loaded again, and goes elsewhere': async () => {
        const { page, server, open } = visit;
        const streams = counted();
        streams.in(page);
        await open('forward');
        await live(page);
        const others: Page[] = [];
        for (let i = 0; i < 7; i++) {
          const tab = streams.in(await page.context().newPage());
          await tab.goto(`${server.url}/studio/`);
          await live(tab);
          others.push(tab);
        }
        expect(streams.opened).toHaveLength(1);
        await page.reload();
        await live(page);
        await expect.poll(() => streams.opened.length).toBe(2);
        await page.goto('about:blank');
        expect(await answers(others.at(-1)!)).toBe(200);
        await Promise.all(others.map(live));
        expect(streams.opened).toHaveLength(2);
      },
      'where there are no locks those that nobody sees let go': async () => {
        const { page, server } = visit;
        const context = page.context();
        await context.addInitScript(() => {
          Object.defineProperty(navigator, 'locks', { value: undefined });
          let hidden = false;
          Object.defineProperty(document, 'hidden', { get: () => hidden });
          addEventListener('hide', () => {
            hidden = true;
            document.dispatchEvent(new Event('visibilitychange'));
          });
          addEventListener('show', () => {
            hidden = false;
            document.dispatchEvent(new Event('visibilitychange'));
          });
        });
        const tabs: Page[] = [];
        for (let i = 0; i < 8; i++) {
          await tabs.at(-1)?.evaluate(() => dispatchEvent(new Event('hide')));
          const tab = await context.newPage();
          await tab.goto(`${server.url}/studio/#/x/forward`);
          await live(tab);
          tabs.push(tab);
        }
        expect(await answers(tabs[0]!)).toBe(200);
        await tabs.at(-1)!.evaluate(() => dispatchEvent(new Event('hide')));
        await tabs[0]!.evaluate(() => dispatchEvent(new Event('show')));
        await live(tabs[0]!);
        await tabs[1]!.locator('.connection[data-state=connecting]').waitFor();
      },
    },
  });
});

describe.skipIf(!executablePath)('tabs that wait for a step which takes long', () => {
  const visit = visiting({ stepMs: 8_000 });

  test('hold no connection: eight of them show a running job, and the server still answers', async () => {
    const { page, server, open } = visit;
    await open('forward');
    await open('iterative');
    await run(page);
    await running(page);
    for (let i = 0; i < 7; i++) {
      const tab = await page.context().newPage();
      await tab.goto(page.url());
      await running(tab);
    }
    const last = await page.context().newPage();
    await last.goto(`${server.url}/studio/#/history`);
    await last.locator('.job').first().waitFor();
    expect(await answers(last)).toBe(200);
    await page.getByRole('button', { name: 'Cancel the job' }).click();
  });
});
