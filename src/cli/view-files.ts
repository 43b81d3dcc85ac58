import { readFile } from 'node:fs/promises';
import { RecipeError } from '../errors.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { fieldsOf } from '../experiments/field.ts';
import { optionOf } from './options.ts';

/**
 * Parameters as they were typed, with what is in a view's file in the place of its name: a recipe needs no file.
 *
 * @throws {RecipeError} naming the option, when a file is not there or is no list in JSON
 */
export async function withViewFiles(
  experiment: Experiment,
  typed: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const read = Object.entries(fieldsOf(experiment).properties)
    .filter(([name, { kind }]) => kind === 'view' && typed[name] !== undefined)
    .map(async ([name]): Promise<[string, unknown]> => {
      const given = typed[name];
      const written = (text: unknown) => withLists(String(text), optionOf(experiment, name));
      return [name, Array.isArray(given) ? await Promise.all(given.map(written)) : await written(given)];
    });
  return { ...typed, ...Object.fromEntries(await Promise.all(read)) };
}

/** `flip + mine.json` → `flip + [1,0,3,2]` */
async function withLists(text: string, option: string): Promise<string> {
  const parts = text.split(/(\s*[,+]\s*)/);
  const read = parts.map((part) => (/\.json$/i.test(part) ? listIn(part, option) : part));
  return (await Promise.all(read)).join('');
}

async function listIn(file: string, option: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new RecipeError(option, `the view ${file} cannot be read`, 'check the path');
  });
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    list = undefined;
  }
  if (!Array.isArray(list))
    throw new RecipeError(
      option,
      `${file} is no list of places`,
      'it holds, row by row, the index of the pixel that is shown at each place, as [1,0,3,2]',
    );
  return JSON.stringify(list);
}
