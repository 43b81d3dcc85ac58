import { expect, test } from 'vitest';
import { PageInMaking } from './making.ts';

const text = (id: string) => ({
  id,
  title: id.toUpperCase(),
  text: `About ${id}.`,
  example: `campanile ${id}`,
});
const picture = (id: string) => ({
  figure: { id, row: '', column: id },
  png: Uint8Array.of(137, 80, 78, 71),
  width: 64,
  height: 64,
});
const making = () => new PageInMaking([text('a'), text('b')], { title: 'T', introduction: '', facts: {} });

test('the page can be read before anything is made, and says what is missing', () => {
  const html = making().html();
  expect(html).toContain('About b.');
  expect(html.match(/being made/g)).toHaveLength(2);
  expect(html).toContain("connect-src 'self'");
});

test('finished, it asks for nothing', () => {
  const page = making();
  page.add('a', picture('x'));
  page.complete('a');
  page.complete('b');
  page.finish({ facts: { Checkpoint: 'tiny' } });
  const html = page.html();
  expect(html).not.toMatch(/being made|connect-src|page\/changes/);
  expect(html).toContain('<dd>tiny</dd>');
});

test('a reader is told what has come since, and of no other section', async () => {
  const page = making();
  page.add('a', picture('x'));
  const first = await page.changes(0);
  expect(Object.keys(first.pictures)).toEqual(['a']);
  expect(first).toMatchObject({ making: true, pictures: { a: expect.stringContaining('id="a-x"') } });
  const next = page.changes(first.version);
  page.add('b', picture('y'));
  expect(Object.keys((await next).pictures)).toEqual(['b']);
  page.finish();
  expect(await page.changes((await next).version)).toMatchObject({ making: false, pictures: {} });
});

test('who waits is not kept for ever, and may leave', async () => {
  const page = making();
  expect(await page.changes(0, { waitMs: 1 })).toMatchObject({ version: 0, pictures: {} });
  const leaving = new AbortController();
  const waiting = page.changes(0, { signal: leaving.signal });
  leaving.abort();
  expect(await waiting).toMatchObject({ version: 0 });
});

test('the section that is looked at is wanted until it is complete', () => {
  const page = making();
  expect(page.wanted).toBeUndefined();
  page.lookAt('b');
  page.lookAt('no such section');
  expect(page.wanted).toBe('b');
  page.complete('b');
  expect(page.wanted).toBeUndefined();
});
