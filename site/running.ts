import { RecentWalks } from '../src/experiments/branching.ts';
import {
  type Experiment,
  type ExperimentEvent,
  parseParams,
  pictureBook,
  runExperiment,
} from '../src/experiments/index.ts';
import type { Models } from '../src/models/model.ts';
import type { Asked } from './address.ts';
import { origins } from './file.ts';
import { modelsWithoutNetwork } from './models.ts';
import { carriedBytes } from './own-picture.ts';
import { noting, type Taken } from './taken.ts';

/** Pictures by name, and those that a reference carries. */
export const book = pictureBook({ read: carriedBytes });

export type Happening =
  | { readonly type: 'taken'; readonly taken: Taken }
  | Extract<ExperimentEvent, { type: 'figure' | 'warning' }>;

/** The steps of the last runs, exact: a branch of one begins at once. */
const recent = new RecentWalks(64e6);
const keeping = { recent, walkBytes: 0, keep: async () => undefined };

/** Runs a figure: the one picture that its parameters ask for, or a branch of another, whose steps then come first. */
export async function* run(
  experiment: Experiment,
  { params, from = [] }: Asked,
  opened: Models,
  signal: AbortSignal,
): AsyncGenerator<Happening> {
  const { models, taken } = noting(opened);
  const context = { ...models, signal, picture: book.picture, mask: book.mask };
  const forks = await Promise.all(
    from.map(async (fork) => ({ ...fork, params: await single(experiment, fork.params) })),
  );
  const alone = await single(experiment, params);
  const options = { from: forks, keeping, store: origins, digest: book.digest };
  for await (const event of runExperiment(experiment, alone, context, options)) {
    signal.throwIfAborted();
    if (event.type === 'step') yield { type: 'taken', taken: taken(event) };
    else if (event.type === 'figure' || event.type === 'warning') yield event;
  }
}

/** The parameters that leave the first part alone: one figure, not a whole section. */
export async function single(
  experiment: Experiment,
  params: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const parsed = parseParams(experiment, params);
  const [first] = experiment.parts(parsed, await modelsWithoutNetwork());
  return { ...parsed, ...first?.alone };
}

/** What such a figure does not let one choose: it is what it is when a part stands alone. */
export async function fixedBy(experiment: Experiment): Promise<Set<string>> {
  const usual = parseParams(experiment, {});
  const [first] = experiment.parts(usual, await modelsWithoutNetwork());
  const differs = ([name, value]: [string, unknown]) => !Array.isArray(value) && value !== usual[name];
  return new Set(
    Object.entries(first?.alone ?? {})
      .filter(differs)
      .map(([name]) => name),
  );
}

/** How often a figure asks a network; what is wrong with its parameters is said when it runs. */
export async function callsOf(
  experiment: Experiment,
  params: Readonly<Record<string, unknown>>,
): Promise<number> {
  try {
    const parts = experiment.parts(await single(experiment, params), await modelsWithoutNetwork());
    return parts.reduce((sum, { calls }) => sum + calls.base + (calls.upscaler ?? 0), 0);
  } catch {
    return Number.NaN;
  }
}
