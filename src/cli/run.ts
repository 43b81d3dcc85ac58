import { join } from 'node:path';
import { RecipeError } from '../errors.ts';
import type { Experiment, Figure, RunContext } from '../experiments/experiment.ts';
import type { PictureBook } from '../experiments/pictures.ts';
import { parseParams } from '../experiments/recipe.ts';
import { promptsOf, runExperiment } from '../experiments/runner.ts';
import type { OpenModels } from '../models/embedded.ts';
import type { FigureFolder } from './figure-folder.ts';
import { optionOf } from './options.ts';
import { WorkProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** An experiment to be run. */
export interface Work {
  readonly experiment: Experiment;
  /** Checked, with the defaults filled in. */
  readonly params: Readonly<Record<string, unknown>>;
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
    hint: `campanile ${command} --help lists the ranges`,
  }),
});

export interface RunSettings {
  readonly models: OpenModels;
  readonly book: PictureBook;
  readonly store: FigureFolder;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** A figure as it is made or found, and what makes it alone. */
export interface RunFigure extends Work {
  readonly figure: Figure;
}

/** Runs experiments one after the other, with progress. */
export async function* runAll(
  work: readonly Work[],
  { models, book, store, terminal, signal }: RunSettings,
): AsyncGenerator<RunFigure> {
  const { base, upscaler } = models;
  const context: RunContext = { base, upscaler, signal, picture: book.picture, mask: book.mask };
  // A prompt that the file of embeddings has not got is said now, not hours later when its turn comes.
  for (const { experiment, params } of work)
    for (const prompt of promptsOf(experiment, params)) base.tokens(prompt);
  const parts = work.flatMap(({ experiment, params }) =>
    inOptions(experiment, () => experiment.parts(params, models)),
  );
  const count = `${parts.length} part${parts.length === 1 ? '' : 's'}`;
  terminal.note(`${count} with ${base.name}, ${(base.parameters / 1e6).toFixed(1)} M parameters`);
  const progress = new WorkProgress(parts);

  for (const { experiment, params } of work) {
    let alone: Work = { experiment, params };
    for await (const event of runExperiment(experiment, params, context, { store, digest: book.digest })) {
      const ran = progress.asked;
      progress.hear(event);
      switch (event.type) {
        case 'part-start':
          alone = { experiment: event.experiment, params: event.params };
          break;
        case 'step': {
          const { label, index, count } = event;
          terminal.status(
            `${progress.bar()}  ${experiment.id} · ${label} · ${index + 1}/${count}  ${progress.rate.toFixed(1)} steps/s  ${progress.left}`,
          );
          break;
        }
        case 'figure':
          yield { ...alone, figure: event.figure };
          break;
        case 'warning':
          terminal.note(`warning: ${event.message}`);
          break;
        case 'part-end': {
          const pace = ran ? `${progress.rate.toFixed(1)} steps/s, ${progress.left}` : '';
          const percent = `${String(Math.floor(progress.fraction * 100)).padStart(3)} %`;
          terminal.passed(
            [percent, experiment.id, event.key, event.reused ? '(kept from before)' : pace]
              .filter(Boolean)
              .join('  '),
          );
        }
      }
    }
  }
}

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
