import * as z from 'zod';
import type { Experiment } from '../experiments/experiment.ts';
import type { Job } from '../jobs/job.ts';

/** The shapes of `api-types.ts` for OpenAPI and for checking what comes in. */

export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits')
  .describe('sha256 in hex');

const named = <T extends z.ZodType>(id: string, schema: T): T => schema.meta({ id }) as T;

const precisionSchema = z.literal('half').describe('said of half precision only');

export const recipeSchema = named(
  'Recipe',
  z.object({
    experiment: z.string(),
    params: z.record(z.string(), z.unknown()),
    checkpoint: z.string().optional(),
    precision: precisionSchema.optional(),
  }),
);

const stored = {
  object: sha256Schema,
  url: z.string(),
  width: z.int(),
  height: z.int(),
};
export const storedObjectSchema = named('StoredObject', z.object(stored));

export const figureSchema = named(
  'Figure',
  z.object({
    ...stored,
    id: z.string(),
    row: z.string(),
    column: z.string(),
    caption: z.string().optional(),
    t: z.number().optional(),
    seed: z.number().optional(),
    psnr: z.number().optional(),
    seconds: z.number().optional(),
    view: z.string().optional(),
    turnedCaption: z.string().optional(),
    farCaption: z.string().optional(),
  }),
);

export const jobStateSchema = z.enum(['queued', 'running', 'cancelling', 'done', 'failed', 'cancelled']);

const errorSchema = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });

export const jobSchema = named(
  'Job',
  z.object({
    id: sha256Schema,
    recipe: recipeSchema,
    state: jobStateSchema,
    attempt: z.int(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().optional(),
    finishedAt: z.iso.datetime().optional(),
    progress: z.object({ done: z.number(), total: z.number() }),
    figures: z.array(figureSchema),
    error: errorSchema.optional(),
  }) satisfies z.ZodType<Job>,
);

export const problemSchema = named(
  'Problem',
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    hint: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
);

/** What any route may answer instead. */
export const problems = {
  '4XX': { description: 'refused', content: { 'application/problem+json': { schema: problemSchema } } },
  '5XX': {
    description: 'not possible now',
    content: { 'application/problem+json': { schema: problemSchema } },
  },
};

export const uploadSchema = named(
  'Upload',
  z.object({ ...stored, reference: z.string(), bytes: z.int(), recipe: recipeSchema.optional() }),
);

export const namedPictureSchema = named(
  'NamedPicture',
  z.object({ ...stored, reference: z.string(), kind: z.enum(['picture', 'mask']) }),
);

export const modelSchema = named(
  'Model',
  z.object({
    stage: z.enum(['base', 'upscaler']),
    name: z.string(),
    fingerprint: z.string(),
    parameters: z.number(),
    sampleSize: z.int(),
    numTrainTimesteps: z.int(),
    alphaBar: z.array(z.number()),
  }),
);

export const experimentSchema = named(
  'Experiment',
  z.object({
    id: z.string(),
    title: z.string(),
    section: z.int().positive().describe('its number on the page').optional(),
    text: z.string(),
    formula: z.array(z.object({ tex: z.string(), plain: z.string() })).optional(),
    remark: z.string().optional(),
    example: z.string(),
    serves: z.enum(['text-to-image', 'image-to-image', 'inpainting']).optional(),
    schema: z.record(z.string(), z.unknown()).describe('JSON Schema of its parameters'),
  }),
);

/** The body of POST /v1/jobs: one shape for each experiment, made from its parameters. */
export function jobRequestSchema(experiments: readonly Experiment[]) {
  const shapes = experiments.map(({ id, params }) =>
    z.strictObject({
      experiment: z.literal(id),
      params: params.prefault({}),
      checkpoint: z.string().max(200).optional(),
      precision: precisionSchema.optional(),
      force: z.boolean().optional(),
    }),
  );
  const [first, ...rest] = shapes;
  return z.discriminatedUnion('experiment', [first!, ...rest]);
}
