import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyPluginAsync } from 'fastify';
import type { Experiment } from '../experiments/experiment.ts';
import { everyExperiment } from '../experiments/index.ts';
import { ownEnvironment } from '../jobs/environment.ts';
import type { Depth } from '../jobs/queue.ts';
import type { ModelOptions } from '../models/embedded.ts';
import { type ApiOptions, api } from './api.ts';
import type { GuardOptions } from './guard.ts';
import { Lab, type LabOptions } from './lab.ts';
import type { PageOptions } from './pages.ts';

/** What the plugin serves, from where, and to whom. */
export interface CampanileOptions
  extends Partial<LabOptions>,
    Partial<GuardOptions>,
    PageOptions,
    Pick<ApiOptions, 'limits'> {
  /** The experiments that are offered, out of those of the environment; all of this project's. */
  readonly experiments?: readonly Experiment[] | undefined;
  /** Which checkpoint, with what; the embedded one. An `environment` of one's own has its own. */
  readonly models?: ModelOptions | undefined;
  /** Given what tells how many jobs wait and run, before the app answers. */
  readonly onQueue?: ((depth: () => Promise<Depth>) => void) | undefined;
  /** Told whether the checkpoint could be opened, which happens while the app answers already. */
  readonly onOpen?: ((error?: unknown) => void) | undefined;
}

/** Of the user: `$XDG_STATE_HOME/campanile`, else `~/.local/state/campanile`. */
export const stateFolder = (): string =>
  join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'campanile');

/** The built studio; whether it is there is looked at when it is served. */
export const studioFolder = fileURLToPath(new URL('../../dist/studio', import.meta.url));

const version = (): string => {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
};

/**
 * The API, the studio and the queue as a plugin for a Fastify app:
 *
 *     await app.register(campanile, { prefix: '/lab', stateDir: 'state' });
 *
 * It refuses who addresses it by another name than a loopback one, or one of `allowedHosts`.
 *
 * @throws {CampanileError} what the queue and the store throw
 */
export const campanile: FastifyPluginAsync<CampanileOptions> = async (app, options) => {
  const { models = {}, experiments = everyExperiment, onOpen = () => {}, onQueue = () => {} } = options;
  const environment = options.environment ?? ownEnvironment(models);
  const lab = await Lab.open({
    ...options,
    environment,
    stateDir: resolve(options.stateDir ?? stateFolder()),
  });
  onQueue(() => lab.queue.depth());
  app.addHook('preClose', async () => lab.stop());
  app.addHook('onClose', () => lab.close());
  await api(app, {
    host: '127.0.0.1',
    studio: studioFolder,
    version: version(),
    ...options,
    experiments,
    queue: lab.queue,
    store: lab.store,
    info: lab.info,
  });
  app.addHook('onReady', async () => {
    lab
      .start((error, message) => app.log.warn({ err: error }, message))
      .then(
        () => onOpen(),
        (error) => {
          app.log.error({ err: error }, 'the checkpoint could not be opened');
          onOpen(error);
        },
      );
  });
};
