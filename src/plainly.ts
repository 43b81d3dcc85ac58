import type { z } from 'zod';

const kinds: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
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
    case 'invalid_value': {
      const values = issue.values.map(String);
      return `expected ${values.length > 1 ? 'one of ' : ''}${values.join(', ')}, got ${shown(input)}`;
    }
    default:
      return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  }
}

function found(input: unknown): string {
  if (Array.isArray(input)) return ` values, got ${input.length}`;
  if (typeof input === 'string') return ` characters, got ${input.length}`;
  return `, got ${shown(input)}`;
}

/** Numbers that are none have no JSON, and neither has what is not there. */
const shown = (input: unknown): string =>
  typeof input === 'number' ? String(input) : (JSON.stringify(input) ?? 'nothing').slice(0, 100);
