import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { jobSchema, marksSchema } from '../../jobs/schemas.ts';
import type { ServerContext } from '../context.ts';
import { problems } from '../schemas.ts';
import { idParams, sent, unknownJob } from './jobs.ts';

/** What becomes of jobs once they are made. */
export const historyRoutes =
  ({ queue }: ServerContext): FastifyPluginAsyncZod =>
  async (app) => {
    app.patch(
      '/v1/jobs/:id',
      {
        schema: {
          summary:
            'Give a job or its figures a title or a star, or put them away; an empty title and false take that back',
          tags: ['jobs'],
          params: idParams,
          body: marksSchema.strict(),
          response: { 200: jobSchema, ...problems },
        },
      },
      async ({ params: { id }, body }) => sent(await queue.mark(id, body), id),
    );

    app.delete(
      '/v1/jobs/:id',
      {
        schema: {
          summary: 'Forget a job that has ended',
          tags: ['jobs'],
          params: idParams,
          response: { 204: z.void().describe('forgotten'), ...problems },
        },
      },
      async ({ params: { id } }, reply) => {
        if (!(await queue.remove(id))) throw unknownJob(id);
        return reply.code(204).send();
      },
    );
  };
