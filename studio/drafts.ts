import type { ExperimentInfo } from '../src/server/api-types.ts';
import { completed, isList, kindOf, type Params } from './schema.ts';
import { rememberedStore, useStore } from './store.ts';

/** What stands in each experiment's form, kept over a reload. */
const drafts = rememberedStore<Readonly<Record<string, Params>>>('campanile.drafts', {});

export const draftOf = (experiment: ExperimentInfo): Params =>
  completed(experiment, drafts.get()[experiment.id] ?? {});

export const setDraft = (experiment: string, params: Params): void =>
  drafts.set((all) => ({ ...all, [experiment]: params }));

export const useDraft = (experiment: ExperimentInfo): Params =>
  completed(experiment, useStore(drafts)[experiment.id] ?? {});

/** Puts a picture into the form's first picture field. */
export function putPicture(experiment: ExperimentInfo, reference: string): void {
  const field = Object.entries(experiment.schema.properties).find(([, one]) => kindOf(one) === 'picture');
  if (!field) return;
  const [name] = field;
  setDraft(experiment.id, {
    ...draftOf(experiment),
    [name]: isList(field[1]) ? [reference] : reference,
  });
}

/** The job last shown beside each form. */
export const lastJobs = rememberedStore<Readonly<Record<string, string>>>('campanile.jobs', {});
