import type { Server } from 'node:http';
import { type FastifyHttpOptions, type FastifyInstance, type FastifyServerOptions, fastify } from 'fastify';
import { type Closable, closedBy } from '../closable.ts';
import { CampanileError } from '../errors.ts';
import type { Depth } from '../jobs/queue.ts';
import { isLoopback } from './guard.ts';
import { type CampanileOptions, campanile } from './plugin.ts';
import { sendProblem } from './problem.ts';

/** The plugin's options, and where it listens. */
export interface ServerOptions extends Omit<CampanileOptions, 'host' | 'onOpen' | 'onQueue'> {
  /** 127.0.0.1; any but a loopback address needs a token. */
  readonly host?: string | undefined;
  /** Before every address, as in '/lab'; nothing. */
  readonly prefix?: string | undefined;
  /** 7860; 0 for any free one. */
  readonly port?: number | undefined;
  readonly logger?: FastifyServerOptions['logger'];
  /** Called when it answers; the checkpoint is opened meanwhile. */
  readonly onListening?: ((url: string) => void) | undefined;
}

/** A server that answers. `close` takes nothing more, lets jobs finish within the grace, and says goodbye. */
export interface Running extends Closable {
  /** `http://127.0.0.1:7860`, and the prefix. */
  readonly url: string;
  /** How many jobs wait and run. */
  depth(): Promise<Depth>;
}

/** Nobody is waited for who sends or reads by drops. */
export const patience = {
  forceCloseConnections: true,
  // The plugin opens queue and store first, which takes its time where others have the processor.
  pluginTimeout: 120_000,
  requestTimeout: 120_000,
  keepAliveTimeout: 30_000,
  routerOptions: { maxParamLength: 500 },
  // Before any route is found: an address that cannot be decoded, for one.
  frameworkErrors: sendProblem,
  http: { headersTimeout: 15_000, maxHeaderSize: 16 << 10 },
} satisfies FastifyHttpOptions<Server>;

/**
 * What `campanile serve` runs: an app of the plugin alone. Resolves when it answers and the checkpoint is open.
 *
 * @throws {CampanileError} `token-needed`, `port`, what the queue, the store and the checkpoint throw
 */
export async function createServer(options: ServerOptions = {}): Promise<Running> {
  const { host = '127.0.0.1', port = 7860, prefix = '', logger = false } = options;
  if (!isLoopback(host) && !options.token) {
    const message = `a token was expected, since ${host} can be reached from other machines`;
    const hint = 'give --token <secret> or set CAMPANILE_TOKEN, or leave --host out';
    throw new CampanileError('token-needed', message, { hint });
  }
  const app = fastify({ ...patience, logger });
  try {
    let depth!: Running['depth'];
    const opened = new Promise<void>((open, fail) => {
      app.register(campanile, {
        ...options,
        host,
        onQueue: (told) => {
          depth = told;
        },
        onOpen: (error) => (error ? fail(error) : open()),
      });
    });
    opened.catch(() => {}); // it may fail before it is waited for
    const url = (await listen(app, host, port)) + prefix;
    options.onListening?.(url);
    await opened;
    return { url, depth, ...closedBy(() => app.close()) };
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  await app.ready();
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new CampanileError('port', `port ${port} is taken by another program`, {
        hint: 'stop it, or give another one with --port',
        cause,
      });
    }
    throw new CampanileError('port', `${host}:${port} cannot be listened on: ${message}`, { cause });
  }
}
