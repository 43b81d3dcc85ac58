import { readFile } from 'node:fs/promises';
import { RecipeError } from '../errors.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { fieldsOf } from '../experiments/field.ts';
import { viewInFile } from '../experiments/view-file.ts';
import { optionOf } from './options.ts';

/**
 * Parameters as they were typed, with what is in a view's file in the place of its name: a recipe needs no file.
 *
 * @throws {RecipeError} naming the option, when a file is not there or holds no list of places
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

/**
 * `flip + mine.json` → `flip + [1,0,3,2]`
 *
 * @param option  under which it was typed
 */
export async function withLists(text: string, option: string): Promise<string> {
  const read = text.split(/([,+])/).map(async (part) => {
    const file = part.trim();
    if (!/\.(json|png)$/i.test(file)) return part;
    const list = await listIn(file, option);
    return part.replace(file, () => list);
  });
  return (await Promise.all(read)).join('');
}

async function listIn(file: string, option: string): Promise<string> {
  const bytes = await readFile(file).catch(() => {
    throw new RecipeError(option, `the view ${file} cannot be read`, 'check the path');
  });
  try {
    return await viewInFile(bytes, file);
  } catch (error) {
    if (!(error instanceof RecipeError)) throw error;
    throw new RecipeError(option, error.message.slice(`${error.path}: `.length), error.hint);
  }
}
