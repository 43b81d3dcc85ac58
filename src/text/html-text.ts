import { bareHtmlEntities, htmlEntities } from './html-entities.ts';
import { pythonRegex } from './python-regex.ts';

/** Elements whose text a reader does not see. */
const HIDDEN = new Set(['script', 'style', 'template', 'rt', 'rp']);
/** Elements without an end tag. */
const VOID = new Set(
  'area base br col embed hr img input keygen link menuitem meta param source track wbr basefont bgsound command frame image isindex nextid spacer'.split(
    ' ',
  ),
);
/** Their content is no markup. */
const RAW = new Set(['script', 'style']);

const tagName = pythonRegex('([a-zA-Z][^\\t\\n\\r\\f \\/>\\0]*)(?:\\s|\\/(?!>))*', 'y');
const attribute = pythonRegex(
  `((?<=['"\\s\\/])[^\\s\\/>][^\\s\\/=>]*)(\\s*=+\\s*('[^']*'|"[^"]*"|(?!['"])[^>\\s]*))?(?:\\s|\\/(?!>))*`,
  'y',
);
const startTag = pythonRegex(
  `<[a-zA-Z][^\\t\\n\\r\\f \\/>\\0]*(?:[\\s\\/]*(?:(?<=['"\\s\\/])[^\\s\\/>][^\\s\\/=>]*(?:\\s*=+\\s*(?:'[^']*'|"[^"]*"|(?!['"])[^>\\s]*)\\s*)?(?:\\s|\\/(?!>))*)*)?\\s*`,
  'y',
);
const endTag = pythonRegex('<\\/\\s*([a-zA-Z][\\-.a-zA-Z0-9:_]*)\\s*>', 'y');
const commentEnd = pythonRegex('--\\s*>');
const namedReference = /&([a-zA-Z][-.a-zA-Z0-9]*)[^a-zA-Z0-9]/y;
const numericReference = /&#([0-9]+|[xX][0-9a-fA-F]+)[^0-9a-fA-F]/y;

const matchAt = (expression: RegExp, text: string, at: number): RegExpExecArray | null => {
  expression.lastIndex = at;
  return expression.exec(text);
};

/**
 * The text of a piece of HTML, tags left out and references resolved, as BeautifulSoup gives it with Python 3.11's own parser. What is
 * no complete tag stays as it is.
 *
 * @see https://docs.python.org/3/library/html.parser.html
 */
export function htmlText(markup: string): string {
  if (!/[<&]/.test(markup)) return markup;
  const document = new Document();
  const rest = parse(markup, document, false);
  parse(markup.slice(rest), document, true);
  return document.text;
}

/** Keeps what is seen: only which elements are open matters. */
class Document {
  text = '';
  /** Name of the element whose content is raw, while there is one. */
  raw: string | undefined;
  private readonly open: string[] = [];
  private readonly closedAlready: string[] = [];

  write(text: string): void {
    if (!this.open.some((name) => HIDDEN.has(name))) this.text += text;
  }
  start(name: string, closesItself: boolean): void {
    if (!closesItself && !VOID.has(name)) this.open.push(name);
    if (!closesItself && VOID.has(name)) this.closedAlready.push(name);
    if (!closesItself && RAW.has(name)) this.raw = name;
  }
  end(name: string): void {
    const already = this.closedAlready.indexOf(name);
    if (already >= 0) this.closedAlready.splice(already, 1);
    else if (this.open.includes(name)) this.open.length = this.open.lastIndexOf(name);
  }
}

/** Reads on until something is incomplete; `final` then takes it as text. Gives the place where it stopped. */
function parse(markup: string, document: Document, final: boolean): number {
  const length = markup.length;
  let at = 0;
  while (at < length) {
    const next = document.raw ? rawEnd(markup, at, document.raw) : nextOf(markup, at);
    if (next < 0 && document.raw) break;
    const stop = next < 0 ? length : next;
    document.write(markup.slice(at, stop));
    at = stop;
    if (at === length) break;
    if (markup[at] === '<') {
      let end = tag(markup, at, document);
      if (end === undefined) break;
      if (end < 0) {
        if (!final) break;
        const close = markup.indexOf('>', at + 1);
        const again = markup.indexOf('<', at + 1);
        end = close >= 0 ? close + 1 : again >= 0 ? again : at + 1;
        document.write(markup.slice(at, end));
      }
      at = end;
    } else {
      const end = reference(markup, at, document, final);
      if (end < 0) {
        at = -end - 1;
        break;
      }
      at = end;
    }
  }
  if (final && at < length && !document.raw) {
    document.write(markup.slice(at));
    return length;
  }
  return at;
}

const nextOf = (markup: string, at: number): number => {
  const offset = markup.slice(at).search(/[&<]/);
  return offset < 0 ? -1 : at + offset;
};

const rawEnd = (markup: string, at: number, name: string): number => {
  const offset = markup.slice(at).search(pythonRegex(`<\\/\\s*${name}\\s*>`, 'i'));
  return offset < 0 ? -1 : at + offset;
};

/** Where the tag, comment or declaration at `at` ends; -1 when it does not, undefined for a `<` at the very end. */
function tag(markup: string, at: number, document: Document): number | undefined {
  const after = (close: string, from: number): number => {
    const end = markup.indexOf(close, from);
    return end < 0 ? -1 : end + close.length;
  };
  if (/^<[a-zA-Z]/.test(markup.slice(at, at + 2))) return openingTag(markup, at, document);
  if (markup.startsWith('</', at)) return closingTag(markup, at, document);
  if (markup.startsWith('<!--', at)) {
    const end = matchAt(commentEnd, markup, at + 4);
    return end ? end.index + end[0].length : -1;
  }
  if (markup.startsWith('<?', at)) return after('>', at + 2);
  if (markup.startsWith('<![cdata[', at)) {
    const end = markup.indexOf(']]>', at + 3);
    if (end >= 0) document.write(markup.slice(at + '<![cdata['.length, end));
    return end < 0 ? -1 : end + 3;
  }
  if (markup.startsWith('<!', at)) return after('>', at + 2);
  if (at + 1 === markup.length) return undefined;
  document.write('<');
  return at + 1;
}

function openingTag(markup: string, at: number, document: Document): number {
  const end = openingTagEnd(markup, at);
  if (end < 0) return -1;
  const [head, name] = matchAt(tagName, markup, at + 1)!;
  let inside = at + 1 + head.length;
  while (inside < end) {
    const found = matchAt(attribute, markup, inside);
    if (!found) break;
    inside += found[0].length;
  }
  const tail = markup.slice(inside, end).trim();
  if (tail === '>' || tail === '/>') document.start(name!.toLowerCase(), tail === '/>');
  else document.write(markup.slice(at, end));
  return end;
}

function openingTagEnd(markup: string, at: number): number {
  const end = at + matchAt(startTag, markup, at)![0].length;
  const next = markup[end] ?? '';
  if (next === '>') return end + 1;
  if (next === '/') return markup.startsWith('/>', end) ? end + 2 : -1;
  if (next === '' || /[a-zA-Z=]/.test(next)) return -1;
  return end > at ? end : at + 1;
}

function closingTag(markup: string, at: number, document: Document): number {
  const close = markup.indexOf('>', at + 1) + 1;
  if (close === 0) return -1;
  const exact = matchAt(endTag, markup, at);
  const name = exact?.[1]?.toLowerCase();
  if (document.raw && name !== document.raw) {
    document.write(markup.slice(at, close));
    return close;
  }
  if (name) {
    document.end(name);
    document.raw = undefined;
    return close;
  }
  const loose = matchAt(tagName, markup, at + 2);
  if (!loose) return markup.startsWith('</>', at) ? at + 3 : markup.indexOf('>', at + 2) + 1;
  document.end(loose[1]!.toLowerCase());
  return markup.indexOf('>', at + 2 + loose[0].length) + 1;
}

/** Where the reference at `at` ends; where one may be incomplete, the bitwise complement of where to read on. */
function reference(markup: string, at: number, document: Document, final: boolean): number {
  const [numeric, named] = [matchAt(numericReference, markup, at), matchAt(namedReference, markup, at)];
  if (numeric || named) {
    const [found, name] = (numeric ?? named)!;
    document.write(numeric ? characterOf(name!) : (htmlEntities.get(name!) ?? `&${name}`));
    return at + found.length - (found.endsWith(';') ? 0 : 1);
  }
  if (markup.startsWith('&#', at)) {
    if (!markup.includes(';', at)) return ~at;
    document.write('&#');
    return ~(at + 2);
  }
  if (/^&[a-zA-Z]/.test(markup.slice(at, at + 2))) return ~(final && markup.length === at + 2 ? at + 1 : at);
  if (at + 1 === markup.length) return ~at;
  document.write('&');
  return at + 1;
}

/** "65" and "x41" → "A"; what is no character → U+FFFD; the C1 controls mean windows-1252, as in browsers. */
function characterOf(number: string): string {
  const code = /^x/i.test(number) ? Number.parseInt(number.slice(1), 16) : Number.parseInt(number, 10);
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd';
  return code >= 0x80 && code <= 0x9f ? windows1252(code) : String.fromCodePoint(code);
}

const windows1252Controls = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
/** The character that windows-1252 has for a byte 0x80 … 0x9f. */
export const windows1252 = (byte: number): string => windows1252Controls[byte - 0x80]!;

/** Resolves references wherever they stand, with or without semicolon, as Python's `html.unescape`. */
export function unescapeHtml(text: string): string {
  return text.replace(/&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/g, (whole, found: string) => {
    if (found.startsWith('#')) return characterOf(found.slice(1).replace(';', ''));
    const name = found.replace(/;$/, '');
    if (found.endsWith(';') && htmlEntities.has(name)) return htmlEntities.get(name)!;
    for (let length = found.length; length > 1; length--) {
      const start = found.slice(0, length);
      if (bareHtmlEntities.has(start)) return htmlEntities.get(start)! + found.slice(length);
    }
    return whole;
  });
}
