import type { ExperimentInfo, ParamSchema } from '../src/server/api-types.ts';
import { backend } from './backend.ts';
import { learn } from './runs.ts';
import { clamped, isList, isNumber, kindOf, type Params } from './schema.ts';
import { createStore, rememberedStore } from './store.ts';

export interface Axis {
  readonly name: string;
  readonly values: readonly unknown[];
}

/** Jobs for every pair of two parameters' values; `jobs[y][x]`. */
export interface Grid {
  readonly experiment: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly jobs: readonly (readonly string[])[];
}

export const grid = rememberedStore<Grid | undefined>('campanile.grid', undefined);

/** Where a sweep begins when it is asked for beside a field. */
export const sweepOf = createStore<{ readonly experiment: string; readonly name: string } | undefined>(
  undefined,
);

export const MOST_JOBS = 64;

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
  if (isNumber(item)) return words.map(Number).filter(Number.isFinite);
  if (item.type === 'boolean') return words.map((word) => word === 'true');
  return words;
}

/** Sends the jobs; a recipe that is known already costs nothing. */
export async function runGrid(experiment: ExperimentInfo, params: Params, x: Axis, y: Axis): Promise<void> {
  const put = ({ name }: Axis, value: unknown) => ({
    [name]: isList(experiment.schema.properties[name]!) ? [value] : value,
  });
  const jobs: string[][] = [];
  for (const yValue of y.values) {
    const row: string[] = [];
    for (const xValue of x.values) {
      const { job } = await backend.submit({
        experiment: experiment.id,
        params: { ...params, ...put(x, xValue), ...put(y, yValue) },
      });
      learn(job);
      row.push(job.id);
    }
    jobs.push(row);
  }
  grid.set({ experiment: experiment.id, x, y, jobs });
}
