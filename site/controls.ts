import type { Experiment } from '../src/experiments/experiment.ts';
import { type Field, fieldsOf } from '../src/experiments/field.ts';
import { ownMasks, ownPictures } from '../src/experiments/own-pictures.ts';
import { knownSubjects } from '../src/experiments/subjects.ts';
import { make } from './dom.ts';

/** A parameter with the element that asks for it. */
export interface Control {
  readonly name: string;
  readonly element: HTMLElement;
  readonly expert: boolean;
  /** What stands in it now; the same as at first when nobody touched it. */
  value(): unknown;
}

/** What an element of a form asks for: reads it, and tells when it changes. */
interface Input {
  readonly element: HTMLElement;
  value(): unknown;
}

type Kind = (field: Field, value: unknown, changed: () => void) => Input;

/**
 * The controls of an experiment, from its schema alone. Lists are asked for by one item: one figure, not a whole row.
 *
 * @param usual  values of the section, in the place of the schema's defaults
 * @param given  those of the address, which go before both
 */
export function controlsOf(
  experiment: Experiment,
  usual: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
  changed: () => void,
): Control[] {
  return Object.entries(fieldsOf(experiment).properties).map(([name, field]) => {
    const start = name in given ? given[name] : shortened(usual[name] ?? field.default);
    const list = field.type === 'array';
    const item = list
      ? { ...field.items, ...field, type: field.items?.type, enum: field.items?.enum }
      : field;
    const inner = list && Array.isArray(start) ? start[0] : start;
    const { element, value } = kindOf(item as Field)(item as Field, inner, changed);
    const label = make(
      'label',
      { className: 'control', title: field.description ?? '' },
      make('span', { textContent: words(name) }),
      element,
    );
    return { name, element: label, expert: field.expert === true, value: () => (list ? [value()] : value()) };
  });
}

/** One item stands for a list: its first, and of numbers the one in the middle. */
function shortened(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return [value[typeof value[0] === 'number' ? value.length >> 1 : 0]];
}

/** "guidanceScale" → "guidance scale". */
const words = (name: string): string =>
  name.replace(/s$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function kindOf({ kind, type, enum: choices }: Field): Kind {
  if (kind && kind in kinds) return kinds[kind as keyof typeof kinds];
  if (choices) return choice;
  return type === 'boolean' ? check : type === 'string' ? prompt : number;
}

const prompt: Kind = (_, value, changed) => {
  const element = make('input', { type: 'text', value: String(value ?? ''), onchange: changed });
  element.setAttribute('list', subjects().id);
  return { element, value: () => element.value };
};

const number: Kind = ({ minimum, maximum, type }, value, changed) => {
  const element = make('input', {
    type: 'number',
    min: String(minimum ?? ''),
    max: String(maximum ?? ''),
    step: type === 'integer' ? '1' : 'any',
    value: String(value),
    onchange: changed,
  });
  return { element, value: () => element.valueAsNumber };
};

const check: Kind = (_, value, changed) => {
  const element = make('input', { type: 'checkbox', checked: value === true, onchange: changed });
  return { element, value: () => element.checked };
};

const choice: Kind = ({ enum: choices = [] }, value, changed) =>
  select(choices.map(String), String(value), changed);

function select(names: readonly string[], value: string, changed: () => void): Input {
  const options = names.map((name) =>
    make('option', { textContent: name, value: name, selected: name === value }),
  );
  const element = make('select', { onchange: changed }, ...options);
  return { element, value: () => element.value };
}

/** A slider with its number, and what the number means. */
const slider =
  (meaning: (value: number, field: Field) => string): Kind =>
  (field, value, changed) => {
    const { minimum = 0, maximum = 999 } = field;
    const output = make('output');
    const element = make('input', {
      type: 'range',
      min: String(minimum),
      max: String(maximum),
      value: String(value),
    });
    const show = () => {
      output.textContent = meaning(element.valueAsNumber, field);
    };
    element.oninput = () => {
      show();
      changed();
    };
    show();
    return {
      element: make('span', { className: 'slider' }, element, output),
      value: () => element.valueAsNumber,
    };
  };

const kinds: Readonly<Record<NonNullable<Field['kind']>, Kind>> = {
  prompt,
  picture: (_, value, changed) => withOwn([...ownPictures], String(value), changed),
  mask: (_, value, changed) => withOwn([...ownMasks], String(value), changed),
  seed: (field, value, changed) => {
    const input = number(field, value, changed);
    const box = input.element as HTMLInputElement;
    const die = make('button', { type: 'button', className: 'die', textContent: '⚄', title: 'another seed' });
    die.setAttribute('aria-label', 'another seed');
    die.onclick = () => {
      box.value = String(crypto.getRandomValues(new Uint32Array(1))[0]! % 100_000);
      changed();
    };
    return { element: make('span', { className: 'slider' }, box, die), value: input.value };
  },
  timestep: slider((t) => `t = ${t}`),
  iStart: slider((i, { levels }) => `${i}${levels ? ` (from t = ${levels[i] ?? 0})` : ''}`),
};

/** Files that were chosen, by the reference under which an experiment asks for them. */
export const chosen = new Map<string, Uint8Array>();

/** One of the project's pictures, or a file of the reader's own. */
function withOwn(names: readonly string[], value: string, changed: () => void): Input {
  const { element, value: name } = select([...new Set([...names, value, ...chosen.keys()])], value, changed);
  const file = make('input', { type: 'file', accept: 'image/*', hidden: true });
  file.onchange = async () => {
    const [picked] = file.files ?? [];
    if (!picked) return;
    chosen.set(picked.name, new Uint8Array(await picked.arrayBuffer()));
    element.append(make('option', { textContent: picked.name, value: picked.name, selected: true }));
    changed();
  };
  const own = make('button', { type: 'button', textContent: 'Your own …', onclick: () => file.click() });
  return { element: make('span', { className: 'slider' }, element, own, file), value: name };
}

/** The subjects that the embedded model knows, offered where a prompt is asked for. */
function subjects(): HTMLElement {
  const known = document.getElementById('known-subjects');
  if (known) return known;
  const list = make(
    'datalist',
    { id: 'known-subjects' },
    ...knownSubjects.map((value) => make('option', { value })),
  );
  document.body.append(list);
  return list;
}
