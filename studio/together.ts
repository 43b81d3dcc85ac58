import { withoutUseless } from '../src/experiments/field.ts';
import type { ExperimentInfo } from '../src/server/api-types.ts';
import { newItem, type Params } from './schema.ts';

/**
 * A change of one field. Lists that belong together (each prompt has its hidden one) stay together: what is added to one or
 * removed from it is added and removed in the others that are as long.
 */
export function changed(experiment: ExperimentInfo, params: Params, name: string, value: unknown): Params {
  // What does nothing from now on is not asked for any more, and not sent.
  return withoutUseless(experiment.schema, grown(experiment, params, name, value));
}

function grown(
  { schema }: ExperimentInfo,
  params: Params,
  name: string,
  value: unknown,
): Record<string, unknown> {
  const next: Record<string, unknown> = { ...params, [name]: value };
  const before = params[name];
  if (!Array.isArray(before) || !Array.isArray(value) || before.length === value.length) return next;
  const { properties } = schema;
  const root = properties[name]?.pairs ?? name;
  for (const [other, field] of Object.entries(properties)) {
    const list = params[other];
    if (other === name || (field.pairs ?? other) !== root || !Array.isArray(list)) continue;
    // One for all stays one for all.
    if (list.length !== before.length || (before.length === 1 && field.oneForAll)) continue;
    next[other] =
      value.length < before.length
        ? list.filter((_, i) => i !== removedAt(before, value))
        : [...list, newItem(field, list)];
  }
  return next;
}

const removedAt = (before: readonly unknown[], after: readonly unknown[]): number => {
  const at = before.findIndex((item, i) => item !== after[i]);
  return at < 0 ? before.length - 1 : at;
};
