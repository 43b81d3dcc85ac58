import { describe, expect, test } from 'vitest';
import { ended, executablePath, run, shorten } from './browser.ts';
import { visiting } from './visit.ts';

const SLOW_MS = 240_000;

/** What is under somebody's hand stays there, and nothing that the hand has made is lost. */
describe.skipIf(!executablePath)('under the hand', () => {
  const visit = visiting({ stepMs: 20 });

  test('a mask that is opened has nothing to undo, and what was painted on it is not lost by Escape', async () => {
    const { page, open } = visit;
    const share = () => page.locator('[data-testid=share]').textContent();
    const openMask = async () => {
      await page.locator('.tile[data-kind=mask]').first().click();
      await page.locator('[data-testid=share]', { hasText: /[1-9]\d? %/ }).waitFor();
    };
    await open('inpaint');
    await shorten(page);
    await openMask();
    const whole = await share();
    expect(await page.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true);
    await page.getByRole('application').focus();
    await page.keyboard.press('Control+z');
    expect(await share()).toBe(whole);
    await page.keyboard.press('i');
    const painted = await share();
    expect(painted).not.toBe(whole);
    await page.keyboard.press('Escape');
    await page.getByText('What you painted has not been used yet.').waitFor();
    await page.getByRole('button', { name: 'Go on painting' }).click();
    expect(await share()).toBe(painted);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Throw it away' }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    await openMask();
    expect(await share()).toBe(whole);
  });

  test(
    'while a job runs the steps and the results stay where they are',
    async () => {
      const { page, open } = visit;
      await open('iterative');
      await run(page);
      await page.getByRole('slider', { name: 'Step', exact: true }).waitFor();
      await page.locator('.figure-cell').first().waitFor();
      await page.locator('[data-result] .frame').waitFor();
      // All at one moment: with each step the frame may be another element.
      const places = () =>
        page.evaluate(
          (all) =>
            all.map((one) => {
              const { x, y, width, height } = document.querySelector(one)!.getBoundingClientRect();
              return { x, y, width, height };
            }),
          ['[aria-label=Step]', '[data-result] .frame', '.tray'],
        );
      const before = await places();
      await ended(page);
      expect(await places()).toEqual(before);
    },
    SLOW_MS,
  );

  test.each([
    ['a desk', 1280, 720],
    ['a phone', 390, 844],
  ])(
    'what is said of a job has its place before there is one, and nothing below it moves: %s',
    async (_, width, height) => {
      const { page, open } = visit;
      for (const experiment of ['sdedit', 'edit']) {
        // On a phone the fields lie in a sheet.
        await page.setViewportSize({ width: 1280, height: 720 });
        await open(experiment);
        await shorten(page);
        await page.setViewportSize({ width, height });
        const top = () => page.evaluate(() => document.querySelector('.hero')!.getBoundingClientRect().top);
        const before = await top();
        await run(page);
        await page.getByRole('slider', { name: 'Step', exact: true }).waitFor();
        expect(await top(), `${experiment} runs`).toBe(before);
        await ended(page);
        expect(await top(), `${experiment} has run`).toBe(before);
        await run(page);
        await page.getByText('run before').waitFor();
        expect(await top(), `${experiment} is known`).toBe(before);
        await page
          .getByRole('slider', { name: /^How much may change/ })
          .first()
          .focus();
        await page.keyboard.press('ArrowLeft');
        await page.keyboard.press('ArrowLeft');
        await page.getByText('made with other values').waitFor();
        expect(await top(), `${experiment} beside other values`).toBe(before);
      }
    },
    SLOW_MS,
  );

  test(
    'a phone says all of it, and nothing over something else',
    async () => {
      const { page, open } = visit;
      await open('sdedit');
      await page.setViewportSize({ width: 390, height: 844 });
      /** Words that are cut off, and what was said of the job that reaches into what the section says. */
      const wrong = () =>
        page.evaluate(() => {
          const said = [...document.querySelectorAll('.hero figcaption, .job-head .figures, .lead')];
          const cut = said.filter(
            (one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight,
          );
          const lead = document.querySelector('.lead')!.getBoundingClientRect().top;
          const over = [...document.querySelectorAll('.job-head *')].filter(
            (one) => one.getBoundingClientRect().bottom > lead,
          );
          return [...cut, ...over].map((one) => one.outerHTML.slice(0, 120));
        });
      expect(await wrong(), 'before').toEqual([]);
      await run(page);
      await page.getByRole('slider', { name: 'Step', exact: true }).waitFor();
      expect(await wrong(), 'runs').toEqual([]);
      await page
        .getByRole('slider', { name: /^How much may change/ })
        .first()
        .press('ArrowLeft');
      await page.getByText('made with other values').waitFor();
      expect(await wrong(), 'beside other values').toEqual([]);
      await ended(page);
      expect(await wrong(), 'has run').toEqual([]);
    },
    SLOW_MS,
  );

  test('a letter before each prompt stands as its side is seen, and a long word stays in its field', async () => {
    const { page, open } = visit;
    await page.setViewportSize({ width: 1280, height: 800 });
    await open('illusion');
    const letters = page.locator('.upright');
    await letters.nth(1).waitFor();
    expect(
      await letters.evaluateAll((all) => all.map((one) => (one as HTMLElement).style.transform)),
    ).toEqual(['none', 'rotate(180deg)']);
    await page.getByLabel('prompts 1', { exact: true }).fill(`https://example.org/${'along'.repeat(60)}`);
    const wide = () => page.locator('.fields').evaluate((fields) => fields.scrollWidth - fields.clientWidth);
    await expect.poll(wide).toBe(0);
  });

  test.each([
    ['upright', 390, 480],
    ['on its side', 844, 390],
  ])('a low phone %s has the slider in hand, and its noise in view', async (_, width, height) => {
    const { page, open } = visit;
    await page.setViewportSize({ width, height });
    await open('sdedit');
    const slider = page.getByRole('slider', { name: /^How much may change/ });
    const inHand = () =>
      slider.evaluate((element) => {
        const { left, top, width: wide, height: high } = element.getBoundingClientRect();
        return element === document.elementFromPoint(left + wide / 2, top + high / 2);
      });
    await expect.poll(inHand).toBe(true);
    const noisy = (await page.locator('.slot.x canvas').boundingBox())!;
    const sheet = (await page.locator('.controls').boundingBox())!;
    expect(noisy.y + noisy.height).toBeLessThanOrEqual(sheet.y);
  });

  test('who goes elsewhere before the server has answered is not called back', async () => {
    const { page, open } = visit;
    await open('forward');
    let answer = () => {};
    const waiting = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/v1/jobs', async (route) => {
      if (route.request().method() === 'POST') await waiting;
      await route.continue();
    });
    await run(page);
    await page.getByRole('link', { name: 'Shelf' }).click();
    await page.getByLabel('Search').waitFor();
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    answer();
    await answered;
    await page.locator('.job').first().waitFor();
    expect(new URL(page.url()).hash).toBe('#/history');
  });

  test('a key that has nothing to act on says what it waits for', async () => {
    const { page, open } = visit;
    await open('hybrid');
    await page.locator('h1').click();
    for (const [key, says] of [
      ['p', 'There is no figure yet'],
      ['ArrowRight', 'There is no figure yet'],
      [' ', 'There are no steps to play'],
    ] as const) {
      await page.keyboard.press(key);
      await page.getByText(says).waitFor();
      await page.getByRole('button', { name: 'Dismiss' }).first().click();
    }
  });

  test(
    'a result is dragged into a picture’s field under its name, and arrows go through the large ones',
    async () => {
      const { page, open } = visit;
      await open('forward');
      await run(page);
      await ended(page);
      await page.getByRole('button', { name: 'Open large' }).click();
      const title = page.locator('dialog h2').first();
      const first = await title.textContent();
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => title.textContent()).not.toBe(first);
      await page.keyboard.press('ArrowLeft');
      await expect.poll(() => title.textContent()).toBe(first);
      await page.keyboard.press('Escape');
      await open('sdedit');
      const result = page.locator('.tray a[draggable]').first();
      const name = (await result.getAttribute('aria-label'))!;
      expect(await result.evaluate((tile) => getComputedStyle(tile).opacity)).toBe('1');
      await result.dragTo(page.locator('.tile[data-kind=picture]'));
      await page.locator('.tile[data-kind=picture]', { hasText: name }).waitFor();
    },
    SLOW_MS,
  );
});
