import { expect, test } from 'vitest';
import { gaussianModel as base } from '../../test/gaussian-model.ts';
import type { Experiment } from './experiment.ts';
import { type Field, fieldsOf } from './field.ts';
import { everyExperiment } from './index.ts';
import { canonicalJson, parseParams } from './recipe.ts';

const chosen = [
  { prompts: ['a lithograph of a skull'], views: ['identity'], near: ['a lithograph of waterfalls'] },
  { prompts: ['a dog', 'a skull'], views: ['identity', 'flip'] },
];
const upscaler = { ...base, conditioned: () => base.estimator, sampleSize: 64 };

/** Another value that the field takes. */
function another({ type, enum: values, default: usual, minimum, maximum, items, kind }: Field): unknown {
  if (kind === 'picture') return usual === 'meadow' ? 'beach' : 'meadow';
  if (kind === 'mask') return usual === 'beach-centre' ? 'meadow-centre' : 'beach-centre';
  if (kind === 'view') return usual === 'flip' ? 'mirror' : 'flip';
  if (values) return values.find((value) => value !== usual);
  if (type === 'boolean') return !usual;
  if (type === 'number' || type === 'integer') {
    const next = Number(usual) + (type === 'integer' ? 2 : 0.25);
    return maximum === undefined || next <= maximum ? next : Number(minimum);
  }
  if (type === 'array') {
    const list = usual as unknown[];
    return list.length > 0 ? [...list.slice(0, -1), another({ ...items, default: list.at(-1) })] : undefined;
  }
  return `${usual} too`;
}

/** What a run with these values depends on, or why it is refused. */
function outcome(experiment: Experiment, params: object): string {
  try {
    const parts = experiment.parts(parseParams(experiment, params), { base: { ...base, chosen }, upscaler });
    return canonicalJson(parts.map(({ key, inputs, pictures, calls }) => ({ key, inputs, pictures, calls })));
  } catch (error) {
    return String(error);
  }
}

/** Modes: values of a parameter that may leave others without an effect. */
const modesOf = (experiment: Experiment): Record<string, unknown>[] =>
  Object.entries(fieldsOf(experiment).properties).flatMap(([name, field]) => {
    const { default: usual, enum: values = [], type } = field;
    const others = type === 'boolean' ? [!usual] : values.filter((value) => value !== usual);
    return others.map((value) => ({ [name]: value }));
  });

/** What suits a mode: a prompt for each part, a pair that comes with a chosen picture, enlarging; and few pictures. */
function suiting(
  { id, params }: Experiment,
  { factorization, chosen, upscalePreset }: Record<string, unknown>,
): object {
  if (upscalePreset !== undefined)
    return { upscale: true, ...('seeds' in params.shape && { seeds: 1, keep: 1 }) };
  if (chosen !== undefined)
    return id === 'anagram'
      ? { prompts: ['a dog'], hidden: ['a skull'] }
      : { far: ['a lithograph of a skull'], near: ['a lithograph of waterfalls'] };
  const three = ['triple', 'colour_hybrid', undefined].includes(factorization as string | undefined);
  if (id === 'factorize') return three ? {} : { prompts: ['a', 'b'] };
  const near = { near: three ? ['c', 'd'] : ['c'] };
  return {
    ...('seeds' in params.shape && { seeds: 1, keep: 1 }),
    ...(factorization !== undefined && 'near' in params.shape && near),
  };
}

// What a picture does not depend on: whether a view that fails may be drawn with.
const silent = new Set(['force']);

test.each(everyExperiment.map((experiment) => [experiment.id, experiment] as const))(
  '%s: whatever is given changes what is drawn, or is refused',
  (_, experiment) => {
    const { properties } = fieldsOf(experiment);
    for (const mode of [{}, ...modesOf(experiment)] as Record<string, unknown>[]) {
      if (Object.keys(mode).some((name) => silent.has(name))) continue;
      const given = { ...suiting(experiment, mode), ...mode };
      const before = outcome(experiment, given);
      expect(before, JSON.stringify(given)).not.toContain('Error');
      for (const [name, field] of Object.entries(properties)) {
        const value = another(field);
        if (name in given || value === undefined || silent.has(name)) continue;
        expect(outcome(experiment, { ...given, [name]: value }), `${JSON.stringify(given)} ${name}`).not.toBe(
          before,
        );
      }
    }
  },
);
