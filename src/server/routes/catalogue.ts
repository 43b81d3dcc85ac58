import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { modelSchema } from '../../jobs/schemas.ts';
import { infoOf, type ServerContext } from '../context.ts';
import { experimentInfo } from '../experiment-info.ts';
import { experimentSchema, problems } from '../schemas.ts';

export const catalogueRoutes =
  (context: ServerContext): FastifyPluginAsyncZod =>
  async (app) => {
    const infos = context.experiments.map(experimentInfo);

    app.get(
      '/v1/experiments',
      {
        schema: {
          summary: 'The experiments, with the schemas of their parameters',
          tags: ['catalogue'],
          response: { 200: z.object({ experiments: z.array(experimentSchema) }), ...problems },
        },
      },
      async () => ({ experiments: infos }),
    );

    app.get(
      '/v1/models',
      {
        schema: {
          summary: 'The stages of the checkpoint that is open',
          tags: ['catalogue'],
          response: {
            200: z.object({
              object: z.literal('list'),
              models: z.array(modelSchema),
              data: z.array(z.unknown()),
            }),
            ...problems,
          },
        },
      },
      async () => {
        const { models } = infoOf(context);
        // "data" is where clients of OpenAI's API look.
        const data = models.map(({ name }) => ({
          id: name,
          object: 'model',
          created: 0,
          owned_by: 'campanile',
        }));
        return { object: 'list' as const, models: [...models], data };
      },
    );
  };
