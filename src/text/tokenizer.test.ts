import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CheckpointError, UnsupportedModelError } from '../errors.ts';
import { openTokenizer, tokenizerFromJson, tokenizerFromSentencePiece } from './tokenizer.ts';

const folder = new URL('../../test/oracle/tiny-if/tokenizer/', import.meta.url);
const spiece = readFileSync(new URL('spiece.model', folder));
const json = readFileSync(new URL('tokenizer.json', folder), 'utf8');
const { rows } = JSON.parse(
  readFileSync(new URL('../../test/oracle/text/tokenizer.json', import.meta.url), 'utf8'),
) as {
  rows: { text: string; ids: number[]; pieces: string[]; decoded: string }[];
};

// Any code points, halves of surrogate pairs too; fast-check's own 'binary' strings take seconds to set up.
const anyText = fc
  .array(fc.integer({ min: 0, max: 0x10ffff }))
  .map((codes) => String.fromCodePoint(...codes));

describe.each([
  ['spiece.model', await tokenizerFromSentencePiece(spiece)],
  ['tokenizer.json', tokenizerFromJson(json)],
])('%s', (_, tokenizer) => {
  test.each(rows)('$text is cut as transformers 5 cuts it', ({ text, ids, pieces, decoded }) => {
    expect(tokenizer.encode(text)).toEqual(ids);
    expect(tokenizer.pieces(ids)).toEqual(pieces);
    expect(tokenizer.decode(ids)).toBe(decoded);
  });

  test('any text has ids of the vocabulary and one end token, last', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const ids = tokenizer.encode(text);
        expect(ids.at(-1)).toBe(tokenizer.endId);
        expect(ids.every((id) => id >= 0 && id < tokenizer.vocabularySize)).toBe(true);
      }),
    );
  });
});

test('words do not depend on their neighbours', () => {
  const tokenizer = tokenizerFromJson(json);
  const word = fc.string({ unit: 'grapheme-ascii', minLength: 1 }).filter((text) => !/[\s<]/.test(text));
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(tokenizer.encode(`${a} ${b}`)).toEqual([
        ...tokenizer.encode(a).slice(0, -1),
        ...tokenizer.encode(b),
      ]);
    }),
  );
});

test('half a surrogate pair is an unknown character', () => {
  const tokenizer = tokenizerFromJson(json);
  expect(tokenizer.encode('a\ud83d')).toEqual(tokenizer.encode('a\ufffd'));
});

test('a damaged spiece.model is a CheckpointError, never anything else', async () => {
  const small = spiece.subarray(0, 4000);
  await fc.assert(
    fc.asyncProperty(fc.nat(small.length - 1), fc.nat(255), async (at, value) => {
      const bytes = Uint8Array.from(small);
      bytes[at] = value;
      try {
        (await tokenizerFromSentencePiece(bytes)).encode('ﬁne a photo');
      } catch (error) {
        if (!(error instanceof CheckpointError) && !(error instanceof UnsupportedModelError)) throw error;
      }
    }),
  );
});

test('a damaged tokenizer.json is named with the place', () => {
  expect(() => tokenizerFromJson('{')).toThrow(/not JSON/);
  expect(() => tokenizerFromJson('{"model":{"type":"BPE"}}')).toThrow(UnsupportedModelError);
  expect(() => tokenizerFromJson('{"model":{"vocab":[["a","b"]]}}')).toThrow(/model\.vocab\.0\.1/);
  const broken = JSON.parse(json) as { normalizer: { precompiled_charsmap: string } };
  broken.normalizer.precompiled_charsmap = 'AAAA';
  expect(() => tokenizerFromJson(JSON.stringify(broken))).toThrow(/character map/);
});

test('a folder without a tokenizer says what it looked for', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'campanile-'));
  await expect(openTokenizer(empty)).rejects.toThrow(/no tokenizer.json and no spiece.model/);
  await writeFile(join(empty, 'spiece.model'), spiece);
  await writeFile(join(empty, 'tokenizer_config.json'), '{"extra_ids":3}');
  expect((await openTokenizer(empty)).vocabularySize).toBe(213);
});
