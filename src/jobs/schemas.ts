import * as z from 'zod';
import { figureText } from '../experiments/experiment.ts';
import { forksSchema } from '../experiments/recipe.ts';

/**
 * What queue, worker, server and studio say about a job, as JSON. Each shape stands here alone: the types of `job.ts`, the
 * checks of the server and `openapi.json` are made from it.
 */

const named = <T extends z.ZodType>(id: string, schema: T): T => schema.meta({ id }) as T;
const listOf = <T extends z.ZodType>(item: T) => z.array(item).readonly();

export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits')
  .describe('sha256 in hex');

export const recipeSchema = named(
  'Recipe',
  z
    .object({
      experiment: z.string().describe('an experiment’s id'),
      params: z
        .record(z.string(), z.unknown())
        .describe('values for its parameters; what is left out takes its default'),
      from: forksSchema.optional(),
      checkpoint: z
        .string()
        .optional()
        .describe('fingerprint of the weights; the server fills it in, and refuses another than it has open'),
      precision: z
        .literal('half')
        .optional()
        .describe('said of half precision, which draws other pictures; filled in and refused likewise'),
    })
    .describe(
      'what a client asks for: with the same weights, the same recipe is on one machine the same picture, bit for bit',
    ),
);

export const modelSchema = named(
  'Model',
  z.object({
    stage: z.enum(['base', 'upscaler']),
    name: z.string(),
    fingerprint: z.string(),
    parameters: z.number().describe('number of weights'),
    sampleSize: z.int().describe('height and width of its pictures'),
    numTrainTimesteps: z.int(),
    alphaBar: listOf(z.number()).describe('ᾱ_t for t = 0 … numTrainTimesteps − 1; SNR(t) = ᾱ_t / (1 − ᾱ_t)'),
    subjects: listOf(z.object({ name: z.string(), prompt: z.string(), kind: z.string() }))
      .optional()
      .describe('what stage I says it has learned to draw'),
    together: listOf(z.object({ sides: listOf(z.string()), view: z.string() }))
      .optional()
      .describe(
        'pairs of prompts that went well in one picture, the second through the view; the best first',
      ),
  }),
);

export const storedObjectSchema = named(
  'StoredObject',
  z
    .object({
      object: sha256Schema,
      url: z.string().describe('where the server has it'),
      width: z.int(),
      height: z.int(),
    })
    .describe('a stored picture: a PNG that campanile wrote itself, named by its content'),
);

export const namedPictureSchema = named(
  'NamedPicture',
  storedObjectSchema.extend({
    reference: z.string().describe('what to write into a parameter: its name'),
    kind: z.enum(['picture', 'mask']),
  }),
);

export const figureSchema = named(
  'Figure',
  storedObjectSchema.extend(figureText.shape).describe('a figure of a run; its id is unique within the job'),
);

export const jobStateSchema = named(
  'JobState',
  z
    .enum(['queued', 'running', 'cancelling', 'done', 'failed', 'cancelled'])
    .describe('cancelling until the step under way has ended; the last three are final'),
);

export const jobErrorSchema = named(
  'JobError',
  z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    status: z
      .int()
      .optional()
      .describe('of HTTP: 422 when the recipe is at fault; absent: nobody asking can mend it'),
  }),
);

export const progressSchema = named(
  'Progress',
  z
    .object({
      done: z.number(),
      total: z.number(),
      fraction: z
        .number()
        .optional()
        .describe('of the work, 0 to 1: a call of stage II counts for what it takes'),
      secondsLeft: z.number().optional().describe('at the pace so far, once a network was asked'),
    })
    .describe('network calls made and to be made; total is 0 before the job has started'),
);

const flags = {
  starred: z.boolean().optional().describe('somebody wants it kept'),
  away: z.boolean().optional().describe('somebody has put it away: not shown unless asked for'),
};
export const marksSchema = z.object({
  title: z.string().max(200).optional().describe('what somebody calls it'),
  ...flags,
  figureMarks: z
    .record(z.string().max(2500), z.strictObject(flags))
    .refine((marks) => Object.keys(marks).length <= 1000, 'expected at most 1000 figures')
    .optional()
    .describe('the same of its figures, by their ids'),
});

const timeSchema = z.iso.datetime();

export const jobSchema = named(
  'Job',
  z.object({
    id: sha256Schema.describe('made from the recipe: an identical recipe is the same job'),
    recipe: recipeSchema,
    state: jobStateSchema,
    attempt: z.int().describe('how often a worker has begun it; 0 while it waits for the first time'),
    createdAt: timeSchema,
    startedAt: timeSchema.optional(),
    finishedAt: timeSchema.optional(),
    progress: progressSchema,
    figures: listOf(figureSchema).describe('the figures so far; all of them when done'),
    error: jobErrorSchema.optional(),
    ...marksSchema.shape,
  }),
);

export const stepEventSchema = z
  .object({
    type: z.literal('step'),
    stage: z.enum(['base', 'upscaler']).describe('stage I draws, stage II enlarges'),
    label: z.string().describe('which walk, for people: its steps have the same label'),
    index: z.int().describe('0 … count − 1'),
    count: z.int(),
    calls: z.number().describe('network calls of the whole walk'),
    t: z.number(),
    tNext: z.number().describe('−1 for the clean end'),
    batch: z.int().describe('pictures in the walk; x and x0 show them side by side, each square'),
    x: storedObjectSchema.describe('x_t, at most 64 pixels high'),
    x0: storedObjectSchema.describe('x̂₀'),
    progress: progressSchema,
  })
  .describe('before the step t → tNext is taken; at most ten a second, the last of a walk always');

const startedSchema = z.object({ type: z.literal('started'), progress: progressSchema });
const figureEventSchema = z.object({ type: z.literal('figure'), figure: figureSchema });
const warningSchema = z.object({ type: z.literal('warning'), message: z.string() });

/** What a run tells while it is under way. */
export const runningEventSchema = z.discriminatedUnion('type', [
  startedSchema,
  stepEventSchema,
  figureEventSchema,
  warningSchema,
]);

const doneSchema = z.object({
  type: z.literal('done'),
  figures: listOf(figureSchema),
  cached: z.boolean().describe('the result was known, nothing ran'),
  seconds: z.number(),
});
const failedSchema = z.object({ type: z.literal('failed'), error: jobErrorSchema });
const cancelledSchema = z.object({ type: z.literal('cancelled') });

/** How a job ends. */
export const outcomeSchema = z.discriminatedUnion('type', [doneSchema, failedSchema, cancelledSchema]);

const queuedSchema = z.object({
  type: z.literal('queued'),
  reason: z.string().optional().describe('why it waits again: a lost worker, a full disk, a restart'),
});

export const jobEventBodySchema = z.discriminatedUnion('type', [
  queuedSchema,
  ...runningEventSchema.options,
  ...outcomeSchema.options,
]);

const envelope = z.object({
  seq: z.int().describe('rises by at least 1 from event to event of a job'),
  job: sha256Schema,
  at: timeSchema,
  attempt: z.int().describe('which run of the job speaks; events of an overtaken run are not delivered'),
});

export const jobEventSchema = named('JobEvent', z.intersection(envelope, jobEventBodySchema));
