import { describe, expect, test } from 'vitest';
import { ended, executablePath, run, shorten } from './browser.ts';
import { visiting } from './visit.ts';

describe.skipIf(!executablePath)('the studio below a prefix', () => {
  const visit = visiting({ prefix: '/lab' });

  test('runs, hears the steps and shows the figures, all from below it', async () => {
    const elsewhere: string[] = [];
    visit.page.on('request', (request) => {
      const { protocol, pathname } = new URL(request.url());
      if (protocol === 'http:' && !pathname.startsWith('/lab/')) elsewhere.push(request.url());
    });
    await visit.open('iterative');
    await shorten(visit.page);
    await run(visit.page);
    await ended(visit.page);
    const { figures } = await visit.job();
    expect(figures[0]!.url).toMatch(/^\/lab\/v1\/objects\//);
    const shown = visit.page.locator(`img[src="${figures[0]!.url}"]`).first();
    await expect
      .poll(() => shown.evaluate((img) => (img as HTMLImageElement).naturalWidth))
      .toBe(figures[0]!.width);
    expect(elsewhere).toEqual([]);
  }, 240_000);
});
