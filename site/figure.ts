import { CampanileError } from '../src/errors.ts';
import { type Fork, forksOf } from '../src/experiments/branch.ts';
import type { Experiment, Figure } from '../src/experiments/index.ts';
import { noised } from '../src/experiments/noised.ts';
import { promptsOf } from '../src/experiments/runner.ts';
import { noiseOf } from '../src/experiments/walk.ts';
import type { Models } from '../src/models/model.ts';
import { psnr } from '../src/tensor/psnr.ts';
import { blend, full, type Tensor } from '../src/tensor/tensor.ts';
import type { Asked } from './address.ts';
import { type Control, controlsOf, startOf } from './controls.ts';
import { make, press } from './dom.ts';
import type { Extra } from './extra.ts';
import { extraOf } from './extras/index.ts';
import { sayFetching } from './fetching.ts';
import { formulasWithNumbers } from './formula.ts';
import { models, modelsWithoutNetwork } from './models.ts';
import { SEEN } from './own-picture.ts';
import { book, callsOf, fixedBy, run } from './running.ts';
import { shownFigure } from './shown.ts';
import { stage } from './stage.ts';
import { stepsView } from './steps.ts';
import type { Taken } from './taken.ts';

/** A run ends when another begins: one computer, one figure at a time. */
let running: AbortController | undefined;

export interface LiveOptions {
  readonly experiment: Experiment;
  /** Values in the place of the schema's defaults. */
  readonly usual: Readonly<Record<string, unknown>>;
  /** Those of a link. */
  readonly given: Asked;
  /** Is told what a link to this figure has to carry. */
  readonly changed: (asked: Asked) => void;
  /** A link to it as it is now; without one there is no button. */
  readonly link?: (() => string) | undefined;
}

/** A figure that runs: its controls, its steps as they are taken, its pictures, and its formulas with their numbers. */
export async function liveFigure(options: LiveOptions): Promise<HTMLElement> {
  const [known, fixed] = await Promise.all([modelsWithoutNetwork(), fixedBy(options.experiment)]);
  const live = new Live(options, known, fixed);
  await live.open();
  return live.element;
}

class Live {
  readonly element: HTMLElement;
  readonly #options: LiveOptions;
  readonly #known: Models;
  readonly #start: Readonly<Record<string, unknown>>;
  readonly #controls: readonly Control[];
  readonly #stage = stage();
  readonly #steps = stepsView({
    looked: (taken) => this.#looked(taken),
    branch: (taken) => this.#branchAt(taken),
  });
  readonly #status = make('p', { className: 'status' });
  readonly #results = make('div', { className: 'results' });
  readonly #beside = make('div', { className: 'beside' });
  readonly #formulas = make('div', { className: 'formulas' });
  readonly #run = make('button', { type: 'submit', className: 'run', textContent: 'Run' });
  readonly #stop = press('Stop', () => running?.abort(), { disabled: true });
  readonly #chip = make('p', { className: 'branch', hidden: true });
  #extra: Extra | undefined;
  #from: readonly Fork[] | undefined;
  /** What made the steps that are shown. */
  #shown: Asked | undefined;
  /** The first step of the run, and the one that is looked at. */
  #first: Taken | undefined;
  #taken: Taken | undefined;
  #previews = 0;

  constructor(options: LiveOptions, known: Models, fixed: ReadonlySet<string>) {
    this.#options = options;
    this.#known = known;
    const { experiment, usual, given } = options;
    this.#start = startOf(experiment, usual);
    const whole = this.#whole(given);
    this.#from = whole.from;
    this.#controls = controlsOf(experiment, whole.params, fixed, (name) => void this.#changed(name));
    this.#status.setAttribute('role', 'status');
    for (const { ruler, level } of this.#controls)
      if (level) ruler?.stops((value) => known.base.alphaBar(level(value)));
    const view = make('div', { className: 'view' }, this.#stage.element, this.#steps.element);
    const shown = make(
      'div',
      { className: 'shown' },
      view,
      this.#results,
      this.#beside,
      this.#formulas,
      this.#status,
    );
    this.element = make('div', { className: 'live-panel' }, shown, this.#form());
  }

  async open(): Promise<void> {
    const calls = await callsOf(this.#options.experiment, this.#params);
    this.element.classList.toggle('free', calls === 0);
    this.element.classList.toggle('one-look', calls === 1);
    // A single prompt that is not pushed sees what is shown anyway.
    const { guidanceScale } = this.#params;
    const prompts = promptsOf(this.#options.experiment, this.#params).length;
    this.element.classList.toggle('unguided', guidanceScale === 1 && prompts < 2);
    this.#run.hidden = this.#stop.hidden = calls === 0;
    this.#showBranch();
    this.#extra = await extraOf(this.#options.experiment.id, {
      known: this.#known,
      set: (name, value) => this.#controls.find((control) => control.name === name)?.set?.(value),
    });
    if (this.#extra) this.#beside.append(this.#extra.element);
    await this.#answerAtOnce(calls === 0);
  }

  #form(): HTMLElement {
    const placed = (place: Control['place']) =>
      this.#controls.filter((control) => control.place === place).map(({ element }) => element);
    const folded = placed('folded');
    const more = make('details', { hidden: folded.length === 0 }, make('summary', { textContent: 'More' }));
    more.append(...folded);
    const { link } = this.#options;
    const buttons = make(
      'div',
      { className: 'buttons' },
      this.#run,
      this.#stop,
      ...(link ? [copied(link)] : []),
    );
    return make(
      'form',
      {
        className: 'live-form',
        onsubmit: (event) => {
          event.preventDefault();
          void this.#draw(models());
        },
      },
      ...placed('lead'),
      ...placed('shown'),
      more,
      this.#chip,
      buttons,
    );
  }

  get #params(): Record<string, unknown> {
    return Object.fromEntries(this.#controls.map(({ name, value }) => [name, value()]));
  }

  get #asked(): Asked {
    const { start, from } = { start: this.#start, from: this.#from };
    return { params: { ...start, ...this.#params }, ...(from && { from }) };
  }

  /** What a link leaves out filled in. */
  #whole({ params, from }: Asked): Asked {
    const filled = <T extends Pick<Asked, 'params'>>(one: T): T => ({
      ...one,
      params: { ...this.#start, ...one.params },
    });
    return filled({ params, ...(from && { from: from.map(filled) }) });
  }

  /** What a link has to carry. */
  #altered({ params, from }: Asked): Asked {
    const differs = ([name, value]: [string, unknown]) =>
      JSON.stringify(value) !== JSON.stringify(this.#start[name]);
    const altered = <T extends Pick<Asked, 'params'>>(one: T): T => ({
      ...one,
      params: Object.fromEntries(Object.entries(one.params).filter(differs)),
    });
    return altered({ params, ...(from && { from: from.map(altered) }) });
  }

  async #changed(name: string): Promise<void> {
    this.#options.changed(this.#altered(this.#asked));
    if (name === 'guidanceScale') this.#steps.push(Number(this.#params[name]));
    else this.#taken = undefined;
    await this.#answerAtOnce((await callsOf(this.#options.experiment, this.#params)) === 0);
  }

  /** What needs no network: all of some figures, and of the others what goes in. */
  async #answerAtOnce(free: boolean): Promise<void> {
    if (free) await this.#draw(modelsWithoutNetwork());
    else await Promise.all([this.#preview(), this.#extra?.values?.(this.#params)]);
    this.#showFormulas();
  }

  #valueOf(kind: string): unknown {
    const value = this.#controls.find(({ field }) => field.kind === kind)?.value();
    return Array.isArray(value) ? value[0] : value;
  }

  async #preview(): Promise<void> {
    const mine = ++this.#previews;
    const seen = await this.#seen().catch((error: unknown) => {
      this.#status.textContent = inWords(error);
      return undefined;
    });
    if (seen && mine === this.#previews) this.#stage.preview(seen.image, seen.said);
  }

  /** What a run with these values would begin with. */
  async #seen(): Promise<{ image: Tensor; said: string }> {
    const { base } = this.#known;
    const seed = Number(this.#valueOf('seed') ?? 0);
    const reference = this.#valueOf('picture');
    if (typeof reference !== 'string')
      return { image: noiseOf(base, seed)('start', 999), said: `the noise it begins with, seed ${seed}` };
    const mask = this.#valueOf('mask');
    const image = await book.picture(reference, SEEN);
    if (typeof mask === 'string') {
      for (const { under, field } of this.#controls) if (field.kind === 'mask') under?.(image);
      const hole = blend(await book.mask(mask, SEEN, reference), full(image.shape, 0), image);
      return { image: hole, said: 'grey: what may change' };
    }
    const { t } = this.#levels();
    if (t === undefined) return { image, said: 'the picture' };
    const context = { ...this.#known, picture: book.picture, mask: book.mask };
    const { original, noisy } = await noised(context, reference, t, seed);
    return { image: noisy, said: `x at level t = ${t}, PSNR ${psnr(noisy, original).toFixed(1)} dB` };
  }

  /** The noise level that stands in the form, and where a first step would lead from there. */
  #levels(): { t?: number | undefined; tNext?: number | undefined } {
    const control = this.#controls.find(({ level }) => level !== undefined);
    if (!control) return {};
    const value = Number([control.value()].flat()[0]);
    const tNext = control.field.kind === 'iStart' ? control.level?.(value + 1) : undefined;
    return { t: control.level?.(value), tNext };
  }

  #looked(taken: Taken | undefined): void {
    if (taken) this.#stage.step(taken.x, taken.x0, taken.t);
    else this.#stage.finished();
    // Of the picture the formulas tell how it began.
    this.#taken = taken ?? this.#first;
    this.#showFormulas();
    void this.#extra?.step?.(taken, this.#shown?.params ?? {});
  }

  #showFormulas(): void {
    const { experiment } = this.#options;
    const params = this.#params;
    const taken = this.#taken;
    // The formulas are those of stage I.
    const known = taken?.stage === 'base' ? { t: taken.t, tNext: taken.tNext } : {};
    const level = taken ? known : this.#levels();
    const number = (name: string) =>
      typeof params[name] === 'number' && params[name] !== 0 ? params[name] : undefined;
    const now = {
      ...level,
      alphaBar: this.#known.base.alphaBar,
      gamma: number('guidanceScale'),
      sigma: number('sigma'),
      prompts: promptsOf(experiment, params),
    };
    this.#formulas.replaceChildren(...formulasWithNumbers(experiment, now));
  }

  #branchAt({ index }: Taken): void {
    if (!this.#shown) return;
    this.#from = forksOf(this.#shown, { walk: 0, step: index });
    this.#options.changed(this.#altered(this.#asked));
    this.#showBranch();
  }

  #showBranch(): void {
    const step = this.#from?.at(-1)?.step;
    this.#chip.hidden = step === undefined;
    this.#run.textContent = step === undefined ? 'Run' : `Go on from step ${step + 1}`;
    if (step === undefined) return;
    const back = press('From the start', () => {
      this.#from = undefined;
      this.#options.changed(this.#altered(this.#asked));
      this.#showBranch();
    });
    const said = `The steps before the ${step + 1}. stay; choose another prompt, seed or guidance for those that follow.`;
    this.#chip.replaceChildren(said, ' ', back);
  }

  async #draw(opening: Models | Promise<Models>): Promise<void> {
    running?.abort();
    const own = new AbortController();
    running = own;
    const said = sayFetching((text) => {
      this.#status.textContent = text;
    });
    const asked = this.#asked;
    const before = asked.from && this.#stage.last;
    this.#stop.disabled = false;
    try {
      this.#status.textContent = 'opening the model …';
      const opened = await opening;
      this.#steps.clear();
      this.#steps.push(Number(asked.params['guidanceScale'] ?? 1));
      this.#shown = asked;
      const figures: Figure[] = [];
      let last: Taken | undefined;
      for await (const happening of run(this.#options.experiment, asked, opened, own.signal)) {
        own.signal.throwIfAborted();
        if (happening.type === 'warning') this.#status.textContent = happening.message;
        else if (happening.type === 'figure') figures.push(happening.figure);
        else {
          this.#first = last ? this.#first : happening.taken;
          last = happening.taken;
          this.#steps.add(last);
          this.#status.textContent = `step ${last.index + 1} of ${last.count}`;
        }
      }
      this.#finish(figures, last, before);
      await this.#extra?.figures?.(figures, asked.params);
      this.#status.textContent = '';
    } catch (error) {
      if (!own.signal.aborted) this.#status.textContent = inWords(error);
      else if (running === own) this.#status.textContent = 'stopped';
    } finally {
      said();
      if (running === own) this.#stop.disabled = true;
    }
  }

  /** The picture that the steps led to stands beside what went in; what was made on the way, below. */
  #finish(figures: readonly Figure[], last: Taken | undefined, before: HTMLElement | undefined): void {
    const free = this.element.classList.contains('free');
    const main = free ? undefined : mainOf(figures, last);
    const others = figures.filter((figure) => figure !== main);
    const shown = others.map(shownFigure);
    if (before) shown.unshift(make('div', { className: 'before' }, 'before the branch', before));
    // What was made on the way unfolds: nothing moves when it comes.
    if (free) this.#results.replaceChildren(...shown);
    else {
      const names = others.map(({ row, column }) => [row, column].filter(Boolean).join(' '));
      const summary = make('summary', { textContent: `Also made: ${names.join(', ')}` });
      const pictures = make('div', { className: 'pictures' }, ...shown);
      const open = before !== undefined;
      this.#results.replaceChildren(
        ...(shown.length > 0 ? [make('details', { open }, summary, pictures)] : []),
      );
    }
    if (main) this.#stage.finish(shownFigure(main));
    this.#steps.end();
  }
}

/** The figure that shows where the last step led; without steps, the last that was computed. */
function mainOf(figures: readonly Figure[], last: Taken | undefined): Figure | undefined {
  if (!last) return figures.findLast(({ seed }) => seed !== undefined);
  const { width, height, data } = last.x0;
  const far = ({ image: { shape, data: values } }: Figure): number => {
    if (shape[3] !== width || shape[2] !== height) return Number.POSITIVE_INFINITY;
    const plane = width * height;
    let total = 0;
    for (let c = 0; c < 3; c++)
      for (let i = 0; i < plane; i++)
        total += (Math.min(1, Math.max(-1, values[c * plane + i]!)) - (data[3 * i + c]! / 127.5 - 1)) ** 2;
    return total;
  };
  const distances = figures.map(far);
  return figures[distances.indexOf(Math.min(...distances))];
}

function copied(link: () => string): HTMLElement {
  const button = press('Copy link', async () => {
    const done = await navigator.clipboard.writeText(link()).then(
      () => true,
      () => false,
    );
    button.textContent = done ? 'Copied' : 'The address of the page is the link';
  });
  return button;
}

function inWords(error: unknown): string {
  if (!(error instanceof CampanileError)) return `It went wrong: ${(error as Error).message}`;
  return [error.message, error.hint].filter(Boolean).join('; ');
}
