import { CampanileError } from '../errors.ts';
import { escapeHtml } from './html.ts';

/**
 * TeX → MathML, for the part of TeX that formulas of the page use:
 *
 *     formula = { atom [ "_" argument ] [ "^" argument ] [ "'" … ] }
 *     atom    = letter | number | sign | "{" formula "}" | "\" command { argument }
 *
 * and `\now[t]{0.42}`, a value in the place of a symbol, with where it comes from (`data-of`) where that is said.
 *
 * @param plain  how the formula is read aloud, for those who hear it
 * @throws {CampanileError} for a command it does not know or a brace that is not closed
 */
export function mathml(tex: string, plain: string): string {
  const reader = new Reader(tex);
  const body = reader.formula();
  reader.expectEnd();
  const source = `<annotation encoding="application/x-tex">${escapeHtml(tex)}</annotation>`;
  const alt = escapeHtml(plain);
  return `<math display="block" alttext="${alt}" aria-label="${alt}"><semantics><mrow>${body}</mrow>${source}</semantics></math>`;
}

const identifier = (text: string): string => `<mi>${escapeHtml(text)}</mi>`;
/** Words, and letters of alphabets that are never slanted. */
const upright = (text: string): string => `<mi mathvariant="normal">${escapeHtml(text)}</mi>`;
const operator = (text: string, form = ''): string => `<mo${form}>${escapeHtml(text)}</mo>`;
const row = (items: readonly string[]): string =>
  items.length === 1 ? items[0]! : `<mrow>${items.join('')}</mrow>`;

const letters: Readonly<Record<string, string>> = {
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  epsilon: 'ε',
  theta: 'θ',
  lambda: 'λ',
  mu: 'μ',
  sigma: 'σ',
  Sigma: 'Σ',
  infty: '∞',
};

const operators: Readonly<Record<string, string>> = {
  gets: '←',
  to: '→',
  sim: '∼',
  in: '∈',
  cdot: '⋅',
  times: '×',
  odot: '⊙',
  leq: '≤',
  geq: '≥',
  approx: '≈',
  sum: '∑',
  ldots: '…',
  '{': '{',
  '}': '}',
};

const spaces: Readonly<Record<string, string>> = {
  quad: '1em',
  qquad: '2em',
  ',': '0.167em',
  ';': '0.278em',
  ' ': '0.25em',
};

const accents: Readonly<Record<string, string>> = { bar: '¯', hat: 'ˆ', tilde: '˜' };

/** First code points of the alphabets of Unicode's mathematical letters: [capitals, small letters]. */
const alphabets: Readonly<Record<string, readonly [number, number]>> = {
  mathbb: [0x1d538, 0x1d552],
  mathcal: [0x1d49c, 0x1d4b6],
  mathbf: [0x1d400, 0x1d41a],
};
/** Letters that were in Unicode before those alphabets, and kept their places. */
const earlier: Readonly<Record<string, string>> = {
  ...{ 'mathbb C': 'ℂ', 'mathbb N': 'ℕ', 'mathbb P': 'ℙ', 'mathbb Q': 'ℚ', 'mathbb R': 'ℝ', 'mathbb Z': 'ℤ' },
  ...{
    'mathcal B': 'ℬ',
    'mathcal E': 'ℰ',
    'mathcal F': 'ℱ',
    'mathcal L': 'ℒ',
    'mathcal M': 'ℳ',
    'mathcal R': 'ℛ',
  },
};

function styled(alphabet: string, text: string): string {
  const [capitals, small] = alphabets[alphabet]!;
  return [...text]
    .map((c) => {
      if (/[A-Z]/.test(c))
        return earlier[`${alphabet} ${c}`] ?? String.fromCodePoint(capitals + c.charCodeAt(0) - 65);
      return /[a-z]/.test(c) ? String.fromCodePoint(small + c.charCodeAt(0) - 97) : c;
    })
    .join('');
}

class Reader {
  private readonly tex: string;
  private at = 0;

  constructor(tex: string) {
    this.tex = tex;
  }

  /** Atoms with their scripts, up to a closing brace or the end. */
  formula(): string {
    const items: string[] = [];
    for (this.skipSpace(); this.at < this.tex.length && this.tex[this.at] !== '}'; this.skipSpace()) {
      items.push(this.scripted(this.atom()));
    }
    return items.join('');
  }

  expectEnd(): void {
    if (this.at < this.tex.length) throw this.wrong('a closing brace too many');
  }

  private scripted(base: string): string {
    let below: string | undefined;
    const above: string[] = [];
    for (;;) {
      this.skipSpace();
      if (this.taken('_')) below = this.argument();
      else if (this.taken('^')) above.push(this.argument());
      else if (this.taken("'")) above.push(operator('′'));
      else break;
    }
    if (below && above.length > 0) return `<msubsup>${base}${below}${row(above)}</msubsup>`;
    if (below) return `<msub>${base}${below}</msub>`;
    return above.length > 0 ? `<msup>${base}${row(above)}</msup>` : base;
  }

  /** A group in braces, or a single atom. */
  private argument(): string {
    this.skipSpace();
    if (!this.taken('{')) return this.atom();
    // Several letters as an index are a word, not a product.
    const word = /^[A-Za-z]{2,}(?=\})/.exec(this.tex.slice(this.at))?.[0];
    if (word) this.at += word.length;
    const inside = word ? upright(word) : `<mrow>${this.formula()}</mrow>`;
    this.expect('}');
    return inside;
  }

  private atom(): string {
    const c = this.tex[this.at];
    if (c === undefined) throw this.wrong('something is missing at the end');
    if (c === '{') return this.argument();
    if (c === '\\') return this.command();
    const number = /^\d+(\.\d+)?/.exec(this.tex.slice(this.at))?.[0];
    if (number) {
      this.at += number.length;
      return `<mn>${number}</mn>`;
    }
    this.at++;
    if (/\p{L}/u.test(c)) return identifier(c);
    // Brackets keep the size of the line: the formulas here put them around low things only.
    if ('()[]|'.includes(c)) return operator(c, ' stretchy="false"');
    return operator(c === '-' ? '−' : c);
  }

  private command(): string {
    this.expect('\\');
    const name = /^([A-Za-z]+|.)/.exec(this.tex.slice(this.at))?.[0] ?? '';
    this.at += name.length;
    if (letters[name]) return identifier(letters[name]);
    if (operators[name]) return operator(operators[name]);
    if (spaces[name]) return `<mspace width="${spaces[name]}"/>`;
    if (accents[name])
      return `<mover accent="true">${this.argument()}${operator(accents[name], ' stretchy="false"')}</mover>`;
    if (alphabets[name]) return upright(styled(name, this.text()));
    if (name === 'mathrm' || name === 'text') return upright(this.text());
    if (name === 'now') return this.now();
    if (name === 'sqrt') return `<msqrt>${this.argument()}</msqrt>`;
    if (name === 'frac') return `<mfrac>${this.argument()}${this.argument()}</mfrac>`;
    throw this.wrong(`the command \\${name} is not known here`);
  }

  private now(): string {
    const [whole = '', of = ''] = /^\[([^\]]*)\]/.exec(this.tex.slice(this.at)) ?? [];
    this.at += whole.length;
    const origin = of ? ` data-of="${escapeHtml(of)}"` : '';
    return `<mn class="now"${origin}>${escapeHtml(this.text())}</mn>`;
  }

  /** What stands in braces, as it is. */
  private text(): string {
    this.skipSpace();
    this.expect('{');
    const end = this.tex.indexOf('}', this.at);
    if (end < 0) throw this.wrong('a brace is not closed');
    const text = this.tex.slice(this.at, end);
    this.at = end + 1;
    return text;
  }

  private skipSpace(): void {
    while (/\s/.test(this.tex[this.at] ?? '')) this.at++;
  }

  private taken(c: string): boolean {
    if (this.tex[this.at] !== c) return false;
    this.at++;
    return true;
  }

  private expect(c: string): void {
    if (!this.taken(c)) throw this.wrong(`expected "${c}"`);
  }

  private wrong(what: string): CampanileError {
    return new CampanileError('formula', `${what}, at character ${this.at} of ${JSON.stringify(this.tex)}`);
  }
}
