import type * as z from 'zod';
import { NumericError } from '../errors.ts';
import { findNonFinite } from '../tensor/tensor.ts';
import type { Fork } from './branch.ts';
import { Branching, draws, onlyDrawn } from './branching.ts';
import type { Experiment, ExperimentEvent, Figure, RunContext } from './experiment.ts';
import { fieldsOf, withoutUseless } from './field.ts';
import { drawnWith, type PartRecipe, parseParams, type RunRecipe, recipeHash } from './recipe.ts';
import type { TracePoint } from './trace.ts';
import { type Keeping, WatchedPart } from './watched-part.ts';

/** How a figure came to be: what makes its part alone, and the steps up to it. */
export interface Origin extends RunRecipe {
  readonly trace: readonly TracePoint[];
}

/** Where finished parts are kept between runs. */
export interface FigureStore {
  /** The figures of a finished part, or undefined when it has to be run. */
  get(hash: string): Promise<readonly Figure[] | undefined>;
  /** Keeps one figure of a part as soon as it is made. */
  put(hash: string, recipe: PartRecipe, figure: Figure, origin: Origin): Promise<void>;
  /** Says that a part has no more figures than these. */
  complete(hash: string, recipe: PartRecipe, figures: readonly Figure[]): Promise<void>;
}

/** What a run may use beside its parameters. */
export interface RunOptions {
  readonly store?: FigureStore | undefined;
  /** sha256 of a picture's content; without it the reference stands for the content. */
  readonly digest?: ((reference: string) => Promise<string>) | undefined;
  /** The run is a branch: where it leaves which runs. */
  readonly from?: readonly Fork[] | undefined;
  /** Keeps the steps of walks for whoever wants to look at them, or branch from them. */
  readonly keeping?: Keeping | undefined;
}

/**
 * Runs an experiment part by part, reusing what the store has. Figures are yielded in the order of the page.
 *
 * @param params  as a user gives them: checked, and filled up with the defaults
 * @throws {RecipeError} when a parameter is wrong; nothing has run then
 */
export async function* runExperiment(
  experiment: Experiment,
  params: unknown,
  context: RunContext,
  options: RunOptions = {},
): AsyncGenerator<ExperimentEvent> {
  const { store, digest = async (reference) => reference, from = [], keeping } = options;
  const parsed = parseParams(experiment, params);
  for (const prompt of promptsOf(experiment, parsed)) {
    const { warning } = context.base.tokens(prompt);
    if (warning) yield { type: 'warning', message: warning };
  }
  const parts = experiment.parts(parsed, context);
  const branching = new Branching(experiment, from, context, digest, keeping?.recent);
  if (from.length > 0) onlyDrawn(experiment, parts);
  const shown: Figure[] = [];
  for (const [index, planned] of parts.entries()) {
    context.signal?.throwIfAborted();
    const chosen = planned.chosen ? planned.chosen(shown) : planned;
    const part = chosen ?? planned;
    const { key, calls, alone, borrowed } = part;
    const owner = borrowed?.from ?? experiment;
    const params = borrowed?.params ?? withoutUseless(fieldsOf(experiment), { ...parsed, ...alone });
    yield { type: 'part-start', key, index, count: parts.length, calls, experiment: owner, params };
    if (!chosen) {
      const message = planned.missing?.(shown);
      if (message) yield { type: 'warning', message };
      yield { type: 'part-end', key, reused: true };
      continue;
    }
    const forks = draws(part) ? from : [];
    const again = {
      experiment: owner.id,
      params,
      ...(from.length > 0 && { from }),
      ...drawnWith(context),
    };
    const recipe = await branching.recipe(owner, part, forks.length);
    const hash = await recipeHash(recipe);
    const kept = await store?.get(hash);
    for (const figure of kept ?? []) {
      shown.push(figure);
      yield { type: 'figure', figure };
    }
    if (!kept) {
      const made: Figure[] = [];
      const watched = new WatchedPart(
        hash,
        context.clock ?? (() => performance.now()),
        keeping,
        forks.length > 0 ? await forkOf(branching, from) : undefined,
      );
      const walks = keeping || forks.length > 0 ? await branching.walks(forks.length) : undefined;
      for await (const event of part.run({ ...context, walks })) {
        if (event.type !== 'figure') {
          if (event.type === 'step') watched.hear(event);
          yield event;
          continue;
        }
        if (findNonFinite(event.figure.image) >= 0)
          throw new NumericError('not-finite', `${part.key}: the picture has values that are not finite`);
        const figure = await watched.finished(event.figure);
        made.push(figure);
        shown.push(figure);
        await store?.put(hash, recipe, figure, { ...again, trace: watched.trace });
        yield { type: 'figure', figure };
      }
      if (walks) keeping?.recent.set(hash, walks.taken);
      await store?.complete(hash, recipe, made);
    }
    yield { type: 'part-end', key: part.key, reused: kept !== undefined };
  }
}

const forkOf = async (branching: Branching, from: readonly Fork[]) => {
  const { walk: left, step } = from.at(-1)!;
  return { before: await branching.before, left, step };
};

/**
 * The prompts an experiment will show its models, each once: the values of all fields that are prompts. The empty prompt,
 * which guidance adds, is not among them.
 */
export function promptsOf(experiment: Experiment, params: Record<string, unknown>): string[] {
  const fields = Object.entries(experiment.params.shape as Record<string, z.ZodType>);
  const names = fields.filter(([, type]) => type.meta()?.['kind'] === 'prompt').map(([name]) => name);
  return [...new Set(names.flatMap((name) => params[name] as string | string[]))];
}
