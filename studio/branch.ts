import { type Fork, forksOf } from '../src/experiments/branch.ts';
import type { ExperimentInfo, FigureInfo } from '../src/server/api-types.ts';
import { backend } from './backend.ts';
import { setDraft } from './drafts.ts';
import { completed } from './schema.ts';
import { rememberedStore, useStore } from './store.ts';

/** Where the next run of each experiment's form begins, if not at the beginning. */
const branches = rememberedStore<Readonly<Record<string, readonly Fork[]>>>('campanile.branches', {});

export const useBranch = (experiment: ExperimentInfo): readonly Fork[] | undefined =>
  useStore(branches)[experiment.id];

/** @param from  nothing: the next run is one from the beginning again */
export const setBranch = (experiment: string, from: readonly Fork[] | undefined): void =>
  branches.set(({ [experiment]: _, ...others }) =>
    from?.length ? { ...others, [experiment]: from } : others,
  );

/** The form is to go on from a step of a figure: with the values that made that figure alone, which its picture carries. */
export async function branchAt(experiment: ExperimentInfo, figure: FigureInfo, step: number): Promise<void> {
  const { recipe } = await backend.recipeIn(await (await fetch(figure.url)).blob());
  setDraft(experiment.id, completed(experiment, recipe.params));
  setBranch(experiment.id, forksOf(recipe, { walk: figure.walk!.index, step }));
}
