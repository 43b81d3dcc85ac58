/** What Python calls white space; JavaScript's `\s` lacks U+001C–001F and U+0085, and has U+FEFF. */
export const PYTHON_SPACE =
  '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const WORD = '\\p{L}\\p{N}_';
const DIGIT = '\\p{Nd}';

/**
 * A regular expression with Python's meaning of `\w \d \s \b $`: all of Unicode, where JavaScript means ASCII and has another list of
 * white space, and `$` before a last line break as well.
 *
 * @param source  the expression, otherwise in JavaScript's syntax with the flag u
 */
export function pythonRegex(source: string, flags = 'g'): RegExp {
  let inClass = false;
  const translated = source.replace(/\\?[\s\S]/g, (token) => {
    if (token === '[') inClass = true;
    if (token === ']') inClass = false;
    const set = { '\\w': WORD, '\\d': DIGIT, '\\s': PYTHON_SPACE }[token];
    if (set) return inClass ? set : `[${set}]`;
    if (inClass) return token;
    const other = { '\\W': WORD, '\\D': DIGIT, '\\S': PYTHON_SPACE }[token];
    if (other) return `[^${other}]`;
    if (token === '\\b') return `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`;
    if (token === '$') return '(?=\\n?(?![\\s\\S]))';
    return token;
  });
  return new RegExp(translated, `${flags}u`);
}
