import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { canonicalJson } from '../../experiments/recipe.ts';
import type { Job } from '../../jobs/job.ts';
import { jobSchema, jobStateSchema, sha256Schema } from '../../jobs/schemas.ts';
import { sha256Sync } from '../../platform/node/hash.ts';
import { acceptedRecipe, enqueue, type ServerContext } from '../context.ts';
import { RefusedError } from '../problem.ts';
import { jobRequestSchema, problems } from '../schemas.ts';

export const idParams = z.object({ id: sha256Schema });

export const unknownJob = (id: string) =>
  new RefusedError(404, 'job', `there is no job ${id.slice(0, 64)}`, { hint: 'GET /v1/jobs lists them' });

export const jobRoutes =
  (context: ServerContext): FastifyPluginAsyncZod =>
  async (app) => {
    const { queue } = context;

    /** @throws {RefusedError} 422 when the key was used for another job */
    const checkKey = async (key: string, asked: unknown): Promise<void> => {
      const digest = sha256Sync(canonicalJson(asked));
      if ((await queue.tie(key, digest)) === digest) return;
      throw new RefusedError(
        422,
        'idempotency-key',
        'this Idempotency-Key was sent with another body before',
        { hint: 'use a new key for a new job' },
      );
    };

    app.post(
      '/v1/jobs',
      {
        schema: {
          summary: 'Run a recipe',
          tags: ['jobs'],
          headers: z.object({ 'idempotency-key': z.string().min(1).max(255).optional() }),
          body: jobRequestSchema(context.experiments),
          response: { 202: jobSchema, 200: jobSchema, ...problems },
        },
      },
      async (request, reply) => {
        const key = request.headers['idempotency-key'];
        const { force = false, ...asked } = request.body;
        const recipe = await acceptedRecipe(context, asked);
        if (key !== undefined) await checkKey(key, { recipe, force });
        const nonce = force ? (key ?? randomUUID()) : undefined;
        const { job, created } = await enqueue(context, recipe, nonce);
        context.waiters.keep(job.id);
        return reply
          .code(created ? 202 : 200)
          .header('location', `${context.prefix}/v1/jobs/${job.id}`)
          .send(job);
      },
    );

    app.get(
      '/v1/jobs',
      {
        schema: {
          summary: 'Jobs, newest first',
          tags: ['jobs'],
          querystring: z.object({
            limit: z.coerce.number().int().min(1).max(200).default(50),
            before: z
              .string()
              .regex(/^\d{1,20}$/, 'expected the "next" of a page')
              .optional(),
            state: jobStateSchema.optional(),
            experiment: z.string().max(100).optional(),
            starred: z.stringbool().optional(),
          }),
          response: { 200: z.object({ jobs: z.array(jobSchema), next: z.string().optional() }), ...problems },
        },
      },
      async (request) => queue.list(request.query),
    );

    app.get(
      '/v1/jobs/:id',
      {
        schema: {
          summary: 'A job',
          tags: ['jobs'],
          params: idParams,
          response: { 200: jobSchema, ...problems },
        },
      },
      async ({ params: { id } }) => sent(await queue.get(id), id),
    );

    app.post(
      '/v1/jobs/:id/cancel',
      {
        schema: {
          summary: 'Cancel a job: at once if it waits, within a step if it runs',
          tags: ['jobs'],
          params: idParams,
          response: { 200: jobSchema, ...problems },
        },
      },
      async ({ params: { id } }) => sent(await queue.cancel(id), id),
    );
  };

export function sent(job: Job | undefined, id: string): Job {
  if (!job) throw unknownJob(id);
  return job;
}
