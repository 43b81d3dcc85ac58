import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import type { JobEvent } from '../../jobs/job.ts';
import { jobEventSchema, sha256Schema } from '../../jobs/schemas.ts';
import type { ServerContext } from '../context.ts';
import { problems, streamEventSchema } from '../schemas.ts';
import type { Frame } from '../sse.ts';
import { unknownJob } from './jobs.ts';

const frameSchema = z.union([jobEventSchema, streamEventSchema]).describe('the data of each frame');
const stream = {
  200: { description: 'see docs/server.md', content: { 'text/event-stream': { schema: frameSchema } } },
  ...problems,
};

const seqSchema = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

async function* framed(events: AsyncIterable<JobEvent>, numbered: boolean): AsyncGenerator<Frame> {
  for await (const event of events)
    yield { event: event.type, id: numbered ? event.seq : undefined, data: event };
}

export const eventRoutes =
  ({ queue, streams, waiters }: ServerContext): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/v1/jobs/:id/events',
      {
        schema: {
          summary: 'Events of a job, from the first or from after Last-Event-ID, to its end',
          tags: ['events'],
          params: z.object({ id: sha256Schema }),
          headers: z.object({ 'last-event-id': seqSchema.optional() }),
          querystring: z.object({ since: seqSchema.optional() }),
          response: stream,
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const job = await queue.get(id);
        if (!job) throw unknownJob(id);
        await waiters.join(job);
        const since = request.headers['last-event-id'] ?? request.query.since ?? 0;
        const leave = waiters.enter(job, false, true);
        try {
          await streams.send(request, reply, (signal) => framed(queue.events(id, since, signal), true));
        } finally {
          void leave();
        }
      },
    );

    app.get(
      '/v1/events',
      { schema: { summary: 'Events of all jobs, from now on', tags: ['events'], response: stream } },
      async (request, reply) => {
        await streams.send(request, reply, (signal) => framed(queue.live(signal), false));
      },
    );
  };
