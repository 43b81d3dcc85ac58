import * as z from 'zod';
import type { Experiment } from './experiment.ts';

/** A parameter as JSON Schema, with what `.meta` says of it: forms, the command's options and the shims are made from this. */
export const fieldSchema = z
  .looseObject({
    type: z.string().optional(),
    kind: z
      .enum(['prompt', 'picture', 'mask', 'seed', 'timestep', 'iStart', 'view', 'course', 'enlarge'])
      .optional()
      .describe('how it is asked for; absent: as an ordinary value, after type and enum'),
    expert: z.boolean().optional().describe('for those who know what they do: a form folds it away'),
    pairs: z
      .string()
      .optional()
      .describe('the list that this one has an item for each of: a form lets them grow and shrink together'),
    grows: z.boolean().optional().describe('a count: asking for more makes only what is new'),
    together: z.boolean().optional().describe('of a list: its items make one picture, not one each'),
    unless: z
      .record(z.string(), z.array(z.unknown()).readonly())
      .optional()
      .describe(
        'values of other parameters with which this one does nothing: it is refused then, and a form does not ask for it',
      ),
    oneForAll: z.boolean().optional().describe('of a list that pairs: one item may stand for all'),
    levels: z
      .array(z.number())
      .readonly()
      .optional()
      .describe('of kind iStart: the timestep at which a run with i steps skipped begins, for i = 0, 1, …'),
    strides: z
      .boolean()
      .optional()
      .describe('the run goes down by so many levels at a step, from that of kind iStart on'),
    cli: z
      .string()
      .optional()
      .describe('name of the command’s option where it is not the field’s own: a list repeats a singular'),
    description: z.string().optional(),
    default: z.unknown().optional(),
    enum: z
      .array(z.union([z.string(), z.number()]))
      .readonly()
      .optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    exclusiveMinimum: z.number().optional(),
    exclusiveMaximum: z.number().optional(),
    multipleOf: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    pattern: z.string().optional(),
    minItems: z.number().optional(),
    maxItems: z.number().optional(),
    get items(): z.ZodOptional<typeof fieldSchema> {
      return fieldSchema.optional();
    },
  })
  .meta({ id: 'Parameter' });

/** A parameter as JSON Schema. */
export type Field = Readonly<z.output<typeof fieldSchema>>;

/** Values of other parameters with which one does nothing. */
export type Unless = NonNullable<Field['unless']>;

/** A parameter that does nothing with these values of others, either. */
export function uselessWith<Type extends z.ZodType>(type: Type, values: Unless): Type {
  const said = type.meta() as { unless?: Unless } | undefined;
  return type.meta({ ...said, unless: { ...said?.unless, ...values } });
}

/** Parameters that all do nothing with these values of others. */
export const uselessAllWith = <Types extends Readonly<Record<string, z.ZodType>>>(
  types: Types,
  values: Unless,
): Types =>
  Object.fromEntries(Object.entries(types).map(([name, type]) => [name, uselessWith(type, values)])) as Types;

/** Whether its values refer to pictures or masks. */
export const holdsPicture = ({ kind }: Field): boolean => kind === 'picture' || kind === 'mask';

/** The parameters of an experiment, in the order in which to show them. */
export const fieldsSchema = z
  .looseObject({
    type: z.literal('object'),
    properties: z.record(z.string(), fieldSchema),
    required: z.array(z.string()).readonly().optional(),
  })
  .meta({ id: 'Parameters' });

/** The parameters of an experiment as JSON Schema. */
export type Fields = Readonly<z.output<typeof fieldsSchema>>;

const known = new WeakMap<Experiment, Fields>();

/** The parameters of an experiment as JSON Schema (2020-12). */
export function fieldsOf(experiment: Experiment): Fields {
  const fields =
    known.get(experiment) ?? fieldsSchema.parse(z.toJSONSchema(experiment.params, { io: 'input' }));
  known.set(experiment, fields);
  return fields;
}

/** A list of nothing but empty texts says as much as an empty one. */
const told = (value: unknown): string =>
  JSON.stringify(Array.isArray(value) && value.every((item) => item === '') ? [] : value);

/** A parameter that does nothing with the others as they are. */
export interface Useless {
  readonly name: string;
  /** The parameter that keeps it from doing anything, and its value. */
  readonly because: string;
  readonly value: unknown;
  /** Its own value where nobody gives one. */
  readonly usual: unknown;
}

/** Why a parameter does nothing with the others as they are; undefined: it does. */
export function uselessBy(
  properties: Fields['properties'],
  name: string,
  params: Readonly<Record<string, unknown>>,
): Useless | undefined {
  const [because] =
    Object.entries(properties[name]?.unless ?? {}).find(([other, values]) =>
      values.some((value) => told(value) === told(params[other])),
    ) ?? [];
  return because === undefined
    ? undefined
    : { name, because, value: params[because], usual: properties[name]!.default };
}

/** The parameters that were given and do nothing with the others as they are. */
export const uselessGiven = ({ properties }: Fields, params: Readonly<Record<string, unknown>>): Useless[] =>
  Object.entries(properties).flatMap(([name, field]) =>
    told(params[name]) === told(field.default) ? [] : (uselessBy(properties, name, params) ?? []),
  );

/** A parameter and its value in words. */
export const withValue = (name: string, value: unknown): string =>
  `${name} ${value === '' || (Array.isArray(value) && value.length === 0) ? 'left out' : String(value)}`;

/** What is said of it. */
export const uselessInWords = ({ because, value }: Useless, given = withValue): string =>
  `it does nothing with ${given(because, value)}`;

/** Parameters of which those that do nothing are as if they had not been given. */
export const withoutUseless = (
  fields: Fields,
  params: Readonly<Record<string, unknown>>,
): Record<string, unknown> => ({
  ...params,
  ...Object.fromEntries(uselessGiven(fields, params).map(({ name, usual }) => [name, usual])),
});
