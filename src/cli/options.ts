import { type Command, Option as Flag } from 'commander';
import { RecipeError } from '../errors.ts';
import type { Fork } from '../experiments/branch.ts';
import { typedCourses } from '../experiments/course.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { type Field, fieldsOf, withValue } from '../experiments/field.ts';

/** A field of an experiment as an option of the command: made from its schema, never written down twice. */
export interface Option {
  readonly name: string;
  /** Without the dashes. */
  readonly option: string;
  readonly type: 'number' | 'string' | 'boolean' | 'course';
  readonly list: boolean;
  readonly default: unknown;
  readonly description: string;
}

/** Where a description says the range itself. */
const RANGE = /\d(?: \([^)]*\))? to \d/;

export function optionsOf(experiment: Experiment): Option[] {
  return Object.entries(fieldsOf(experiment).properties).map(([name, schema]) => {
    const list = schema.type === 'array';
    const value = list ? (schema.items ?? {}) : schema;
    const { minimum, exclusiveMinimum, maximum = 1e6 } = value;
    const least = minimum ?? (exclusiveMinimum === undefined ? undefined : `more than ${exclusiveMinimum}`);
    const range = least !== undefined && maximum < 1e6 ? `, ${least} to ${maximum}` : '';
    const choices = value.enum ? ` (${value.enum.join(', ')})` : '';
    return {
      name,
      option: schema.cli ?? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      type: typeOf(value),
      list,
      default: schema.default,
      description: `${schema.description ?? ''}${choices}${RANGE.test(schema.description ?? '') ? '' : range}`,
    };
  });
}

function typeOf({ kind, type }: Field): Option['type'] {
  if (kind === 'course') return kind;
  if (type === 'integer' || type === 'number') return 'number';
  return type === 'boolean' ? type : 'string';
}

/** What a user types for a parameter: `--i-start` for iStarts. */
export const optionOf = (experiment: Experiment, name: string): string =>
  `--${optionsOf(experiment).find((field) => field.name === name)?.option ?? name}`;

/** What a user types to give it this value: `--setting course`, `--no-upscale`. */
export function givenAs(experiment: Experiment, name: string, value: unknown): string {
  const field = optionsOf(experiment).find((option) => option.name === name);
  if (field?.type !== 'boolean') return withValue(optionOf(experiment, name), value);
  return value === field.default ? `${flagsOf(field)} left out` : flagsOf(field);
}

/** `--count 5`, `--t 250,500`, `--prompt "…" --prompt "…"`, `--no-upscale`, `--fast`. */
function flagsOf({ option, type, list, default: usual }: Option): string {
  if (type === 'boolean') return usual ? `--no-${option}` : `--${option}`;
  const value = type === 'string' ? 'text' : 'number';
  return list ? `--${option} <${value}${type === 'string' ? '' : 's'}>` : `--${option} <${value}>`;
}

/**
 * The line of the command that makes `params`: words for what comes first, options for what is not the default.
 *
 * @param from  of a branch: the runs that it left, and where
 */
export function commandOf(
  experiment: Experiment,
  params: Readonly<Record<string, unknown>>,
  from: readonly Fork[] = [],
): string {
  const fields = optionsOf(experiment);
  const differs = ({ name, default: usual }: Option) =>
    params[name] !== undefined && JSON.stringify(params[name]) !== JSON.stringify(usual);
  const positional = (experiment.positional ?? []).map(
    (name) => fields.find((field) => field.name === name)!,
  );
  const asWords = positional.slice(0, positional.findLastIndex(differs) + 1);
  // A list may take several words only where nothing comes after it.
  const fits = asWords.every(
    (field, i) => !field.list || i === positional.length - 1 || values(params, field).length === 1,
  );
  const words = fits ? asWords : [];
  const options = fields.filter((field) => differs(field) && !words.includes(field));
  return [
    'campanile',
    experiment.id,
    ...words.flatMap((field) => values(params, field).map(quoted)),
    ...options.flatMap((field) => written(field, values(params, field))),
    ...(from.length > 0 ? ['--from', quoted(JSON.stringify(from))] : []),
  ].join(' ');
}

const values = (params: Readonly<Record<string, unknown>>, { name }: Option): string[] =>
  [params[name]].flat().map(String);

function written(field: Option, values: readonly string[]): string[] {
  const { option, type, list } = field;
  if (type === 'boolean') return [flagsOf(field)];
  if (list && type !== 'string') return [`--${option} ${values.join(',')}`];
  // With "=", a value that begins with a hyphen is not taken for an option.
  return values.map((value) =>
    value.startsWith('-') ? `--${option}=${quoted(value)}` : `--${option} ${quoted(value)}`,
  );
}

/** A word as a shell reads it back: in double quotes where it has to be, as people write prompts. */
export const quoted = (word: string): string =>
  /^[\w./:=,@%+][\w./:=,@%+-]*$/.test(word) ? word : `"${word.replace(/[\\"$`]/g, '\\$&')}"`;

/** What was typed for a field, added to what was typed for it before. */
function readValue(field: Option, text: string, before: unknown): unknown {
  const read = (part: string): unknown => {
    if (field.type !== 'number') return part;
    const value = Number(part);
    if (part.trim() === '' || !Number.isFinite(value))
      throw new RecipeError(`--${field.option}`, `expected a number, got "${part}"`);
    return value;
  };
  if (!field.list) return read(text);
  const earlier = Array.isArray(before) ? before : [];
  if (field.type === 'course') return [...earlier, ...typedCourses(text)];
  return [...earlier, ...(field.type === 'number' ? text.split(',') : [text]).map(read)];
}

/** Gives a command the words and options of an experiment. */
export function declareFields(command: Command, experiment: Experiment): Command {
  const words = (experiment.positional ?? []).map((name) => name.replace(/s$/, '')).join(', then ');
  command.argument('[words...]', words ? `${words}; the document's values without` : '');
  for (const field of optionsOf(experiment)) {
    const shown = field.default === undefined ? undefined : JSON.stringify(field.default);
    const text =
      shown && shown.length < 40 && field.type !== 'boolean'
        ? `${field.description} [${shown}]`
        : field.description;
    if (field.type === 'boolean') {
      // The other way is there for branches, which take over what the run before was given. Before `--no-`, so that neither is a default.
      const flags = [`--${field.option}`, `--no-${field.option}`] as const;
      for (const flag of flags) {
        const says = new Flag(flag, field.default ? `do not ${field.description}` : field.description);
        command.addOption(flag === flagsOf(field) ? says : says.hideHelp());
      }
    } else
      command.option(flagsOf(field), text, (value: string, before: unknown) =>
        readValue(field, value, before),
      );
  }
  return command;
}

/** The parameters that were typed, out of the words and options of a command with `declareFields`. */
export function typedParams(
  experiment: Experiment,
  words: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const params = readWords(experiment, words);
  for (const { name, option } of optionsOf(experiment)) {
    const value = options[camel(option)];
    if (value === undefined) continue;
    if (name in params)
      throw new RecipeError(
        `--${option}`,
        `"${words[0]}" was given for it too, as a word`,
        'give it once: as words after the command, or with the option',
      );
    params[name] = value;
  }
  return params;
}

const camel = (option: string): string =>
  option.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** Words after the command fill the positional fields in order; a last one that is a list takes all that are left. */
function readWords(experiment: Experiment, words: readonly string[]): Record<string, unknown> {
  const fields = new Map(optionsOf(experiment).map((field) => [field.name, field]));
  const params: Record<string, unknown> = {};
  const positional = experiment.positional ?? [];
  let rest = words;
  for (const [i, name] of positional.entries()) {
    if (rest.length === 0) break;
    const field = fields.get(name)!;
    const taken = field.list && i === positional.length - 1 ? rest : rest.slice(0, 1);
    for (const word of taken) params[name] = readValue(field, word, params[name]);
    rest = rest.slice(taken.length);
  }
  if (rest.length > 0) {
    const takes = positional.length > 0 ? positional.join(', ') : 'no words';
    throw new RecipeError(
      '',
      `"${rest[0]}" is one word too many: ${experiment.id} takes ${takes}`,
      'put a prompt of several words in quotes',
    );
  }
  return params;
}
