import type * as z from 'zod';

const kinds: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** What a schema expected and what it found, in words. Numbers and texts are shown where `reportInput` was set. */
export function plainly(issue: z.core.$ZodIssue): string {
  const { input } = issue;
  switch (issue.code) {
    case 'too_small':
      return `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${found(input)}`;
    case 'too_big':
      return `expected ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${found(input)}`;
    case 'invalid_type':
      return `expected ${kinds[issue.expected] ?? issue.expected}, got ${shown(input)}`;
    case 'invalid_value':
      return `expected ${oneOf(issue.values)}, got ${shown(input)}`;
    case 'not_multiple_of':
      return `expected a multiple of ${issue.divisor}, got ${shown(input)}`;
    case 'unrecognized_keys':
      return `there is no field ${issue.keys.map((key) => shown(key)).join(', ')}`;
    case 'invalid_union': {
      const alternatives = new Set(issue.errors.map(([first]) => plainly(first!)));
      if (alternatives.size > 0) return [...alternatives].join(', or ');
      const { discriminator, options } = issue as { discriminator?: string; options?: unknown[] };
      if (discriminator === undefined || !options) return lowered(issue.message);
      return `expected ${oneOf(options)}, got ${shown((input as Record<string, unknown>)[discriminator])}`;
    }
    default:
      return lowered(issue.message);
  }
}

const oneOf = (values: readonly unknown[]): string =>
  `${values.length > 1 ? 'one of ' : ''}${values.map(String).join(', ')}`;

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function found(input: unknown): string {
  if (Array.isArray(input)) return ` values, got ${input.length}`;
  if (typeof input === 'string') return ` characters, got ${input.length}`;
  return `, got ${shown(input)}`;
}

/** Numbers that are none have no JSON, and neither has what is not there or is nested deeper than anyone would. */
function shown(input: unknown): string {
  if (Number.isNaN(input)) return 'something that is no number';
  if (typeof input === 'number') return String(input);
  try {
    return (JSON.stringify(input) ?? 'nothing').slice(0, 100);
  } catch {
    return 'something nested too deeply';
  }
}
