import { useSyncExternalStore } from 'react';

/**
 * Where the reader is, as the address says it:
 *
 *     #/                          the start
 *     #/x/<experiment>            a form
 *     #/x/<experiment>/<job>      a form beside a job
 *     #/history, #/grid, #/page, #/compare/<job>/<job>
 *     #r=<base64url>              a recipe, see recipe.ts
 */
export type Route =
  | { readonly page: 'start' }
  | { readonly page: 'unknown'; readonly hash: string }
  | { readonly page: 'experiment'; readonly experiment: string; readonly job: string | undefined }
  | { readonly page: 'history' }
  | { readonly page: 'grid' }
  | { readonly page: 'page' }
  | { readonly page: 'compare'; readonly jobs: readonly string[] }
  | { readonly page: 'recipe'; readonly packed: string };

export function parseRoute(hash: string): Route {
  if (hash.startsWith('#r=')) return { page: 'recipe', packed: hash.slice(3) };
  const [page, ...rest] = hash.replace(/^#\/?/, '').split('/').map(decoded);
  if (page === 'history' || page === 'grid' || page === 'page') return { page };
  if (page === 'compare') return { page, jobs: rest };
  if (page === 'x' && rest[0]) return { page: 'experiment', experiment: rest[0], job: rest[1] };
  return page === '' || page === undefined ? { page: 'start' } : { page: 'unknown', hash };
}

/** As it stands, where it is no address that anybody encoded. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const linkTo = {
  start: () => '#/',
  experiment: (experiment: string, job?: string) =>
    `#/x/${encodeURIComponent(experiment)}${job ? `/${job}` : ''}`,
  history: () => '#/history',
  grid: () => '#/grid',
  ownPage: () => '#/page',
  compare: (...jobs: string[]) => `#/compare/${jobs.join('/')}`,
};

export const go = (hash: string): void => {
  location.hash = hash;
};
/** As `go`, without a step to come back to. */
export const replaceWith = (hash: string): void => location.replace(hash);

const subscribe = (listener: () => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

export const useRoute = (): Route => parseRoute(useSyncExternalStore(subscribe, () => location.hash));
