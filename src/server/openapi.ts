import type { Experiment } from '../experiments/experiment.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { ArtifactStore } from '../jobs/store.ts';
import { buildApp } from './app.ts';

/** The OpenAPI 3.1 document of a server with these experiments. Needs neither queue nor checkpoint. */
export async function describeApi(experiments: readonly Experiment[]): Promise<unknown> {
  const never = new Proxy({}, { get: () => async function* () {} });
  const app = await buildApp({
    experiments,
    queue: never as JobQueue,
    store: never as ArtifactStore,
    info: () => undefined,
    host: '127.0.0.1',
    version: '1',
  });
  const document = JSON.parse(JSON.stringify(app.swagger()));
  await app.close();
  return document;
}
