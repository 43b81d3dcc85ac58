import type { Params } from '../schema.ts';
import { shortly } from './level.ts';

type Line = { readonly tex: string; readonly plain: string };

interface Known {
  /** The level on show, and the one that its step leads to. */
  readonly t: number | undefined;
  readonly tNext: number | undefined;
  readonly alphaBar: readonly number[];
  readonly params: Params;
}

/** Symbols of the formulas that stand for a number as soon as there is a level, or a value in the form. */
function valuesOf({
  t,
  tNext,
  alphaBar,
  params,
}: Known): readonly (readonly [tex: string, value: number | undefined])[] {
  const at = (level: number | undefined) =>
    level === undefined ? undefined : level < 0 ? 1 : alphaBar[level];
  const [a, next] = [at(t), at(tNext)];
  const alpha = a === undefined || next === undefined ? undefined : a / next;
  const of = <T extends number>(value: T | undefined, law: (value: T) => number) =>
    value === undefined ? undefined : law(value);
  const number = (name: string) => (typeof params[name] === 'number' ? params[name] : undefined);
  return [
    ['\\sqrt{1 - \\bar{\\alpha}_t}', of(a, (value) => Math.sqrt(1 - value))],
    ['\\sqrt{\\bar{\\alpha}_t}', of(a, Math.sqrt)],
    ["\\sqrt{\\bar{\\alpha}_{t'}}", of(next, Math.sqrt)],
    ['1 - \\bar{\\alpha}_t', of(a, (value) => 1 - value)],
    ["(1 - \\bar{\\alpha}_{t'})", of(next, (value) => 1 - value)],
    ['\\bar{\\alpha}_t', a],
    ['\\sqrt{\\alpha_t}', of(alpha, Math.sqrt)],
    ['\\beta_t', of(alpha, (value) => 1 - value)],
    ['\\gamma', number('guidanceScale')],
  ];
}

/** The lines of a formula in which numbers could be put for symbols. */
export function withNumbers(lines: readonly Line[], known: Known): Line[] {
  const values = valuesOf(known).flatMap(([tex, value]) =>
    value === undefined ? [] : [[tex, shortly(value)] as const],
  );
  return lines.flatMap(({ tex, plain }) => {
    const put = values
      .reduce((text, [symbol, value]) => text.replaceAll(symbol, value), tex)
      // Two numbers beside each other would be read as one.
      .replace(/(\d) (?=\d)/g, '$1 \\cdot ');
    return put === tex
      ? []
      : [{ tex: put, plain: `${plain}, with ${values.map(([, value]) => value).join(', ')}` }];
  });
}
