import type { ExperimentInfo } from '../src/server/api-types.ts';
import { completed, type Params } from './schema.ts';
import { rememberedStore, useStore } from './store.ts';

/** What stands in each experiment's form, kept over a reload. */
const drafts = rememberedStore<Readonly<Record<string, Params>>>('campanile.drafts', {});

export const draftOf = (experiment: ExperimentInfo): Params =>
  completed(experiment, drafts.get()[experiment.id] ?? {});

export const setDraft = (experiment: string, params: Params): void =>
  drafts.set((all) => ({ ...all, [experiment]: params }));

export const useDraft = (experiment: ExperimentInfo): Params =>
  completed(experiment, useStore(drafts)[experiment.id] ?? {});

/** The job last shown beside each form. */
export const lastJobs = rememberedStore<Readonly<Record<string, string>>>('campanile.jobs', {});
