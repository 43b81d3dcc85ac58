/**
 * The server's door: `createServer` is what `campanile serve` runs, `campanile` the same as a plugin for an app of one's
 * own. The types are those of its JSON (docs/server.md).
 */

export type { EnvironmentSource } from '../jobs/environment.ts';
export type { Depth } from '../jobs/queue.ts';
export type { ModelOptions } from '../models/embedded.ts';
export type * from './api-types.ts';
export type { Limits } from './context.ts';
export type { LivingPage } from './pages.ts';
export { type CampanileOptions, campanile, stateFolder, studioFolder } from './plugin.ts';
export { createServer, type Running, type ServerOptions } from './serve.ts';
