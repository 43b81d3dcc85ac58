import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanCaption } from './clean-caption.ts';
import { htmlText } from './html-text.ts';

const oracle = (name: string): { text: string; cleaned: string }[] =>
  JSON.parse(readFileSync(new URL(`../../test/oracle/text/${name}`, import.meta.url), 'utf8'));

// diffusers 0.42.1 with beautifulsoup4 4.15.0 and ftfy 6.3.1 on Python 3.11.
// Any code points, halves of surrogate pairs too; fast-check's own 'binary' strings take seconds to set up.
const anyText = fc
  .array(fc.integer({ min: 0, max: 0x10ffff }))
  .map((codes) => String.fromCodePoint(...codes));

test.each(oracle('clean-caption.json'))('$text is cleaned as diffusers cleans it', ({ text, cleaned }) => {
  expect(cleanCaption(text)).toBe(cleaned);
});

test('three hundred captions put together at random are cleaned as diffusers cleans them', () => {
  for (const { text, cleaned } of oracle('captions.json'))
    expect(cleanCaption(text), JSON.stringify(text)).toBe(cleaned);
});

test('HTML: what is seen stays', () => {
  expect(htmlText('a <b>bold</b> &amp; <script>if (a < b) c()</script>d<!-- e -->f<br>g')).toBe(
    'a bold & dfg',
  );
  expect(htmlText('1 < 2 & 3 &lt;x&gt; &#65;&#x42;; &unknown; ')).toBe('1 < 2 & 3 <x> AB; &unknown ');
  expect(htmlText('<p title="a > b">x</p> <unfinished')).toBe('x <unfinished');
});

test('no text makes it fail', () => {
  const piece = fc.oneof(
    anyText,
    fc.constantFrom('<', '>', '&', '<!', '</', '<a ', '="', '&#', '<script>', '%e', '--'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      cleanCaption(pieces.join(''));
    }),
  );
});
