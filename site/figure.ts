import { type Fork, forksOf } from '../src/experiments/branch.ts';
import { fieldsOf, uselessGiven } from '../src/experiments/field.ts';
import type { Experiment } from '../src/experiments/index.ts';
import { noised } from '../src/experiments/noised.ts';
import { promptsOf } from '../src/experiments/runner.ts';
import { noiseOf } from '../src/experiments/walk.ts';
import type { Picture } from '../src/images/picture.ts';
import type { Models } from '../src/models/model.ts';
import { psnr } from '../src/tensor/psnr.ts';
import { blend, full, type Tensor } from '../src/tensor/tensor.ts';
import { type Asked, altered, filled } from './address.ts';
import { type Control, controlsOf, startOf } from './controls.ts';
import { copied } from './copied.ts';
import { make, press } from './dom.ts';
import type { Extra, Params, RunsFollower } from './extra.ts';
import { extrasOf } from './extras/index.ts';
import { formulasWithNumbers } from './formula.ts';
import { litTogether } from './lit.ts';
import { models, modelsWithoutNetwork } from './models.ts';
import { SEEN } from './own-picture.ts';
import { followPagePicture, pagePicture } from './page-picture.ts';
import { followed, mainOf, type Ran } from './ran.ts';
import { book, callsOf, fixedBy } from './running.ts';
import { shownFigure } from './shown.ts';
import { stage } from './stage.ts';
import { stepsView } from './steps.ts';
import type { Taken } from './taken.ts';
import { inWords, stopRunning, type Told, turn } from './turn.ts';

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
  readonly #stop = press('Stop', () => stopRunning(this.#told), { disabled: true });
  readonly #told: Told = {
    status: (text) => {
      this.#status.textContent = text;
      this.#stage.waits(text);
    },
    busy: (running) => {
      this.#stop.disabled = !running;
    },
  };
  readonly #chip = make('p', { className: 'branch', hidden: true });
  #extras: readonly Extra[] = [];
  #from: readonly Fork[] | undefined;
  /** The step that a branch leaves, where it is one of a run that was made here. */
  #left: Taken | undefined;
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
    const whole = filled(given, this.#start);
    this.#from = whole.from;
    this.#controls = controlsOf(experiment, whole.params, fixed, (name) => void this.#changed(name));
    this.#status.setAttribute('role', 'status');
    for (const { ruler, level } of this.#controls)
      if (level) ruler?.stops((value) => known.base.alphaBar(level(value)));
    const view = make('div', { className: 'view' }, this.#stage.element, this.#steps.element);
    const shown = make('div', { className: 'shown' }, view, this.#results, this.#beside, this.#formulas);
    this.element = make('div', { className: 'live-panel' }, shown, this.#form());
    litTogether(this.element);
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
    this.#extras = await extrasOf(this.#options.experiment.id, {
      known: this.#known,
      params: () => this.#params,
      set: (name, value) => {
        this.#controls.find((control) => control.name === name)?.set?.(value);
        void this.#changed(name);
      },
      runs: (others, follow) => this.#runs(others, follow),
      show: (ran) => void this.#show(ran),
    });
    this.#beside.append(...this.#extras.map(({ element }) => element));
    followPagePicture(() => this.#about(pagePicture()));
    if (pagePicture()) await this.#about(pagePicture());
    else await this.#answerAtOnce(calls === 0);
  }

  /** Is about a picture of the reader's own, or without one about that which it began with. */
  async #about(own: string | undefined): Promise<void> {
    const control = this.#controls.find(({ field }) => field.kind === 'picture');
    if (!control) return;
    control.set?.(own ?? [this.#start[control.name]].flat()[0]);
    await this.#answerAtOnce(this.element.classList.contains('free'));
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
          this.#stage.element.scrollIntoView({ block: 'nearest' }); // or the picture grows above the screen
          void this.#draw(models());
        },
      },
      ...placed('lead'),
      ...placed('shown'),
      more,
      this.#chip,
      buttons,
      this.#status,
    );
  }

  get #params(): Record<string, unknown> {
    const given = Object.fromEntries(this.#controls.map(({ name, value }) => [name, value()]));
    // What does nothing beside another choice waits for the next one.
    const useless = uselessGiven(fieldsOf(this.#options.experiment), { ...this.#start, ...given });
    return { ...given, ...Object.fromEntries(useless.map(({ name, usual }) => [name, usual])) };
  }

  get #asked(): Asked {
    const { start, from } = { start: this.#start, from: this.#from };
    return { params: { ...start, ...this.#params }, ...(from && { from }) };
  }

  async #changed(name: string): Promise<void> {
    this.#options.changed(altered(this.#asked, this.#start));
    if (name === 'guidanceScale') this.#steps.push(Number(this.#params[name]));
    else this.#taken = undefined;
    await this.#answerAtOnce((await callsOf(this.#options.experiment, this.#params)) === 0);
  }

  /** What needs no network: all of some figures, and of the others what goes in. */
  async #answerAtOnce(free: boolean): Promise<void> {
    if (free) await this.#draw(modelsWithoutNetwork());
    else await Promise.all([this.#preview(), ...this.#extras.map((extra) => extra.values?.(this.#params))]);
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
  async #seen(): Promise<{ image: Tensor | Picture; said: string }> {
    if (this.#left) return { image: this.#left.x, said: `x at level t = ${this.#left.t}, where it goes on` };
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
    for (const extra of this.#extras) void extra.step?.(taken, this.#shown?.params ?? {});
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
    // Numbers are lower than fractions: what stands below stays where it was.
    this.#formulas.style.minHeight = `${this.#formulas.getBoundingClientRect().height}px`;
    this.#formulas.replaceChildren(...formulasWithNumbers(experiment, now));
  }

  #branchAt(left: Taken): void {
    if (!this.#shown) return;
    this.#leave(forksOf(this.#shown, { walk: 0, step: left.index }), left);
  }

  /** The next run goes on from there; without a place it begins at the start. */
  #leave(from?: readonly Fork[], left?: Taken): void {
    this.#from = from;
    this.#left = left;
    this.#options.changed(altered(this.#asked, this.#start));
    this.#showBranch();
  }

  #showBranch(): void {
    const step = this.#from?.at(-1)?.step;
    this.#chip.hidden = step === undefined;
    this.#run.textContent = step === undefined ? 'Run' : `Go on from step ${step + 1}`;
    if (step === undefined) return;
    const back = press('From the start', () => {
      this.#leave();
      void this.#preview();
    });
    const kept = step === 1 ? 'Step 1 stays' : `Steps 1 to ${step} stay`;
    const said = `${kept}; choose another prompt, seed or guidance for those that follow.`;
    this.#chip.replaceChildren(said, ' ', back);
  }

  /** One run after the other with other values, for who wants to compare them. */
  async #runs(others: readonly Params[], follow: RunsFollower): Promise<void> {
    const asked = this.#asked;
    await turn(this.#told, async (signal) => {
      const opened = { models: await models(), signal };
      for (const [i, other] of others.entries()) {
        const one = { params: { ...asked.params, ...other } };
        const step = (taken: Taken) => {
          this.#told.status(`${i + 1} of ${others.length}: step ${taken.index + 1} of ${taken.count}`);
          follow.step(i, taken);
        };
        follow.ran(
          i,
          await followed(this.#options.experiment, one, opened, { step, warning: this.#told.status }),
        );
      }
    });
  }

  /** A run that was made before, as if it had just ended. */
  async #show(ran: Ran): Promise<void> {
    for (const { name, set } of this.#controls) set?.([ran.asked.params[name]].flat()[0]);
    this.#leave(ran.asked.from);
    await this.#preview();
    this.#begin(ran.asked);
    for (const taken of ran.steps) this.#took(taken);
    this.#finish(ran);
  }

  async #draw(opening: Models | Promise<Models>): Promise<void> {
    const asked = this.#asked;
    const before = asked.from?.length ? this.#stage.last : undefined;
    await turn(this.#told, async (signal) => {
      const opened = { models: await opening, signal };
      this.#begin(asked);
      const step = (taken: Taken) => {
        this.#took(taken);
        this.#told.status(`step ${taken.index + 1} of ${taken.count}`);
      };
      const { experiment } = this.#options;
      this.#finish(await followed(experiment, asked, opened, { step, warning: this.#told.status }), before);
    });
  }

  #begin(asked: Asked): void {
    this.#steps.clear();
    this.#steps.push(Number(asked.params['guidanceScale'] ?? 1));
    this.#shown = asked;
    this.#first = undefined;
  }

  #took(taken: Taken): void {
    this.#first ??= taken;
    this.#steps.add(taken);
  }

  /** The picture that the steps led to stands beside what went in; what was made on the way, below. */
  #finish(ran: Ran, before?: HTMLElement): void {
    const { figures, asked } = ran;
    const free = this.element.classList.contains('free');
    const main = free ? undefined : mainOf(ran);
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
    if (main) {
      const element = shownFigure(main);
      for (const extra of this.#extras) void extra.dress?.(element, asked.params);
      this.#stage.finish(element);
    }
    this.#steps.end();
    for (const extra of this.#extras) void extra.figures?.(figures, asked.params);
  }
}
