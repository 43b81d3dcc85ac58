import { z } from 'zod';
import { RecipeError } from '../errors.ts';
import type { Experiment } from '../experiments/experiment.ts';
import type { FieldMeta } from '../experiments/params.ts';

/** A field of an experiment as an option of the command: made from its schema, never written down twice. */
export interface Field {
  readonly name: string;
  /** Without the dashes. */
  readonly option: string;
  readonly type: 'number' | 'string' | 'boolean';
  readonly list: boolean;
  readonly default: unknown;
  readonly description: string;
}

interface JsonSchema {
  type?: string;
  items?: JsonSchema;
  enum?: unknown[];
  default?: unknown;
  description?: string;
  minimum?: number;
  maximum?: number;
}

export function fieldsOf(experiment: Experiment): Field[] {
  return Object.entries(experiment.params.shape).map(([name, type]) => {
    const schema = z.toJSONSchema(type as z.ZodType, { io: 'input' }) as JsonSchema & FieldMeta;
    const list = schema.type === 'array';
    const value = list ? (schema.items ?? {}) : schema;
    const kind =
      value.type === 'integer' || value.type === 'number'
        ? 'number'
        : value.type === 'boolean'
          ? 'boolean'
          : 'string';
    const range =
      value.minimum !== undefined && value.maximum !== undefined && value.maximum < 1e6
        ? `, ${value.minimum} to ${value.maximum}`
        : '';
    const choices = value.enum ? ` (${value.enum.join(', ')})` : '';
    return {
      name,
      option: schema.cli ?? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      type: kind,
      list,
      default: schema.default,
      description: `${schema.description ?? ''}${choices}${schema.description?.includes(' to ') ? '' : range}`,
    };
  });
}

/** `--count 5`, `--t 250,500`, `--prompt "…" --prompt "…"`, `--no-upscale`. */
export function flagsOf({ option, type, list }: Field): string {
  if (type === 'boolean') return `--no-${option}`;
  const value = type === 'number' ? 'number' : 'text';
  return list ? `--${option} <${value}${type === 'number' ? 's' : ''}>` : `--${option} <${value}>`;
}

/** What was typed for a field, added to what was typed for it before. */
export function readValue(field: Field, text: string, before: unknown): unknown {
  const read = (part: string): unknown => {
    if (field.type !== 'number') return part;
    const value = Number(part);
    if (part.trim() === '' || !Number.isFinite(value))
      throw new RecipeError(field.option, `expected a number, got "${part}"`);
    return value;
  };
  if (!field.list) return read(text);
  const earlier = Array.isArray(before) ? before : [];
  return [...earlier, ...(field.type === 'number' ? text.split(',') : [text]).map(read)];
}

/** Words after the command fill the positional fields in order; a last one that is a list takes all that are left. */
export function readWords(experiment: Experiment, words: readonly string[]): Record<string, unknown> {
  const fields = new Map(fieldsOf(experiment).map((field) => [field.name, field]));
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
