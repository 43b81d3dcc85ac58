import { fastify } from 'fastify';
import type { Experiment } from '../experiments/experiment.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { ArtifactStore } from '../jobs/store.ts';
import { api } from './api.ts';

/** The OpenAPI 3.1 document of a server with these experiments. Needs neither queue nor checkpoint. */
export async function describeApi(experiments: readonly Experiment[]): Promise<unknown> {
  const never = new Proxy({}, { get: () => async function* () {} });
  const app = fastify();
  await app.register(api, {
    experiments,
    queue: never as JobQueue,
    store: never as ArtifactStore,
    info: () => undefined,
    host: '127.0.0.1',
    version: '1',
  });
  const document = (await app.inject('/v1/openapi.json')).json<unknown>();
  await app.close();
  return document;
}
