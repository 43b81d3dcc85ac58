import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { infoOf, type ServerContext } from '../context.ts';
import type { Metrics } from '../metrics.ts';
import { problems } from '../schemas.ts';

const ok = z.object({ status: z.literal('ok') });

export const healthRoutes =
  (context: ServerContext, metrics: Metrics): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/healthz',
      { schema: { summary: 'The process lives', tags: ['health'], response: { 200: ok } } },
      async () => ({ status: 'ok' as const }),
    );

    app.get(
      '/readyz',
      {
        schema: {
          summary: 'Checkpoint and queue answer',
          tags: ['health'],
          response: { 200: ok, ...problems },
        },
      },
      async () => {
        infoOf(context);
        await context.queue.ping();
        return { status: 'ok' as const };
      },
    );

    app.get(
      '/metrics',
      {
        schema: {
          summary: 'Prometheus',
          tags: ['health'],
          response: {
            200: { description: 'metrics', content: { 'text/plain': { schema: z.string() } } },
            ...problems,
          },
        },
      },
      async (_, reply) => reply.type('text/plain; version=0.0.4').send(await metrics.text(context)),
    );
  };
