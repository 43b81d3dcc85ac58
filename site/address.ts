import type { Fork } from '../src/experiments/branch.ts';

/**
 * What a live figure shows, in the page's address: `#sdedit?iStarts=[7]&seed=3`. Values are JSON; what has its default is left
 * out. The same link opens the same figure with the same values, and runs only when asked.
 */
export interface Place extends Asked {
  readonly id: string;
}

/** What a figure is asked to run: parameters and, of a branch, where it leaves which runs. */
export interface Asked {
  readonly params: Readonly<Record<string, unknown>>;
  readonly from?: readonly Fork[] | undefined;
}

/** Its parameters, and those of the runs that it leaves, each made others. */
function eachMade({ params, from }: Asked, make: (params: Asked['params']) => Asked['params']): Asked {
  return {
    params: make(params),
    ...(from && { from: from.map((fork) => ({ ...fork, params: make(fork.params) })) }),
  };
}

/** What a link leaves out filled in, from what the figure begins with. */
export const filled = (asked: Asked, start: Asked['params']): Asked =>
  eachMade(asked, (params) => ({ ...start, ...params }));

/** What a link has to carry. */
export const altered = (asked: Asked, start: Asked['params']): Asked =>
  eachMade(asked, (params) =>
    Object.fromEntries(
      Object.entries(params).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(start[name])),
    ),
  );

/** No parameter has such a name. */
const FROM = '@from';

export function placeOf(hash: string): Place {
  const [id = '', query = ''] = hash.replace(/^#/, '').split('?');
  const params: Record<string, unknown> = {};
  for (const [name, text] of new URLSearchParams(query)) params[name] = readValue(text);
  const { [FROM]: from, ...rest } = params;
  return { id: decodeURIComponent(id), params: rest, ...(areForks(from) && { from }) };
}

/** JSON, or what a hand has written: the schema will say what is wrong with it. */
export function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const areForks = (value: unknown): value is readonly Fork[] => Array.isArray(value) && value.every(isFork);

const isFork = (value: unknown): value is Fork =>
  typeof value === 'object' &&
  value !== null &&
  'params' in value &&
  typeof value.params === 'object' &&
  value.params !== null &&
  'walk' in value &&
  'step' in value &&
  [value.walk, value.step].every((number) => Number.isInteger(number) && Number(number) >= 0);

export function hashOf({ id, params, from }: Place): string {
  const all = { ...params, ...(from && { [FROM]: from }) };
  const query = new URLSearchParams(
    Object.entries(all).map(([name, value]) => [name, JSON.stringify(value)]),
  );
  return `#${id}${query.size > 0 ? `?${query}` : ''}`;
}
