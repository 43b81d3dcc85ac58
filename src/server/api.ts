import multipart from '@fastify/multipart';
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { createJsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Experiment } from '../experiments/experiment.ts';
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
import { historyRoutes } from './routes/history.ts';
import { jobRoutes } from './routes/jobs.ts';
import { objectRoutes } from './routes/objects.ts';
import { pictureRoutes } from './routes/pictures.ts';
import { Streams } from './sse.ts';
import { Waiters } from './waiters.ts';

export interface ApiOptions
  extends GuardOptions,
    PageOptions,
    Pick<ServerContext, 'queue' | 'store' | 'info'> {
  readonly experiments: readonly Experiment[];
  readonly limits?: Partial<Limits> | undefined;
  readonly version: string;
}

/**
 * All routes, around a queue and a store that are open. Whatever the app around it does to its own requests, these are
 * checked, answered and refused in their own way; all addresses are below the prefix of the registration.
 */
export const api: FastifyPluginAsync<ApiOptions> = async (app, options) => {
  const { prefix } = app;
  const limits = { ...defaultLimits, ...options.limits };
  const { experiments, queue, store, info } = options;
  const located = locatedUnder(prefix);
  const streams = new Streams(limits.streams, located);
  const waiters = new Waiters(queue, limits.waiters);
  const context: ServerContext = { experiments, queue, store, info, limits, streams, waiters, prefix };

  manners(app, located);
  guard(app, options);
  await readers(app);
  await describing(app, options.version);
  const metrics = new Metrics(app, context);
  for (const routes of [jobRoutes, historyRoutes, eventRoutes, pictureRoutes, objectRoutes, catalogueRoutes])
    await app.register(routes(context));
  await app.register(healthRoutes(context, metrics));
  for (const routes of [openaiRoutes, a1111Routes, hubRoutes]) await app.register(routes(context));
  await pages(app, options);
  app.addHook('preClose', async () => streams.close());
};

/** For JSON: the addresses of pictures as they are below the prefix. What is stored knows of none. */
const locatedUnder =
  (prefix: string) =>
  (key: string, value: unknown): unknown =>
    prefix && key === 'url' && typeof value === 'string' && value.startsWith('/v1/objects/')
      ? prefix + value
      : value;

/** How anything is refused and answered. */
function manners(app: FastifyInstance, located: (key: string, value: unknown) => unknown): void {
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
  app.setSerializerCompiler(() => (data) => JSON.stringify(data, located));
  app.addHook('onSend', async (_, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('cross-origin-resource-policy', 'same-origin');
    if (!reply.hasHeader('content-security-policy')) {
      reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    }
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
}

/** JSON and files: any other form or text is what another site's page can send without asking first. */
async function readers(app: FastifyInstance): Promise<void> {
  app.addHook('onRequest', async ({ method, headers }) => {
    const type = headers['content-type'];
    if (type === undefined || method === 'GET' || method === 'HEAD') return;
    if (/^\s*(application\/json|multipart\/form-data|image\/[a-z]+)\s*(;|$)/i.test(type)) return;
    throw new RefusedError(415, 'media-type', `expected JSON or a form, got ${type.slice(0, 100)}`);
  });
  const json = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else json(request, body as string, done);
  });
  // The app around it may have it already; the limits come with each reading.
  if (!app.hasRequestDecorator('isMultipart')) await app.register(multipart);
}

const DOCUMENT = 'campanileApi';

/** `/v1/openapi.json`, from the schemas of the routes. Documents of the app around it are spared them: they are zod's. */
async function describing(app: FastifyInstance, version: string): Promise<void> {
  const shown = new WeakSet<object>();
  app.addHook('onRoute', (route) => {
    if (!route.schema || route.schema.hide) return;
    route.schema = { ...route.schema, hide: true };
    shown.add(route.schema);
  });
  const transform = createJsonSchemaTransform({ skipList: [] });
  await app.register(swagger, {
    decorator: DOCUMENT,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'campanile',
        version,
        description: 'Experiments with pixel diffusion models. See docs/server.md.',
      },
      ...(app.prefix ? { servers: [{ url: app.prefix }] } : {}),
    },
    transform: (route) =>
      transform(shown.has(route.schema) ? { ...route, schema: { ...route.schema, hide: false } } : route),
    transformObject: jsonSchemaTransformObject,
  });
  app.get('/v1/openapi.json', { schema: { hide: true } }, async () =>
    app.getDecorator<() => object>(DOCUMENT).call(app),
  );
}
