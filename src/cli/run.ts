import { join } from 'node:path';
import type { Experiment, Figure, RunContext } from '../experiments/experiment.ts';
import type { PictureBook } from '../experiments/pictures.ts';
import { parseParams } from '../experiments/recipe.ts';
import { promptsOf, runExperiment } from '../experiments/runner.ts';
import type { OpenModels } from '../models/embedded.ts';
import type { FolderStore } from './folder-store.ts';
import { Progress, type Terminal } from './terminal.ts';

export interface Work {
  readonly experiment: Experiment;
  readonly params: Record<string, unknown>;
}

export interface RunOptions {
  readonly models: OpenModels;
  readonly book: PictureBook;
  readonly store: FolderStore;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Runs experiments one after the other, with progress; gives each figure as it is made or found, and what makes it alone. */
export async function* runAll(
  work: readonly Work[],
  { models, book, store, terminal, signal }: RunOptions,
): AsyncGenerator<{ experiment: Experiment; params: Readonly<Record<string, unknown>>; figure: Figure }> {
  const context: RunContext = {
    base: models.base,
    upscaler: models.upscaler,
    signal,
    picture: book.picture,
    mask: book.mask,
  };
  // A prompt that the file of embeddings has not got is said now, not hours later when its turn comes.
  for (const { experiment, params } of work)
    for (const prompt of promptsOf(experiment, parseParams(experiment, params))) models.base.tokens(prompt);
  const parts = work.flatMap(({ experiment, params }) =>
    experiment.parts(parseParams(experiment, params), models),
  );
  const sum = (pick: (calls: (typeof parts)[number]['calls']) => number) =>
    parts.reduce((total, part) => total + pick(part.calls), 0);
  const { name, parameters } = models.base;
  terminal.note(`${parts.length} parts with ${name}, ${(parameters / 1e6).toFixed(1)} M parameters`);
  const progress = new Progress({ base: sum((c) => c.base), upscaler: sum((c) => c.upscaler ?? 0) });

  for (const { experiment, params } of work) {
    let alone: Readonly<Record<string, unknown>> = params;
    let calls: { base: number; upscaler?: number } = { base: 0 };
    let counted = { base: 0, upscaler: 0 };
    let labels: string[] = [];
    let since = performance.now();
    for await (const event of runExperiment(experiment, params, context, { store, digest: book.digest })) {
      if (event.type === 'part-start') {
        alone = event.params;
        calls = event.calls;
        counted = { base: 0, upscaler: 0 };
        labels = [];
        since = performance.now();
      } else if (event.type === 'step') {
        if (!labels.includes(event.label)) labels.push(event.label);
        // A part walks stage I first, then stage II. The event comes after the network's answer for its step.
        const stage = labels.length > 1 && calls.upscaler ? 'upscaler' : 'base';
        const all = stage === 'base' ? calls.base : calls.upscaler!;
        const made = Math.round((all * (event.index + 1)) / event.count) - counted[stage];
        counted[stage] += made;
        const now = performance.now();
        progress.add(stage, made, (now - since) / 1000);
        since = now;
        terminal.status(
          `${progress.bar()}  ${experiment.id} · ${event.label} · ${event.index + 1}/${event.count}  ${progress.rate.toFixed(1)} steps/s  ${progress.left}`,
        );
      } else if (event.type === 'warning') {
        terminal.note(`warning: ${event.message}`);
      } else if (event.type === 'part-end') {
        progress.add('base', calls.base - counted.base);
        progress.add('upscaler', (calls.upscaler ?? 0) - counted.upscaler);
        const rate =
          counted.base + counted.upscaler > 0 ? `${progress.rate.toFixed(1)} steps/s, ${progress.left}` : '';
        const line = [
          `${String(Math.floor(progress.fraction * 100)).padStart(3)} %`,
          experiment.id,
          event.key,
          event.reused ? '(kept from before)' : rate,
        ].filter(Boolean);
        if (process.stderr.isTTY) terminal.status(line.join('  '));
        else terminal.note(line.join('  '));
      } else {
        yield { experiment, params: alone, figure: event.figure };
      }
    }
  }
}

/** What a program gets to read about a figure. */
export function describe(
  experiment: Experiment,
  figure: Figure,
  store: FolderStore,
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
