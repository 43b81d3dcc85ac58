import { expect, test } from 'vitest';
import { dataUri, escapeHtml } from './html.ts';
import { renderPage } from './page.ts';
import type { PagePicture } from './section.ts';

const png = Uint8Array.of(137, 80, 78, 71);
const picture = (row: string, column: string, more: Partial<PagePicture['figure']> = {}): PagePicture => ({
  figure: { id: `${row}-${column}`, row, column, ...more },
  png,
  width: 64,
  height: 64,
});
const experiment = { id: 'e', title: 'E', text: 'One.\n\nTwo.', example: 'campanile e' };
const page = (pictures: PagePicture[], more = {}) =>
  renderPage([{ experiment: { ...experiment, ...more }, pictures }], {
    title: 'T',
    introduction: '',
    facts: {},
  });

test('t, seed, PSNR and time stand in the caption, t not twice', () => {
  const html = page([picture('r', 't = 250', { t: 250, seed: 180, psnr: 21.04, seconds: 1.26 })]);
  expect(html).toContain('<span>seed 180</span> <span>21.0 dB</span> <span>1.3 s</span>');
  expect(html).not.toContain('<span>t = 250</span>');
  expect(page([picture('r', 'Result', { t: 250 })])).toContain('<span>t = 250</span>');
});

test('a prompt cannot become markup', () => {
  const evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>';
  const html = page(
    [picture(evil, evil, { caption: evil, turnedCaption: evil, farCaption: evil, id: evil })],
    {
      title: evil,
      text: evil,
      remark: evil,
      example: evil,
    },
  );
  expect(html.match(/<script/g)).toHaveLength(2); // the page's own
  expect(html).not.toContain('<img src=x');
});

test('the page asks for nothing outside itself', () => {
  const html = page([picture('r', 'c')]);
  expect(html).toContain("default-src 'none'");
  expect(html).not.toMatch(/(src|href|url\()\s*=?\s*["'(]?(https?:)?\/\//);
});

test('a picture of more than two sides is shown from all of them', () => {
  const sides = ['as it is', 'flipped', 'as a negative'].map((gesture, i) => ({
    gesture,
    caption: `side ${i}`,
    png,
  }));
  const html = page([{ ...picture('r', 'c', { caption: 'side 0', turnedCaption: 'side 1' }), sides }]);
  for (const { gesture, caption } of sides) expect(html).toContain(`alt="${gesture}: ${caption}"`);
  expect(html).not.toContain('class="turner"');
});

test('a picture is embedded as it is', () => {
  expect(dataUri(png)).toBe('data:image/png;base64,iVBORw==');
  const large = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
  expect(dataUri(large)).toBe(`data:image/png;base64,${Buffer.from(large).toString('base64')}`);
});

test('signs of markup are written out', () => {
  expect(escapeHtml(`<a href="x">'&`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;');
});
