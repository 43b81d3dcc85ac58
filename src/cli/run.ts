import { join } from 'node:path';
import { RecipeError } from '../errors.ts';
import type { Fork } from '../experiments/branch.ts';
import type { Experiment, ExperimentEvent, Figure, RunContext } from '../experiments/experiment.ts';
import type { PictureBook } from '../experiments/pictures.ts';
import { parseParams } from '../experiments/recipe.ts';
import { type FigureStore, promptsOf, runExperiment } from '../experiments/runner.ts';
import { WorkProgress } from '../experiments/work-progress.ts';
import { merged } from '../merged.ts';
import type { OpenModels } from '../models/embedded.ts';
import { amount, duration } from '../words.ts';
import type { FigureFolder } from './figure-folder.ts';
import { givenAs, optionOf } from './options.ts';
import { bar, type Terminal } from './terminal.ts';

/** An experiment to be run. */
export interface Work {
  readonly experiment: Experiment;
  /** Checked, with the defaults filled in. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Of a branch: the runs that it left, and where. */
  readonly from?: readonly Fork[] | undefined;
}

/** @throws {RecipeError} naming the option of the first parameter that is wrong */
export const workOf = (
  experiment: Experiment,
  typed: Readonly<Record<string, unknown>>,
  command = experiment.id,
): Work => ({
  experiment,
  params: parseParams(experiment, typed, {
    called: ([name]) => optionOf(experiment, String(name)),
    given: (name, value) => givenAs(experiment, name, value),
    hint: `campanile ${command} --help lists the ranges`,
  }),
});

export interface RunSettings {
  readonly models: OpenModels;
  readonly book: PictureBook;
  readonly store: FigureFolder;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Whose next part comes first; asked after every part. Without it the order is that of `work`. */
  readonly wanted?: (() => Work | undefined) | undefined;
  /** Awaited before what takes time, each part that is not kept and each step of it: while something else is more urgent. */
  readonly held?: (() => Promise<void>) | undefined;
}

/** A figure as it is made or found, and what makes it alone. */
export interface RunFigure extends Work {
  readonly figure: Figure;
}

/** What happens on the way, and what it belongs to. */
export type RunNews =
  | { readonly type: 'figure'; readonly of: Work; readonly made: RunFigure }
  /** An experiment has made all its figures. */
  | { readonly type: 'complete'; readonly of: Work };

/**
 * So many experiments are made side by side: while one of them puts a picture together, or writes it, the network works for the
 * other, and single calls of two find their lanes together.
 */
const AT_ONCE = 2;

/** Runs experiments, with progress: in their order, or as they are wanted. */
export async function* runAll(
  work: readonly Work[],
  { models, book, store, terminal, signal, wanted = () => undefined, held = async () => {} }: RunSettings,
): AsyncGenerator<RunNews> {
  const { base, upscaler } = models;
  const clock = new SharedClock();
  const context: RunContext = {
    ...{ base, upscaler, signal, picture: book.picture, mask: book.mask },
    clock: () => clock.now,
  };
  // A prompt that the file of embeddings has not got is said now, not hours later when its turn comes.
  for (const { experiment, params } of work)
    for (const prompt of promptsOf(experiment, params)) base.tokens(prompt);
  const parts = work.flatMap(({ experiment, params }) =>
    inOptions(experiment, () => experiment.parts(params, models)),
  );
  terminal.note(
    `${amount(parts.length, 'part')} with ${base.name}, ${(base.parameters / 1e6).toFixed(1)} M parameters`,
  );
  const progress = new WorkProgress(parts);
  const wait = () => progress.without(held);
  const patient: FigureStore = {
    ...store,
    async get(hash) {
      const kept = await store.get(hash);
      if (!kept) await wait();
      return kept;
    },
  };
  const left = work.map((of) => ({
    of,
    events: runExperiment(of.experiment, of.params, context, {
      store: patient,
      digest: book.digest,
      from: of.from,
    }),
    underWay: false,
  }));
  const next = () => {
    const idle = left.filter(({ underWay }) => !underWay);
    return idle.find(({ of }) => of === wanted()) ?? idle[0];
  };
  async function* asTheyCome(): AsyncGenerator<RunNews> {
    for (let turn = next(); turn; turn = next()) {
      turn.underWay = true;
      clock.begin();
      const goesOn = yield* onePart(turn.of, turn.events, { progress, terminal, wait });
      clock.end();
      turn.underWay = false;
      if (goesOn) continue;
      left.splice(left.indexOf(turn), 1);
      yield { type: 'complete', of: turn.of };
    }
  }
  yield* merged(Array.from({ length: AT_ONCE }, asTheyCome));
}

/** Time as each of those has it who work side by side: two of them have half of it each. */
class SharedClock {
  #among = 0;
  #shown = 0;
  #at = performance.now();

  get now(): number {
    const at = performance.now();
    this.#shown += (at - this.#at) / Math.max(1, this.#among);
    this.#at = at;
    return this.#shown;
  }

  begin(): void {
    void this.now;
    this.#among++;
  }

  end(): void {
    void this.now;
    this.#among--;
  }
}

/** Runs on to the end of a part. @returns whether there may be another */
async function* onePart(
  of: Work,
  events: AsyncGenerator<ExperimentEvent>,
  { progress, terminal, wait }: { progress: WorkProgress; terminal: Terminal; wait(): Promise<void> },
): AsyncGenerator<RunNews, boolean> {
  const { id } = of.experiment;
  let alone: Work = of;
  let figures = 0;
  for (;;) {
    const { done, value: event } = await events.next();
    if (done) return false;
    const ran = progress.asked(of);
    progress.hear(event, of);
    switch (event.type) {
      case 'part-start':
        alone = { experiment: event.experiment, params: event.params };
        break;
      case 'step': {
        const { label, index, count } = event;
        terminal.status(
          `${bar(progress.fraction)}  ${id} · ${label} · ${index + 1}/${count}  ${progress.rate.toFixed(1)} steps/s  ${leftOf(progress)}`,
        );
        await wait();
        break;
      }
      case 'figure':
        figures++;
        yield { type: 'figure', of, made: { ...alone, from: of.from, figure: event.figure } };
        break;
      case 'warning':
        terminal.note(`warning: ${event.message}`);
        break;
      case 'part-end': {
        const pace = ran ? `${progress.rate.toFixed(1)} steps/s, ${leftOf(progress)}` : '';
        const before = figures > 0 ? '(kept from before)' : '(no picture)';
        const percent = `${String(Math.floor(progress.fraction * 100)).padStart(3)} %`;
        terminal.passed([percent, id, event.key, event.reused ? before : pace].filter(Boolean).join('  '));
        return true;
      }
    }
  }
}

const leftOf = ({ secondsLeft }: WorkProgress): string =>
  secondsLeft === undefined ? '' : `${duration(Math.round(secondsLeft))} left`;

/** Parameters that do not fit each other are named as they were typed. */
function inOptions<T>(experiment: Experiment, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RecipeError) || error.path === '') throw error;
    const message = error.message.slice(`${error.path}: `.length);
    throw new RecipeError(optionOf(experiment, error.path), message, error.hint);
  }
}

/** What a program gets to read about a figure. */
export function describe(
  experiment: Experiment,
  figure: Figure,
  store: FigureFolder,
): Record<string, unknown> {
  const { image, ...rest } = figure;
  return {
    experiment: experiment.id,
    file: join(store.folder, store.fileOf(figure)),
    height: image.shape[2],
    width: image.shape[3],
    ...rest,
  };
}
