import type { Experiment } from '../src/experiments/experiment.ts';
import { type Field, fieldsOf } from '../src/experiments/field.ts';
import { make } from './dom.ts';
import { type Input, inputFor } from './inputs.ts';

/** A parameter with the element that asks for it. */
export interface Control extends Input {
  readonly name: string;
  readonly field: Field;
  /** First what the section is about, then what every reader may change; the rest is folded away. */
  readonly place: 'lead' | 'shown' | 'folded';
}

const SHOWN: ReadonlySet<Field['kind']> = new Set(['prompt', 'picture', 'mask', 'seed']);

/** The values that a figure begins with. Lists are asked for by one item, counts begin at one: one figure, not a whole row. */
export const startOf = (
  experiment: Experiment,
  usual: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fieldsOf(experiment).properties).map(([name, field]) => [
      name,
      shortened(usual[name] ?? field.default, field),
    ]),
  );

/**
 * The controls of an experiment, from its schema alone.
 *
 * @param fixed  what a single figure does not let one choose
 */
export function controlsOf(
  experiment: Experiment,
  values: Readonly<Record<string, unknown>>,
  fixed: ReadonlySet<string>,
  changed: (name: string) => void,
): Control[] {
  const lead: readonly string[] = experiment.lead ?? [];
  const rank = ({ name }: Control) => (lead.includes(name) ? lead.indexOf(name) : lead.length);
  return Object.entries(fieldsOf(experiment).properties)
    .filter(([name]) => !fixed.has(name))
    .map(([name, field]) => controlOf(name, field, values[name], lead.includes(name), () => changed(name)))
    .sort((a, b) => rank(a) - rank(b));
}

function controlOf(name: string, field: Field, value: unknown, lead: boolean, changed: () => void): Control {
  const list = field.type === 'array';
  const item = list ? { ...field.items, ...field, type: field.items?.type, enum: field.items?.enum } : field;
  const input = inputFor({
    field: item as Field,
    value: list && Array.isArray(value) ? value[0] : value,
    changed,
    lead,
    label: nameOf(name, field),
  });
  const said = make('span', {
    className: 'name',
    textContent: nameOf(name, field),
    title: field.description ?? '',
  });
  const hint = make('span', { className: 'facts', textContent: field.description ?? '' });
  return {
    ...input,
    name,
    field,
    place: lead ? 'lead' : SHOWN.has(field.kind) || field.grows ? 'shown' : 'folded',
    element: make(
      'div',
      { className: 'control' },
      said,
      input.element,
      ...(lead && !field.kind && !list ? [hint] : []),
    ),
    value: () => (list ? [input.value()] : input.value()),
  };
}

/** One item stands for a list: its first, and of numbers the one in the middle. */
function shortened(value: unknown, { grows }: Field): unknown {
  if (grows) return 1;
  if (!Array.isArray(value)) return value;
  return [value[typeof value[0] === 'number' ? value.length >> 1 : 0]];
}

/** Where a formula has a sign for it, that; else "guidanceScale" → "guidance scale". */
function nameOf(name: string, { kind, description = '' }: Field): string {
  if (kind === 'timestep') return 'noise level t';
  if (kind === 'iStart') return 'i_start';
  const one = kind ? name.replace(/s$/, '') : name;
  const words = one.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const [sign] = /^[α-ω](?![α-ω])/.exec(description) ?? [];
  return sign ? `${words} ${sign}` : words;
}
