import type { Params } from '../schema.ts';
import { shortly } from './level.ts';

type Line = { readonly tex: string; readonly plain: string };

interface Known {
  readonly t: number | undefined;
  readonly alphaBar: readonly number[];
  readonly params: Params;
}

/** Symbols of the formulas that stand for a number as soon as there is a level, or a value in the form. */
function valuesOf({
  t,
  alphaBar,
  params,
}: Known): readonly (readonly [tex: string, value: number | undefined])[] {
  const a = t === undefined || t < 0 ? undefined : alphaBar[t];
  const root = a === undefined ? undefined : Math.sqrt(a);
  const rest = a === undefined ? undefined : Math.sqrt(1 - a);
  const number = (name: string) => (typeof params[name] === 'number' ? params[name] : undefined);
  return [
    ['\\sqrt{1 - \\bar{\\alpha}_t}', rest],
    ['\\sqrt{\\bar{\\alpha}_t}', root],
    ['1 - \\bar{\\alpha}_t', a === undefined ? undefined : 1 - a],
    ['\\bar{\\alpha}_t', a],
    ['\\gamma', number('guidanceScale')],
  ];
}

/** The lines of a formula in which numbers could be put for symbols. */
export function withNumbers(lines: readonly Line[], known: Known): Line[] {
  const values = valuesOf(known).flatMap(([tex, value]) =>
    value === undefined ? [] : [[tex, shortly(value)] as const],
  );
  return lines.flatMap(({ tex, plain }) => {
    const put = values.reduce((text, [symbol, value]) => text.replaceAll(symbol, value), tex);
    return put === tex
      ? []
      : [{ tex: put, plain: `${plain}, with ${values.map(([, value]) => value).join(', ')}` }];
  });
}
