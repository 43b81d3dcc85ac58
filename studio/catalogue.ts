import type { ExperimentInfo, ModelDescription, NamedPicture } from '../src/server/api-types.ts';
import { ApiError, api } from './api.ts';
import { connection } from './live.ts';
import { createStore, useStore } from './store.ts';

/** What the server offers: it does not change while it runs. */
export interface Catalogue {
  readonly experiments: readonly ExperimentInfo[];
  readonly models: readonly ModelDescription[];
  readonly pictures: readonly NamedPicture[];
}

export type Loading =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: Error }
  | { readonly state: 'ready'; readonly catalogue: Catalogue };

const ASK_AGAIN_MS = 1000;

export const loading = createStore<Loading>({ state: 'loading' });

export async function loadCatalogue(): Promise<void> {
  try {
    const [experiments, models, pictures] = await Promise.all([
      api.experiments(),
      api.models(),
      api.pictures(),
    ]);
    loading.set({ state: 'ready', catalogue: { experiments, models, pictures } });
  } catch (error) {
    loading.set({ state: 'failed', error: error as Error });
    // The checkpoint is still being opened.
    if (error instanceof ApiError && error.problem.status === 503) setTimeout(loadCatalogue, ASK_AGAIN_MS);
  }
}

// The server was away when the tab opened, and is there now.
connection.subscribe(() => {
  if (connection.get() === 'live' && loading.get().state === 'failed') void loadCatalogue();
});

const empty: Catalogue = { experiments: [], models: [], pictures: [] };

export const useCatalogue = (): Catalogue => {
  const now = useStore(loading);
  return now.state === 'ready' ? now.catalogue : empty;
};

export const experimentNamed = (id: string | undefined): ExperimentInfo | undefined => {
  const now = loading.get();
  return now.state === 'ready'
    ? now.catalogue.experiments.find((experiment) => experiment.id === id)
    : undefined;
};
