import { snr } from '../src/diffusion/process.ts';
import { readCourse } from '../src/experiments/course.ts';
import type { Field } from '../src/experiments/field.ts';
import { ownMasks, ownPictures } from '../src/experiments/own-pictures.ts';
import type { Tensor } from '../src/tensor/tensor.ts';
import { board } from './board.ts';
import { type ruled as Ruled, ruled } from './curve.ts';
import { make, named, press } from './dom.ts';
import { decibels, shortly } from './formula.ts';
import { modelsWithoutNetwork } from './models.ts';
import { photographed } from './own-picture.ts';
import { inWords } from './turn.ts';

/** What an element of a form asks for: reads it, and tells when it changes. */
export interface Input {
  readonly element: HTMLElement;
  value(): unknown;
  /** Gives it another value, where others may; tells nobody. */
  readonly set?: ((value: unknown) => void) | undefined;
  /** The noise level that a value stands for. */
  readonly level?: ((value: number) => number) | undefined;
  readonly ruler?: ReturnType<typeof Ruled> | undefined;
  /** Of a mask: shows what lies under it. */
  readonly under?: ((picture: Tensor) => void) | undefined;
}

export interface Asking {
  readonly field: Field;
  readonly value: unknown;
  readonly changed: () => void;
  /** What the section is about: it gets more room. */
  readonly lead: boolean;
  /** What is said of it, for those who hear it. */
  readonly label: string;
}

type Kind = (asking: Asking) => Input;

/** The input that a field of a schema asks for. */
export function inputFor(asking: Asking): Input {
  const { kind, type, enum: choices } = asking.field;
  if (kind && kind in kinds) return kinds[kind as keyof typeof kinds](asking);
  if (choices) return choice(asking);
  if (type === 'boolean') return check(asking);
  if (type === 'string') return words(asking);
  return asking.lead ? dial(asking) : number(asking);
}

const words: Kind = ({ value, changed, label }) => {
  const box = named(make('input', { type: 'text', value: String(value ?? ''), onchange: changed }), label);
  return { element: box, value: () => box.value };
};

const prompt: Kind = (asking) => {
  const { element: box, value } = words(asking);
  // A list belongs to the tree that its input is in, so each has its own.
  const list = make('datalist', { id: `subjects-${Math.random().toString(36).slice(2)}` });
  void modelsWithoutNetwork().then(({ base: { subjects = [] } }) =>
    list.append(...subjects.map(({ prompt }) => make('option', { value: prompt }))),
  );
  box.setAttribute('list', list.id);
  return { element: make('span', { className: 'slider' }, box, list), value };
};

function numberBox({ field: { minimum, maximum, type }, value, changed, label }: Asking): HTMLInputElement {
  const box = make('input', {
    type: 'number',
    min: String(minimum ?? ''),
    max: String(maximum ?? ''),
    step: type === 'integer' ? '1' : 'any',
    value: String(value),
    onchange: changed,
  });
  return named(box, label);
}

const number: Kind = (asking) => {
  const box = numberBox(asking);
  return { element: box, value: () => box.valueAsNumber };
};

/** A number that a section is about: a slider over what one usually wants, and the number itself for the rest. */
const dial: Kind = (asking) => {
  const { field, value, changed, label } = asking;
  const box = numberBox({ ...asking, changed: () => {} });
  const { minimum = 0, maximum = 100 } = field;
  const most = maximum > 50 ? Math.min(maximum, Math.max(40, 2 * Number(value))) : maximum;
  const whole = field.type === 'integer';
  const slider = named(make('input', { type: 'range' }), label);
  // Before the value, which would be moved to a stop of what is usual.
  Object.assign(slider, {
    min: String(minimum),
    max: String(most),
    step: whole ? '1' : String(most > 12 ? 0.5 : 0.1),
  });
  slider.value = String(value);
  slider.oninput = () => {
    box.value = slider.value;
    changed();
  };
  box.onchange = () => {
    slider.value = box.value;
    changed();
  };
  const element = make('span', { className: 'slider dial' }, slider, box);
  const set = (next: unknown) => {
    box.value = slider.value = String(next);
  };
  return { element, value: () => box.valueAsNumber, set };
};

const check: Kind = ({ value, changed, label }) => {
  const box = named(make('input', { type: 'checkbox', checked: value === true, onchange: changed }), label);
  return { element: box, value: () => box.checked };
};

const choice: Kind = ({ field: { enum: choices = [] }, value, changed, label }) =>
  select(choices.map(String), String(value), changed, label);

function select(
  names: readonly string[],
  value: string,
  changed: () => void,
  label: string,
): Input & { readonly element: HTMLSelectElement } {
  const options = names.map((name) =>
    make('option', { textContent: name, value: name, selected: name === value }),
  );
  const element = named(make('select', { onchange: changed }, ...options), label);
  return { element, value: () => element.value };
}

/** A slider with its number, what the number means, and the curve that it runs along. */
const level =
  (
    meaning: (value: number, field: Field) => string,
    levelOf: (value: number, field: Field) => number,
  ): Kind =>
  ({ field, value, changed, label }) => {
    const { minimum = 0, maximum = 999 } = field;
    const output = make('output');
    const slider = named(make('input', { type: 'range' }), label);
    Object.assign(slider, { min: String(minimum), max: String(maximum) });
    slider.value = String(value);
    const say = (facts = '') => {
      output.textContent = meaning(slider.valueAsNumber, field) + facts;
      slider.setAttribute('aria-valuetext', output.textContent);
    };
    const ruler = ruled(slider, (alphaBar) =>
      say(`, ᾱ = ${shortly(alphaBar)}, SNR ${decibels(snr(alphaBar))}`),
    );
    slider.oninput = () => {
      ruler.follow();
      changed();
    };
    say();
    return {
      element: make('span', { className: 'level' }, ruler.element, slider, output),
      value: () => slider.valueAsNumber,
      set: (next) => {
        slider.value = String(next);
        ruler.follow();
      },
      level: (value) => levelOf(value, field),
      ruler,
    };
  };

const kinds: Readonly<Record<Exclude<Field['kind'], 'enlarge' | undefined>, Kind>> = {
  prompt,
  view: words,
  course: (asking) => {
    const { element, value } = words(asking);
    return { element, value: () => readCourse(value()) ?? value() };
  },
  picture: (asking) => withOwn([...ownPictures], 'drawing', asking),
  mask: (asking) => withOwn([...ownMasks], 'mask', asking),
  seed: (asking) => {
    const box = numberBox(asking);
    const roll = () => {
      box.value = String(crypto.getRandomValues(new Uint32Array(1))[0]! % 100_000);
      asking.changed();
    };
    const die = named(press('⚄', roll, { className: 'die', title: 'another seed' }), 'another seed');
    const set = (next: unknown) => {
      box.value = String(next);
    };
    return { element: make('span', { className: 'slider' }, box, die), value: () => box.valueAsNumber, set };
  },
  timestep: level(
    (t) => `t = ${t}`,
    (t) => t,
  ),
  iStart: level(
    (i, { levels = [] }) => `${i} skipped: from t = ${levels[i] ?? 0}`,
    (i, { levels = [] }) => levels[i] ?? 0,
  ),
};

const nameOfOwn = { drawing: 'your own', mask: 'yours' };

/** One of the project's pictures, a file of the reader's own, or what is drawn here. */
function withOwn(names: readonly string[], kind: 'drawing' | 'mask', asking: Asking): Input {
  const { changed, label } = asking;
  const first = String(asking.value);
  const known = names.includes(first) || first.startsWith('data:') ? names : [...names, first];
  const { element: list, value } = select(known, first, changed, label);
  const own = make('option', { textContent: nameOfOwn[kind], value: '' });
  const set = (reference: unknown) => {
    const address = String(reference);
    if (!address.startsWith('data:')) {
      list.value = address;
      return;
    }
    if (!own.isConnected) list.append(own);
    own.value = address;
    own.selected = true;
  };
  const take = (address = first) => {
    set(address);
    changed();
  };
  if (first.startsWith('data:')) set(first);
  const drawing = board(kind, take);
  drawing.element.hidden = true;
  const toggle = press(kind === 'mask' ? 'Paint' : 'Draw', () => {
    drawing.element.hidden = !drawing.element.hidden;
    toggle.setAttribute('aria-expanded', String(!drawing.element.hidden));
  });
  toggle.setAttribute('aria-expanded', 'false');
  const file = make('input', { type: 'file', accept: 'image/*', hidden: true });
  file.onchange = async () => {
    const [picked] = file.files ?? [];
    if (!picked) return;
    refused.textContent = '';
    // The same file may be chosen again, mended.
    file.value = '';
    await photographed(picked).then(take, (error) => {
      refused.textContent = inWords(error);
    });
  };
  const refused = make('small', { className: 'refused' });
  refused.setAttribute('role', 'alert');
  const tools = kind === 'mask' ? [toggle] : [press('Photo …', () => file.click()), toggle, file];
  return {
    element: make(
      'span',
      { className: 'own' },
      make('span', { className: 'slider' }, list, ...tools),
      refused,
      drawing.element,
    ),
    value,
    set,
    under: drawing.under,
  };
}
