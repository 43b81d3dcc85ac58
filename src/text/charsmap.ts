import { CheckpointError } from '../errors.ts';

/**
 * SentencePiece's precompiled character map: a table of replacements ("ﬁ" → "fi", "㎥" → "m3", no-break space → space),
 * held as a Darts double-array trie over UTF-8 bytes whose leaves point into a block of zero-terminated strings.
 *
 *     u32 size of the trie in bytes │ trie: u32 units, little-endian │ replacements: UTF-8, each ended by 0
 *
 * A unit holds, from bit 0: label (8 bits), has-leaf (1), offset extended (1), offset (22); a leaf holds its value in 31 bits.
 *
 * @see Darts-clone, https://github.com/s-yata/darts-clone
 */
export type Charsmap = (text: string) => string;

const decoder = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

const hasLeaf = (unit: number): boolean => ((unit >>> 8) & 1) === 1;
const leafValue = (unit: number): number => unit & 0x7fffffff;
/** A leaf keeps bit 31, so it never equals a byte. */
const labelOf = (unit: number): number => (unit & 0x800000ff) >>> 0;
const offsetOf = (unit: number): number => ((unit >>> 10) << ((unit & 0x200) >>> 6)) >>> 0;

/**
 * Reads a precompiled map into a function that normalises a text.
 *
 * A grapheme of up to five bytes is looked up whole, then every character alone. The *shortest* entry that begins the
 * looked-up text wins and replaces all of it: an oddity of Hugging Face's tokenizers, kept because T5 is used with it.
 *
 * @throws {CheckpointError} when sizes or replacements do not fit
 */
export function readCharsmap(bytes: Uint8Array): Charsmap {
  const damaged = (what: string) =>
    new CheckpointError('tokenizer', `the tokenizer's character map is damaged: ${what}`);
  if (bytes.length < 8) throw damaged(`${bytes.length} bytes are too few`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const trieBytes = view.getUint32(0, true);
  if (trieBytes % 4 !== 0 || trieBytes === 0 || trieBytes > bytes.length - 4)
    throw damaged(`its trie has ${trieBytes} bytes, the map ${bytes.length}`);
  const units = Uint32Array.from({ length: trieBytes / 4 }, (_, i) => view.getUint32(4 + 4 * i, true));
  const replacements = bytes.subarray(4 + trieBytes);

  const replacementAt = (at: number): string => {
    const end = replacements.indexOf(0, at);
    if (at > replacements.length)
      throw damaged(`replacement ${at} is outside its ${replacements.length} bytes`);
    try {
      return decoder.decode(replacements.subarray(at, end < 0 ? undefined : end));
    } catch {
      throw damaged(`replacement ${at} is not UTF-8`);
    }
  };
  const replacement = (text: string): string | undefined => {
    let node = offsetOf(units[0]!);
    for (const byte of encoder.encode(text)) {
      if (byte === 0) return undefined;
      node ^= byte;
      const unit = units[node];
      if (unit === undefined || labelOf(unit) !== byte) return undefined;
      node ^= offsetOf(unit);
      if (hasLeaf(unit)) {
        const leaf = units[node];
        if (leaf === undefined) throw damaged(`leaf ${node} is outside its ${units.length} units`);
        return replacementAt(leafValue(leaf));
      }
    }
    return undefined;
  };

  return (text) => {
    let normalised = '';
    for (const { segment } of graphemes.segment(text)) {
      const whole = encoder.encode(segment).length < 6 ? replacement(segment) : undefined;
      if (whole !== undefined) normalised += whole;
      else for (const character of segment) normalised += replacement(character) ?? character;
    }
    return normalised;
  };
}
