import * as z from 'zod';
import { type Experiment, experimentText } from '../experiments/experiment.ts';
import { fieldsSchema } from '../experiments/field.ts';
import { recipeSchema, storedObjectSchema } from '../jobs/schemas.ts';

/** What the server says and hears beside jobs and their events: checks, types (`api-types.ts`) and `openapi.json` come from here. */

const named = <T extends z.ZodType>(id: string, schema: T): T => schema.meta({ id }) as T;

export const faultsSchema = z.array(z.object({ path: z.string(), message: z.string() })).readonly();

export const problemSchema = named(
  'Problem',
  z
    .object({
      type: z.string().describe('urn:campanile:error:<code>'),
      title: z.string(),
      status: z.int(),
      detail: z.string().describe('what was expected, what was found'),
      code: z.string(),
      hint: z.string().optional().describe('what to do'),
      errors: faultsSchema.optional().describe('one entry for each parameter that was refused'),
      error: z
        .object({ message: z.string(), type: z.string(), param: z.string().nullable(), code: z.string() })
        .optional()
        .describe('the same, where OpenAI’s clients look for it'),
    })
    .describe('RFC 9457, application/problem+json: every answer from 400 upwards'),
);

/** What a route may answer instead, in the form that its clients know. */
export function refusals(schema: z.ZodType, type = 'application/json') {
  const content: Readonly<Record<string, { readonly schema: z.ZodType }>> = { [type]: { schema } };
  return { '4XX': { description: 'refused', content }, '5XX': { description: 'not possible now', content } };
}

/** What any route of our own may answer instead. */
export const problems = refusals(problemSchema, 'application/problem+json');

export const uploadSchema = named(
  'Upload',
  storedObjectSchema.extend({
    reference: z.string().describe('what to write into a parameter of kind picture or mask: object:<sha256>'),
    bytes: z.int(),
    name: z.string().optional().describe('what its file was called, or what a figure shows'),
    recipe: recipeSchema
      .optional()
      .describe('the one inside the file, if campanile made it; not checked and never run by itself'),
  }),
);

export const importedRecipeSchema = named(
  'ImportedRecipe',
  z.object({
    recipe: recipeSchema,
    problems: faultsSchema.describe(
      'what stands in the way of running it here; empty: it can be sent to /v1/jobs as it is',
    ),
  }),
);

export const experimentSchema = named(
  'Experiment',
  experimentText.extend({
    section: z
      .int()
      .positive()
      .optional()
      .describe('its number on the page; absent: it is run beside the page'),
    schema: fieldsSchema,
  }),
);

const jobRequestShape = (experiment: z.ZodType<string>, params: z.ZodType<Record<string, unknown>>) =>
  z.strictObject({
    experiment,
    params,
    from: recipeSchema.shape.from,
    checkpoint: z.string().max(200).optional(),
    precision: recipeSchema.shape.precision,
    force: z
      .boolean()
      .optional()
      .describe('run again even though the recipe is known; with an Idempotency-Key, once for that key'),
  });

/** The body of POST /v1/jobs: one shape for each experiment, made from its parameters. */
export function jobRequestSchema(experiments: readonly Experiment[]) {
  const [first, ...rest] = experiments.map(({ id, params }) =>
    jobRequestShape(z.literal(id), params.prefault({})),
  );
  return z.discriminatedUnion('experiment', [first!, ...rest]);
}
/** The body of POST /v1/jobs. */
export type JobRequest = z.input<ReturnType<typeof jobRequestShape>>;

/** Frames of an event stream that belong to no job and carry no `id`. */
export const streamEventSchema = z.object({
  type: z
    .enum(['heartbeat', 'shutdown'])
    .describe('every 15 seconds, so that a dead connection is noticed; the server is going'),
  at: z.iso.datetime(),
});
