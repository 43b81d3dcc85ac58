import { describe, expect, test } from 'vitest';
import { executablePath, run } from './browser.ts';
import { visiting } from './visit.ts';

describe.skipIf(!executablePath)('several tabs of one browser', () => {
  const visit = visiting({ stepMs: 25 });

  test('eight of them share one stream: each loads and follows a job, and another takes over when it closes', async () => {
    const { page, server, open } = visit;
    await open('iterative');
    const others = [];
    const streams: string[] = [];
    for (let i = 0; i < 7; i++) {
      const tab = await page.context().newPage();
      tab.on('request', (request) => {
        if (request.url().endsWith('/v1/events')) streams.push(request.url());
      });
      await tab.goto(`${server.url}/studio/#/x/iterative`);
      await tab.locator('form.form').waitFor();
      await tab.locator('.connection[data-state=live]').waitFor();
      others.push(tab);
    }
    expect(streams).toEqual([]);
    await run(page);
    await page.getByRole('slider', { name: 'Step' }).waitFor();
    for (const tab of others) {
      await tab.goto(page.url());
      await tab.getByRole('slider', { name: 'Step' }).waitFor();
    }
    await page.close();
    await Promise.all(
      others.map((tab) => tab.locator('.job-head .progress[data-state=done]').waitFor({ timeout: 120_000 })),
    );
    await expect.poll(() => streams.length).toBe(1);
  }, 240_000);
});

describe.skipIf(!executablePath)('tabs that wait for a step which takes long', () => {
  const visit = visiting({ stepMs: 8_000 });

  test('hold no connection: eight of them show a running job, and the server still answers', async () => {
    const { page, server, open } = visit;
    await open('forward');
    await open('iterative');
    await run(page);
    await page.locator('.job-head .progress[data-state=running]').waitFor();
    for (let i = 0; i < 7; i++) {
      const tab = await page.context().newPage();
      await tab.goto(page.url());
      await tab.locator('.job-head .progress[data-state=running]').waitFor();
    }
    const last = await page.context().newPage();
    await last.goto(`${server.url}/studio/#/history`);
    await last.locator('.job').first().waitFor();
    expect(await last.evaluate(async () => (await fetch('/healthz')).status)).toBe(200);
    await page.getByRole('button', { name: 'Cancel the job' }).click();
  }, 240_000);
});
