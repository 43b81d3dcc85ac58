import multipart from '@fastify/multipart';
import swagger from '@fastify/swagger';
import { type FastifyInstance, type FastifyServerOptions, fastify } from 'fastify';
import { createJsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Experiment } from '../experiments/experiment.ts';
import type { ComputeInfo } from '../jobs/compute-messages.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { ArtifactStore } from '../jobs/store.ts';
import { a1111Routes } from './compat/a1111.ts';
import { hubRoutes } from './compat/hub.ts';
import { openaiRoutes } from './compat/openai.ts';
import { defaultLimits, type Limits, type ServerContext } from './context.ts';
import { type GuardOptions, guard } from './guard.ts';
import { Metrics } from './metrics.ts';
import { type PageOptions, pages } from './pages.ts';
import { formChecker, RefusedError, sendProblem } from './problem.ts';
import { catalogueRoutes } from './routes/catalogue.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { jobRoutes } from './routes/jobs.ts';
import { pictureRoutes } from './routes/pictures.ts';
import { Streams } from './sse.ts';

export interface AppOptions extends GuardOptions, PageOptions {
  readonly experiments: readonly Experiment[];
  readonly queue: JobQueue;
  readonly store: ArtifactStore;
  readonly info: () => ComputeInfo | undefined;
  readonly limits?: Partial<Limits> | undefined;
  readonly version: string;
  readonly logger?: FastifyServerOptions['logger'];
}

/** The server, not yet listening. `app.close()` says goodbye to open streams first. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const limits = { ...defaultLimits, ...options.limits };
  const { experiments, queue, store, info, version } = options;
  const app = fastify({
    logger: options.logger ?? false,
    forceCloseConnections: true,
    requestTimeout: 120_000,
    keepAliveTimeout: 30_000,
    bodyLimit: 1 << 20,
    routerOptions: { maxParamLength: 500 },
    http: { headersTimeout: 15_000, maxHeaderSize: 16 << 10 },
  });
  const context: ServerContext = {
    experiments,
    queue,
    store,
    info,
    limits,
    streams: new Streams(limits.streams),
  };

  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      new RefusedError(404, 'route', `there is no ${request.method} ${request.url.slice(0, 200)}`),
      request,
      reply,
    ),
  );
  app.setValidatorCompiler(formChecker);
  // Answers are ours: the schemas describe them, checking them again would only cost time.
  app.setSerializerCompiler(() => JSON.stringify);
  app.addHook('onSend', async (_, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('cross-origin-resource-policy', 'same-origin');
    if (!reply.hasHeader('content-security-policy')) {
      reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    }
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  guard(app, options);

  // A form or a text is what another site's page can send without asking first.
  const json = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else json(request, body as string, done);
  });
  await app.register(multipart, {
    limits: {
      fileSize: limits.fileBytes,
      files: 4,
      parts: 20,
      fieldNameSize: 100,
      fieldSize: 100_000,
      headerPairs: 20,
    },
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'campanile',
        version,
        description: 'Experiments with pixel diffusion models. See docs/server.md.',
      },
    },
    transform: createJsonSchemaTransform({ skipList: [] }),
    transformObject: jsonSchemaTransformObject,
  });

  const metrics = new Metrics(app, context);
  await app.register(jobRoutes(context));
  await app.register(eventRoutes(context));
  await app.register(pictureRoutes(context));
  await app.register(catalogueRoutes(context));
  await app.register(healthRoutes(context, metrics));
  await app.register(openaiRoutes(context));
  await app.register(a1111Routes(context));
  await app.register(hubRoutes(context));
  app.get('/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await pages(app, options);
  app.addHook('preClose', async () => context.streams.close());
  await app.ready();
  return app;
}
