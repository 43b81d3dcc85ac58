import type { Command } from 'commander';
import { RecipeError } from '../errors.ts';
import { type Fork, forksOf } from '../experiments/branch.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { fieldsOf, uselessGiven } from '../experiments/field.ts';
import { forksSchema } from '../experiments/recipe.ts';
import { plainly } from '../plainly.ts';
import { wholeNumber } from './commands/common.ts';
import { readWithRecipe } from './recipe-file.ts';

/** Where a command takes up the way of another picture. */
export interface BranchOptions {
  readonly from?: string;
  readonly fromStep?: number;
  readonly fromWalk?: number;
}

export const branchFlags = (command: Command): Command =>
  command
    .option(
      '--from <picture|json>',
      'go on from a step of a picture that campanile made, with its values where none are given; or "from" of a recipe, as JSON',
    )
    .option('--from-step <number>', 'how many of its steps are taken as they were', wholeNumber)
    .option('--from-walk <number>', 'which of its walks is left: 1 is stage I, 2 stage II [1]', wholeNumber);

/** The forks of a branch, and the values it begins with. */
export interface Branch {
  readonly from?: readonly Fork[];
  readonly params: Readonly<Record<string, unknown>>;
}

/** @throws {RecipeError} when what was typed is no branch; {PictureError} when there is no such picture */
export async function branchOf(experiment: Experiment, options: BranchOptions): Promise<Branch> {
  const { from, fromStep: step, fromWalk = 1 } = options;
  if (from === undefined) {
    if (step === undefined && options.fromWalk === undefined) return { params: {} };
    throw new RecipeError('--from-step', 'a step of which picture is not said', 'name it with --from');
  }
  if (from.trimStart().startsWith('[')) {
    const forks = forksOfJson(from);
    return { from: forks, params: forks.at(-1)!.params };
  }
  if (step === undefined)
    throw new RecipeError('--from', 'the step to go on from was expected too', 'give --from-step');
  const { claim: recipe } = await readWithRecipe(from);
  if (recipe.experiment !== experiment.id)
    throw new RecipeError(
      '--from',
      `expected a picture of "${experiment.id}", ${from} was made by "${recipe.experiment}"`,
      `campanile ${recipe.experiment} --from ${from} …`,
    );
  return { from: forksOf(recipe, { walk: fromWalk - 1, step }), params: recipe.params };
}

/** What was typed, and what a branch takes over from the run before where that still does something. */
export function takenOver(
  experiment: Experiment,
  before: Readonly<Record<string, unknown>>,
  typed: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const fields = fieldsOf(experiment);
  const usual = Object.fromEntries(
    Object.entries(fields.properties).map(([name, field]) => [name, field.default]),
  );
  const idle = uselessGiven(fields, { ...usual, ...before, ...typed }).map(({ name }) => name);
  const useful = Object.entries(before).filter(([name]) => name in typed || !idle.includes(name));
  return { ...Object.fromEntries(useful), ...typed };
}

function forksOfJson(text: string): readonly Fork[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RecipeError('--from', 'the text in brackets is not JSON', 'copy "from" of the recipe whole');
  }
  const forks = forksSchema.safeParse(value, { reportInput: true });
  if (forks.success) return forks.data;
  const issue = forks.error.issues[0]!;
  throw new RecipeError(['--from', ...issue.path].join('.'), plainly(issue));
}
