import { ArgumentError } from '../errors.ts';
import { htmlText, unescapeHtml, windows1252 } from './html-text.ts';
import { stripped } from './prompt.ts';
import { pythonRegex } from './python-regex.ts';

/** Put in place of what an expression finds, in this order. */
type Replacement = readonly [expression: string, by: string];

const before: readonly Replacement[] = [
  ['<person>', 'person'],
  // Addresses.
  [
    '\\b((?:https?:(?:\\/{1,3}|[a-zA-Z0-9%])|[a-zA-Z0-9.\\-]+[.](?:com|co|ru|net|org|edu|gov|it)[\\w\\/\\-]*\\b\\/?(?!@)))',
    '',
  ],
  [
    '\\b((?:www:(?:\\/{1,3}|[a-zA-Z0-9%])|[a-zA-Z0-9.\\-]+[.](?:com|co|ru|net|org|edu|gov|it)[\\w\\/\\-]*\\b\\/?(?!@)))',
    '',
  ],
];

const middle: readonly Replacement[] = [
  // Nicknames, and Chinese and Japanese characters.
  ['@[\\w\\d]+\\b', ''],
  ['[\\u31c0-\\u9fff]+', ''],
  // One kind of dash, and of quotation marks.
  [
    '[\\u002D\\u058A\\u05BE\\u1400\\u1806\\u2010-\\u2015\\u2E17\\u2E1A\\u2E3A\\u2E3B\\u2E40\\u301C\\u3030\\u30A0\\uFE31\\uFE32\\uFE58\\uFE63\\uFF0D]+',
    '-',
  ],
  ['[`´«»“”¨]', '"'],
  ['[‘’]', "'"],
  ['&quot;?', ''],
  ['&amp', ''],
  // Numbers of machines, articles, pictures.
  ['\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}', ' '],
  ['\\d:\\d\\d\\s+$', ''],
  ['\\\\n', ' '],
  ['#\\d{1,3}\\b', ''],
  ['#\\d{5,}\\b', ''],
  ['\\b\\d{6,}\\b', ''],
  ['\\S+\\.(?:png|jpg|jpeg|bmp|webp|eps|pdf|apk|mp4)', ''],
  // Punctuation.
  ['["\']{2,}', '"'],
  ['[.]{2,}', ' '],
  ['[#®•©™&@·º½¾¿¡§~)(\\]\\[}{|\\\\\\/*]+', ' '],
  ['\\s+\\.\\s+', ' '],
];

const after: readonly Replacement[] = [
  // Codes such as jc6640, jc6640vc, 6640vc231.
  ['\\b[a-zA-Z]{1,3}\\d{3,15}\\b', ''],
  ['\\b[a-zA-Z]+\\d+[a-zA-Z]+\\b', ''],
  ['\\b\\d+[a-zA-Z]+\\d+\\b', ''],
  // The language of shops.
  ['(worldwide\\s+)?(free\\s+)?shipping', ''],
  ['(free\\s)?download(\\sfree)?', ''],
  ['\\bclick\\b\\s(?:for|on)\\s\\w+', ''],
  ['\\b(?:png|jpg|jpeg|bmp|webp|eps|pdf|apk|mp4)(\\simage[s]?)?', ''],
  ['\\bpage\\s+\\d+\\b', ''],
  ['\\b\\d*[a-zA-Z]+\\d+[a-zA-Z]+\\d+[a-zA-Z\\d]*\\b', ' '],
  ['\\b\\d+\\.?\\d*[xх×]\\d+\\.?\\d*\\b', ''],
  // Spaces.
  ['\\b\\s+:\\s+', ': '],
  ['(\\D[,.\\/])\\b', '$1 '],
  ['\\s+', ' '],
  // What stands around the whole.
  ['^["\']([\\w\\W]+)["\']$', '$1'],
  ["^['_,\\-:;]", ''],
  ["['_,\\-:+]$", ''],
  ['^\\.\\S+$', ''],
];

const compiled = (list: readonly Replacement[]) =>
  list.map(([source, by]) => [pythonRegex(source.replaceAll('[\\w\\W]', '[^]')), by] as const);
const [first, second, third] = [before, middle, after].map(compiled) as [
  ReturnType<typeof compiled>,
  ReturnType<typeof compiled>,
  ReturnType<typeof compiled>,
];
const applied = (text: string, list: ReturnType<typeof compiled>): string =>
  list.reduce((result, [expression, by]) => result.replace(expression, by), text);

/**
 * A prompt as diffusers prepares it with `clean_caption` where bs4 and ftfy are installed: addresses, markup, codes, most punctuation
 * and Chinese characters go, twice over. The text encoder was trained on captions cleaned like this.
 *
 * Differs: text in the wrong encoding ("Ã©" for "é"), which ftfy would repair, stays as it is.
 *
 * @see https://github.com/deep-floyd/IF, deepfloyd_if/modules/t5.py
 */
export function cleanCaption(caption: string): string {
  if (typeof caption !== 'string') throw new ArgumentError('caption', caption, 'a text');
  return cleanOnce(cleanOnce(caption));
}

function cleanOnce(caption: string): string {
  let text = stripped(unquotePlus(caption)).toLowerCase();
  text = applied(text, first);
  text = applied(htmlText(text), second);
  if (text.match(/[-_]/g) && text.match(/[-_]/g)!.length > 3) text = text.replace(/[-_]/g, ' ');
  text = unescapeHtml(unescapeHtml(fixText(text)));
  return stripped(applied(text, third));
}

/** "a+b%20c" → "a b c"; what is no UTF-8 becomes U+FFFD. */
function unquotePlus(text: string): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
      decoder.decode(Uint8Array.from(run.slice(1).split('%'), (byte) => Number.parseInt(byte, 16))),
    );
}

const LIGATURES = new Map(
  'Ĳ IJ ĳ ij ŉ ʼn Ǳ DZ ǲ Dz ǳ dz Ǆ DŽ ǅ Dž ǆ dž Ǉ LJ ǈ Lj ǉ lj Ǌ NJ ǋ Nj ǌ nj ﬀ ff ﬁ fi ﬂ fl ﬃ ffi ﬄ ffl ﬅ ſt ﬆ st'
    .split(' ')
    .flatMap((word, i, words) => (i % 2 ? [] : [[word, words[i + 1]!] as const])),
);

/** ftfy's small repairs, until nothing changes: ligatures, widths, quotes, line breaks, control characters, NFC. */
function fixText(text: string): string {
  const fixed = (text.includes('<') ? text : unescapeNamed(text))
    .replace(/[\x80-\x9f]/g, (character) => windows1252(character.charCodeAt(0)))
    .replace(/./gsu, (character) => LIGATURES.get(character) ?? character)
    .replace(/[\u3000\uff01-\uffef]/g, (character) => character.normalize('NFKC'))
    .replace(/[\u02bc\u2018-\u201b]/g, "'")
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(/\r\n|[\r\u2028\u2029\u0085]/g, '\n')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replace(/\x1b\[[\d;]*[a-zA-Z]/g, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replace(/[\x00-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]/g, '')
    .normalize('NFC');
  return fixed === text ? fixed : fixText(fixed);
}

const unescapeNamed = (text: string): string => text.replace(/&#?[0-9A-Za-z]{1,24};/g, unescapeHtml);
