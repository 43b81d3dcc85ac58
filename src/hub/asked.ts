import type { HubSettings } from './settings.ts';

/** What a request to the hub is about: names that have been checked. */
export interface Asked {
  readonly settings: HubSettings;
  readonly repo: string;
  /** A branch or tag, or, once it is known, the commit. */
  readonly revision: string;
  readonly path?: string | undefined;
}

/** The hub's page of a model: the licence is shown and accepted there. */
export const licencePage = ({ settings, repo }: Asked): string => `${settings.endpoint}/${repo}`;

/** Where the hub hands out a file, by sending for it elsewhere if it is large. */
export const fileAddress = ({ settings, repo, revision }: Asked, path: string): string =>
  `${settings.endpoint}/${repo}/resolve/${revision}/${path.split('/').map(encodeURIComponent).join('/')}`;
