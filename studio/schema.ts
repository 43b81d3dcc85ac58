import type { ExperimentInfo, Job, ParamSchema, Problem } from '../src/server/api-types.ts';

import { pictureName } from './names.ts';

export type Params = Readonly<Record<string, unknown>>;

export const defaultsOf = ({ schema }: ExperimentInfo): Params =>
  Object.fromEntries(Object.entries(schema.properties).map(([name, field]) => [name, field.default]));

/** All parameters: the given ones that the experiment has, and defaults for the rest. */
export const completed = ({ schema }: ExperimentInfo, params: Params): Params =>
  Object.fromEntries(
    Object.entries(schema.properties).map(([name, field]) => {
      const given = params[name];
      return [name, given !== undefined && fits(field, given) ? given : field.default];
    }),
  );

/** What another version kept, or a hand wrote, may be no list where one belongs, or no number. */
function fits(field: ParamSchema, value: unknown): boolean {
  if (field.type === undefined) return value !== null;
  if (Array.isArray(value) !== isList(field)) return false;
  const one = field.items ?? field;
  return [value].flat().every((item) => (isNumber(one) ? Number.isFinite(item) : item !== null));
}

export const isList = (field: ParamSchema): boolean => field.type === 'array';
export const isNumber = (field: ParamSchema): boolean => field.type === 'number' || field.type === 'integer';
/** Of a field, or of a list's items. */
export const kindOf = (field: ParamSchema) => field.kind ?? field.items?.kind;

/** `guidanceScale` → `guidance scale`; `iStarts` keeps the document's spelling by its option, `i-start` → `i_start`. */
export const labelOf = (name: string, field: ParamSchema): string =>
  kindOf(field) === 'iStart'
    ? 'i_start'
    : name.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);

/** What stands in the first field of a kind; of a list its first item. */
export function firstOfKind(
  { schema }: ExperimentInfo,
  params: Params,
  kind: NonNullable<ParamSchema['kind']>,
): string | undefined {
  const name = Object.keys(schema.properties).find((key) => kindOf(schema.properties[key]!) === kind);
  const value = name === undefined ? undefined : [params[name]].flat()[0];
  return value === undefined ? undefined : String(value);
}

/** As much of a text as a line has room for: a view of one's own is a list of thousands of places. */
const inBrief = (text: string): string =>
  text.length > 300 ? `${text.slice(0, 120)} … (${text.length} characters)` : text;

/** A value as a line of text. */
export const shown = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (typeof value === 'string') return inBrief(pictureName(value)) || '(nothing)';
  return String(value);
};

/** What a new item of a list begins with. */
export const newItem = (field: ParamSchema, list: readonly unknown[]): unknown => {
  const items = field.items ?? {};
  const last = list.at(-1) ?? (Array.isArray(field.default) ? (field.default[0] as unknown) : undefined);
  if (!isNumber(items)) return last ?? '';
  const step = list.length > 1 ? Number(list.at(-1)) - Number(list.at(-2)) : 1;
  return clamped(items, Number(last ?? items.minimum ?? 0) + step);
};

export const clamped = (
  { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY, type }: ParamSchema,
  value: number,
): number => {
  const inside = Math.min(maximum, Math.max(minimum, value));
  return type === 'integer' ? Math.round(inside) : inside;
};

/** What the server says about each parameter: `params.prompts.0` → under `prompts`. */
export function errorsByField({ errors = [] }: Problem): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { path, message } of errors) {
    const name = path.replace(/^params\.?/, '').split(/[.[]/)[0]!;
    if (name) found.set(name, found.has(name) ? `${found.get(name)}; ${message}` : message);
  }
  return found;
}

/** A recipe that was refused when it ran: `hidden: 2 given for 3 prompts`. */
export function errorsOfJob({ recipe, error }: Job): ReadonlyMap<string, string> {
  const [, name, message] = /^(\w+)(?:[.[][^:]*)?: (.*)$/s.exec(error?.message ?? '') ?? [];
  return new Map(name && message && name in recipe.params ? [[name, message]] : []);
}

/** What was asked for, in a line: the values that are not the defaults. */
export const summaryOf = (experiment: ExperimentInfo, params: Params): string =>
  Object.entries(withoutDefaults(experiment, params))
    .map(([name, value]) => `${labelOf(name, experiment.schema.properties[name]!)}: ${shown(value)}`)
    .join(' · ') || 'all defaults';

export interface Difference {
  readonly name: string;
  readonly now: unknown;
  readonly other: unknown;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Parameters that two recipes of one experiment do not share. */
export const differences = (experiment: ExperimentInfo, now: Params, then: Params): readonly Difference[] => {
  const [a, b] = [completed(experiment, now), completed(experiment, then)];
  return Object.keys(a)
    .filter((name) => !same(a[name], b[name]))
    .map((name) => ({ name, now: a[name], other: b[name] }));
};

/** Only what differs from the defaults: a link stays short. */
export const withoutDefaults = (experiment: ExperimentInfo, params: Params): Params => {
  const defaults = defaultsOf(experiment);
  return Object.fromEntries(
    Object.entries(params).filter(([name, value]) => name in defaults && !same(value, defaults[name])),
  );
};
