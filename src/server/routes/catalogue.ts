import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import type { Experiment } from '../../experiments/experiment.ts';
import { experiments } from '../../experiments/index.ts';
import type { ExperimentInfo } from '../api-types.ts';
import { infoOf, paramsSchema, type ServerContext } from '../context.ts';
import { experimentSchema, modelSchema, problems } from '../schemas.ts';

export function experimentInfo(experiment: Experiment): ExperimentInfo {
  const { id, title, text, formula, remark, example, serves } = experiment;
  const section = experiments.indexOf(experiment) + 1;
  return {
    id,
    title,
    ...(section > 0 ? { section } : {}),
    text,
    ...(formula ? { formula } : {}),
    ...(remark ? { remark } : {}),
    example,
    ...(serves ? { serves } : {}),
    schema: paramsSchema(experiment),
  };
}

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
      async () => ({ experiments: infos as unknown as z.output<typeof experimentSchema>[] }),
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
        return { object: 'list' as const, models: models as z.output<typeof modelSchema>[], data };
      },
    );
  };
