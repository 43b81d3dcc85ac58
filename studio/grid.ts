import { isFinal } from '../src/jobs/job.ts';
import type { ExperimentInfo, Job, ParamSchema } from '../src/server/api-types.ts';
import { duration } from '../src/words.ts';
import { backend } from './backend.ts';
import { learn } from './runs.ts';
import { clamped, isList, isNumber, kindOf, type Params } from './schema.ts';
import { createStore, rememberedStore } from './store.ts';

export interface Axis {
  readonly name: string;
  readonly values: readonly unknown[];
}

/** Jobs for every value of one parameter, or every pair of two parameters' values; `jobs[y][x]`, as far as they were sent. */
export interface Grid {
  readonly experiment: string;
  readonly x: Axis;
  readonly y?: Axis | undefined;
  readonly jobs: readonly (readonly string[])[];
}

export const grid = rememberedStore<Grid | undefined>('campanile.grid', undefined);

/** Where a sweep begins when it is asked for beside a field. */
export const sweepOf = createStore<{ readonly experiment: string; readonly name: string } | undefined>(
  undefined,
);

export const MOST_JOBS = 64;
/** In the place of a job that was not taken. */
export const REFUSED = '';

/** What can stand on an axis: everything but pictures. A list takes one value at a time, so one that needs several cannot. */
export const axisFields = ({ schema }: ExperimentInfo): readonly (readonly [string, ParamSchema])[] =>
  Object.entries(schema.properties).filter(
    ([, field]) => !['picture', 'mask'].includes(kindOf(field) ?? '') && !field.together,
  );

const itemOf = (field: ParamSchema): ParamSchema => (isList(field) ? (field.items ?? {}) : field);

/** What an axis begins with, one value to a line. */
export function suggested(field: ParamSchema, now: unknown): string {
  const item = itemOf(field);
  if (item.enum) return item.enum.join('\n');
  if (item.type === 'boolean') return 'false\ntrue';
  if (Array.isArray(now)) return now.join('\n');
  if (kindOf(field) === 'seed') return [0, 1, 2].map((by) => Number(now) + by).join('\n');
  return isNumber(item) ? [1, 2, 3].map((by) => clamped(item, Number(now) * by)).join('\n') : String(now);
}

/** One value to a line; numbers may also stand behind commas. */
export function valuesOf(field: ParamSchema, text: string): readonly unknown[] {
  const item = itemOf(field);
  const words = text
    .split(isNumber(item) ? /[\s,]+/ : /\n/)
    .map((word) => word.trim())
    .filter((word, i, all) => word !== '' && all.indexOf(word) === i);
  if (isNumber(item)) return words.filter(isNumeral).map(Number);
  if (item.type === 'boolean') return words.map((word) => word === 'true');
  return words;
}

const isNumeral = (word: string): boolean => Number.isFinite(Number(word));

/** What stands among numbers and is none. */
export const noNumbersIn = (field: ParamSchema, text: string): readonly string[] =>
  isNumber(itemOf(field)) ? text.split(/[\s,]+/).filter((word) => word !== '' && !isNumeral(word)) : [];

/** Sends the jobs, and shows them as they go. A recipe that is known already costs nothing, so one that was broken off goes on. */
export async function runGrid(
  experiment: ExperimentInfo,
  params: Params,
  x: Axis,
  y: Axis | undefined,
): Promise<void> {
  const put = ({ name }: Axis, value: unknown) => ({
    [name]: isList(experiment.schema.properties[name]!) ? [value] : value,
  });
  const rows = y ? y.values.map((value) => put(y, value)) : [{}];
  const jobs: string[][] = rows.map(() => []);
  const refused: Error[] = [];
  for (const [i, row] of rows.entries())
    for (const value of x.values) {
      const sent = await backend
        .submit({ experiment: experiment.id, params: { ...params, ...put(x, value), ...row } })
        .catch((error: Error) => error);
      if (sent instanceof Error) refused.push(sent);
      else learn(sent.job);
      // What was refused keeps its place, and the others go on.
      jobs[i]!.push(sent instanceof Error ? REFUSED : sent.job.id);
      grid.set({ experiment: experiment.id, x, y, jobs: jobs.map((one) => [...one]) });
    }
  if (refused[0])
    throw new Error(`${refused.length} of ${jobs.flat().length} refused: ${refused[0].message}`);
}

/** "3 of 8 jobs done, about 40 s left": by the time that those took which are done. */
export function howFar(jobs: readonly Job[]): string {
  const count = (state: Job['state']) => jobs.filter((job) => job.state === state).length;
  const [done, failed, cancelled] = [count('done'), count('failed'), count('cancelled')];
  const took = jobs.flatMap(({ state, startedAt, finishedAt }) =>
    state === 'done' && startedAt && finishedAt
      ? [(Date.parse(finishedAt) - Date.parse(startedAt)) / 1000]
      : [],
  );
  const share = ({ progress: { fraction = 0 } }: Job) => fraction;
  const open = jobs.filter(({ state }) => !isFinal(state)).reduce((sum, job) => sum + 1 - share(job), 0);
  const left = (took.reduce((sum, seconds) => sum + seconds, 0) / took.length) * open;
  return [
    `${done} of ${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'} done`,
    failed > 0 && `${failed} failed`,
    cancelled > 0 && `${cancelled} cancelled`,
    open > 0 && took.length > 0 && `about ${duration(Math.max(1, Math.round(left)))} left`,
  ]
    .filter(Boolean)
    .join(', ');
}
