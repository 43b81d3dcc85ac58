import type { Experiment } from '../src/experiments/experiment.ts';
import { type Field, fieldsOf } from '../src/experiments/field.ts';
import { make } from './dom.ts';
import { type Asking, type Input, inputFor } from './inputs.ts';

/** A parameter with the element that asks for it. */
export interface Control extends Input {
  readonly name: string;
  readonly field: Field;
  /** First what the section is about, then what every reader may change; the rest is folded away. */
  readonly place: 'lead' | 'shown' | 'folded';
}

const SHOWN: ReadonlySet<Field['kind']> = new Set(['prompt', 'picture', 'mask', 'seed']);

/** Whether its lists say what one figure is made of, and not what a row of figures differs in. */
const hasSides = (experiment: Experiment): boolean =>
  Object.values(fieldsOf(experiment).properties).some(({ together }) => together);

/** The values that a figure begins with. Lists are asked for by one item, counts begin at one: one figure, not a whole row. */
export const startOf = (
  experiment: Experiment,
  usual: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fieldsOf(experiment).properties).map(([name, field]) => [
      name,
      shortened(usual[name] ?? field.default, field, hasSides(experiment)),
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
  const controls = Object.entries(fieldsOf(experiment).properties)
    .filter(([name]) => !fixed.has(name))
    .map(([name, field]) => {
      const asking = { value: values[name], lead: lead.includes(name), changed: () => changed(name) };
      return hasSides(experiment) && field.type === 'array'
        ? listControlOf(name, field, asking)
        : controlOf(name, field, asking);
    })
    .sort((a, b) => rank(a) - rank(b));
  let prompts = 0;
  for (const { element, level, field, name } of controls)
    element.dataset['of'] = level ? 't' : field.kind === 'prompt' ? `prompt ${++prompts}` : name;
  return controls;
}

type About = Pick<Asking, 'value' | 'lead' | 'changed'>;

/** What one item of a list is, or the field itself. */
const itemOf = (field: Field): Field =>
  field.type === 'array'
    ? ({ ...field.items, ...field, type: field.items?.type, enum: field.items?.enum } as Field)
    : field;

function controlOf(name: string, field: Field, about: About): Control {
  const list = field.type === 'array';
  const [value] = [about.value].flat();
  const input = inputFor({ ...about, field: itemOf(field), value, label: nameOf(name, field) });
  return {
    ...input,
    ...placed(name, field, about, input.element),
    value: () => (list ? [input.value()] : input.value()),
  };
}

/** A list that is one figure's: an input for each item. */
function listControlOf(name: string, field: Field, about: About): Control {
  const inputs = [about.value]
    .flat()
    .map((value, i) =>
      inputFor({ ...about, field: itemOf(field), value, label: `${nameOf(name, field)} ${i + 1}` }),
    );
  const element = make('div', { className: 'own' }, ...inputs.map((input) => input.element));
  return { ...placed(name, field, about, element), value: () => inputs.map((input) => input.value()) };
}

function placed(name: string, field: Field, { lead }: About, input: HTMLElement): Omit<Control, 'value'> {
  const { description = '', kind } = field;
  const said = make('span', { className: 'name', textContent: nameOf(name, field), title: description });
  const explained = lead && !kind && field.type !== 'array';
  const hint = make('span', { className: 'facts', textContent: description });
  const empty = field.type === 'array' && input.childElementCount === 0;
  return {
    name,
    field,
    place: lead ? 'lead' : SHOWN.has(kind) || field.grows ? 'shown' : 'folded',
    element: make('div', { className: 'control', hidden: empty }, said, input, ...(explained ? [hint] : [])),
  };
}

/** One item stands for a list: its first, and of numbers the one in the middle. */
function shortened(value: unknown, { grows }: Field, whole: boolean): unknown {
  if (grows) return 1;
  if (!Array.isArray(value) || whole) return value;
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
