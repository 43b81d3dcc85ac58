import type { AlphaBar } from '../src/diffusion/process.ts';
import type { Experiment } from '../src/experiments/experiment.ts';
import { mathml } from '../src/gallery/mathml.ts';
import { make, named } from './dom.ts';

/** What the symbols of the formulas stand for now; what is not known stays a symbol. */
export interface Now {
  readonly alphaBar: AlphaBar;
  readonly t?: number | undefined;
  readonly tNext?: number | undefined;
  readonly gamma?: number | undefined;
  readonly sigma?: number | undefined;
  /** p₁, p₂ … */
  readonly prompts: readonly string[];
}

/** The formulas that an experiment applies, with the numbers of now in the place of their symbols. */
export function formulasWithNumbers({ formula = [], applies = [] }: Experiment, now: Now): HTMLElement[] {
  return [...formula, ...applies].map(({ tex, plain }) => {
    // A long one scrolls, by the keyboard too.
    const place = named(make('div', { className: 'formula', tabIndex: 0 }), 'Formula');
    place.setAttribute('role', 'group');
    place.innerHTML = mathml(withNumbers(tex, now), `${plain}; now with its numbers`);
    return place;
  });
}

/** TeX with values in the place of what is known. */
export function withNumbers(tex: string, now: Now): string {
  let result = tex;
  for (const [symbol, value] of known(now))
    if (value !== undefined) result = result.replaceAll(symbol, value);
  return result;
}

/** A number with the control that it comes from: `controlsOf`. */
const value = (x: number, from = 't'): string => `\\now[${from}]{${shortly(x)}}`;

/** Longer ones first: each is replaced before its parts would be. */
function known({ alphaBar, t, tNext, gamma, sigma, prompts }: Now): [symbol: string, value?: string][] {
  const a = t === undefined ? undefined : alphaBar(t);
  const next = tNext === undefined ? undefined : alphaBar(tNext);
  const both = a === undefined || next === undefined ? undefined : { a, next, alpha: a / next };
  const of = (x: number | undefined, f: (x: number) => number) => (x === undefined ? undefined : value(f(x)));
  const level = t === undefined ? undefined : `\\now[t]{${t}}`;
  return [
    [
      "\\frac{\\sqrt{\\bar{\\alpha}_{t'}} \\beta_t}{1 - \\bar{\\alpha}_t}",
      both && value((Math.sqrt(both.next) * (1 - both.alpha)) / (1 - both.a)),
    ],
    [
      "\\frac{\\sqrt{\\alpha_t} (1 - \\bar{\\alpha}_{t'})}{1 - \\bar{\\alpha}_t}",
      both && value((Math.sqrt(both.alpha) * (1 - both.next)) / (1 - both.a)),
    ],
    ['\\sqrt{\\alpha_t}', both && value(Math.sqrt(both.alpha))],
    ['\\sqrt{\\beta_t}', both && value(Math.sqrt(1 - both.alpha))],
    ['\\sqrt{1 - \\bar{\\alpha}_t}', of(a, (a) => Math.sqrt(1 - a))],
    ['\\sqrt{\\bar{\\alpha}_t}', of(a, Math.sqrt)],
    [
      "x_{t'}",
      tNext === undefined ? undefined : tNext < 0 ? 'x_{\\now[t]{clean}}' : `x_{\\now[t]{${tNext}}}`,
    ],
    ['x_t', level && `x_{${level}}`],
    [', t)', level && `, ${level})`],
    [', t,', level && `, ${level},`],
    ['\\gamma', gamma === undefined ? undefined : `${value(gamma, 'guidanceScale')} \\cdot `],
    ['G_{\\sigma}', sigma === undefined ? undefined : `G_{${value(sigma, 'sigma')}}`],
    ['\\mathrm{lowpass}', sigma === undefined ? undefined : `\\mathrm{lowpass},\\, ${value(sigma, 'sigma')}`],
    [
      '\\mathrm{highpass}',
      sigma === undefined ? undefined : `\\mathrm{highpass},\\, ${value(sigma, 'sigma')}`,
    ],
    ...prompts.map((prompt, i): [string, string] => [
      `p_${i + 1}`,
      `\\now[prompt ${i + 1}]{${inBraces(prompt)}}`,
    ]),
  ];
}

/** A brace in a prompt would end the group. */
const inBraces = (prompt: string): string => `“${prompt.replace(/[{}]/g, '')}”`;

/** Two or three digits that count; just below 1 it is the distance that does. */
export function shortly(x: number): string {
  if (x < 1 && x > 0.99) return String(Number((1 - Number((1 - x).toPrecision(1))).toFixed(6)));
  const places = Math.abs(x) >= 10 ? 1 : Math.abs(x) >= 0.01 || x === 0 ? 2 : 4;
  return String(Number(x.toFixed(places)));
}

/** A ratio of powers as "−2.9 dB". */
export const decibels = (ratio: number): string =>
  `${(10 * Math.log10(ratio)).toFixed(1).replace('-', '−')} dB`;
