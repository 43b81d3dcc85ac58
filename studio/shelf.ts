import { rememberedStore } from './store.ts';

/** What the reader thinks of jobs and of their figures; the key is a job's id, or "job figure". */
export interface Opinion {
  readonly star?: boolean;
  /** Put away: not shown unless asked for. */
  readonly away?: boolean;
  readonly name?: string;
}

export const opinions = rememberedStore<Readonly<Record<string, Opinion>>>('campanile.opinions', {});

export const opinionOf = (all: Readonly<Record<string, Opinion>>, key: string): Opinion => all[key] ?? {};

export const opine = (key: string, change: Opinion): void =>
  opinions.set((all) => {
    const { star, away, name } = { ...all[key], ...change };
    const { [key]: _, ...others } = all;
    const kept = { ...(star ? { star } : {}), ...(away ? { away } : {}), ...(name ? { name } : {}) };
    return Object.keys(kept).length > 0 ? { ...others, [key]: kept } : others;
  });

export const figureKey = (job: string, figure: string): string => `${job} ${figure}`;
