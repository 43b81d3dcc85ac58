import { createStore } from './store.ts';

/** What the jobs are waiting for, as long as it is not the work itself: a model that is fetched, or opened. */
export const waitedFor = createStore('');
