/**
 * The server's door: `import { createServer } from 'campanile/server'`. It is what `campanile serve` runs: the studio, the
 * API of docs/server.md and a queue. The types are those of its JSON.
 */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { everyExperiment } from '../experiments/index.ts';
import { ownEnvironment } from '../jobs/environment.ts';
import type { ModelOptions } from '../models/embedded.ts';
import { type Running, type ServeOptions, serve } from './serve.ts';

export type * from './api-types.ts';
export type { Limits } from './context.ts';
export type { ModelOptions, Running };

export interface ServerOptions
  extends Partial<Omit<ServeOptions, 'experiments' | 'environment' | 'version' | 'studio' | 'execArgv'>> {
  /** Which checkpoint, with what; the embedded one. */
  readonly models?: ModelOptions;
}

/** Of the user: `$XDG_STATE_HOME/campanile`, else `~/.local/state/campanile`. */
export const stateFolder = (): string =>
  join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'campanile');

/**
 * Starts a server of this project's experiments. Resolves when it answers and the checkpoint is open.
 *
 * @throws {CampanileError} `token-needed`, `port`, what the queue, the store and the checkpoint throw
 */
export function createServer({ models = {}, stateDir, ...options }: ServerOptions = {}): Promise<Running> {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return serve({
    ...options,
    experiments: everyExperiment,
    environment: ownEnvironment(models),
    stateDir: resolve(stateDir ?? stateFolder()),
    studio: fileURLToPath(new URL('../../dist/studio', import.meta.url)),
    version: (JSON.parse(manifest) as { version: string }).version,
  });
}
