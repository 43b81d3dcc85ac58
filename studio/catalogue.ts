import type { ExperimentInfo } from '../src/server/api-types.ts';
import { backend, type Catalogue, RefusedError } from './backend.ts';
import { connection } from './live.ts';
import { createStore, useStore } from './store.ts';

export type Loading =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: Error }
  | { readonly state: 'ready'; readonly catalogue: Catalogue };

const ASK_AGAIN_MS = 1000;

export const loading = createStore<Loading>({ state: 'loading' });

export async function loadCatalogue(): Promise<void> {
  try {
    loading.set({ state: 'ready', catalogue: await backend.catalogue() });
  } catch (error) {
    loading.set({ state: 'failed', error: error as Error });
    // The checkpoint is still being opened.
    if (error instanceof RefusedError && error.problem.status === 503)
      setTimeout(loadCatalogue, ASK_AGAIN_MS);
  }
}

// Nobody answered when the tab opened, and now somebody does.
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
