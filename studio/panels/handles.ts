import { stridedToZero } from '../../src/diffusion/schedule.ts';
import type { ExperimentInfo, ParamSchema } from '../../src/server/api-types.ts';
import { clamped, isList, kindOf, labelOf, type Params } from '../schema.ts';

/** A value of the form that stands for a noise level: it can be moved on the schedule. */
export interface Handle {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Where it stands. */
  readonly t: number;
  /** "i_start = 7, t = 780" */
  readonly text: string;
  readonly set: (value: number) => void;
  /** The value whose level is nearest to t. */
  readonly nearest: (t: number) => number;
}

export interface Handles {
  readonly all: readonly Handle[];
  /** Levels that a run with these values will visit, as far as the schema says. */
  readonly visited: readonly number[];
}

/** The numbers of a value, be it one or a list. */
export const numbers = (value: unknown): number[] => [value].flat().map(Number);

export function handlesOf(
  { schema }: ExperimentInfo,
  params: Params,
  change: (params: Params) => void,
): Handles {
  const fields = Object.entries(schema.properties).filter(([, field]) =>
    ['timestep', 'iStart'].includes(kindOf(field) ?? ''),
  );
  const all = fields.flatMap(([name, field]) =>
    handlesOfField(name, field, params[name], (value) => change({ ...params, [name]: value })),
  );
  const strides = Object.keys(schema.properties).find((name) => schema.properties[name]!.strides);
  const from = (levels: readonly number[], first: number): readonly number[] =>
    strides === undefined ? levels.slice(first) : down(levels[first] ?? 0, Number(params[strides]));
  const visited = new Set(
    fields.flatMap(([name, { levels }]) =>
      levels ? from(levels, Math.min(...numbers(params[name]))) : numbers(params[name]),
    ),
  );
  return { all, visited: [...visited] };
}

/** What is no stride yet, while it is typed, leads nowhere. */
const down = (t: number, stride: number): readonly number[] =>
  Number.isInteger(stride) && stride > 0 ? stridedToZero(t, stride) : [t];

function handlesOfField(
  name: string,
  field: ParamSchema,
  value: unknown,
  set: (value: unknown) => void,
): Handle[] {
  const label = labelOf(name, field);
  const { minimum = 0, maximum = (field.levels?.length ?? 1000) - 1 } = isList(field)
    ? (field.items ?? {})
    : field;
  // While it is typed a number may lie anywhere.
  const levelOf = (at: number) => {
    const inside = clamped({ minimum, maximum, type: 'integer' }, at);
    return field.levels?.[inside] ?? inside;
  };
  return numbers(value).map((at, i) => ({
    key: `${name}.${i}`,
    label: isList(field) ? `${label} ${i + 1}` : label,
    value: at,
    minimum,
    maximum,
    t: levelOf(at),
    text: field.levels ? `${label} = ${at}, t = ${levelOf(at)}` : `t = ${at}`,
    set: (next) => set(isList(field) ? numbers(value).with(i, next) : next),
    nearest: (t) => nearest(t, minimum, maximum, levelOf),
  }));
}

function nearest(t: number, minimum: number, maximum: number, levelOf: (value: number) => number): number {
  let best = minimum;
  for (let value = minimum; value <= maximum; value++) {
    if (Math.abs(levelOf(value) - t) < Math.abs(levelOf(best) - t)) best = value;
  }
  return best;
}
