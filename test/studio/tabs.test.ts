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
