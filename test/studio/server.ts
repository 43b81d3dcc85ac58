import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedBy } from '../../src/closable.ts';
import type { EnvironmentSource } from '../../src/jobs/environment.ts';
import { createServer, type Running } from '../../src/server/serve.ts';
import { fromSources } from '../jobs/fake-compute.ts';

export interface StudioServer extends Running {
  readonly stateDir: string;
}

export interface StudioServerOptions {
  readonly port?: number;
  readonly prefix?: string;
  readonly stateDir?: string;
  /** How long a call of the stand-in models takes at least. */
  readonly stepMs?: number;
  /** Instead of models that stand in. */
  readonly environment?: EnvironmentSource;
}

/** The real server with the built studio, the real experiments, and models that stand in for a checkpoint. */
export async function startStudio({
  port = 0,
  prefix,
  stateDir,
  stepMs = 0,
  environment = { module: new URL('./environment.ts', import.meta.url).href, settings: { stepMs } },
}: StudioServerOptions = {}): Promise<StudioServer> {
  const folder = stateDir ?? (await mkdtemp(join(tmpdir(), 'campanile-studio-')));
  const running = await createServer({
    environment,
    stateDir: folder,
    port,
    prefix,
    graceMs: 0,
    execArgv: fromSources,
  });
  return {
    ...running,
    stateDir: folder,
    ...closedBy(async () => {
      await running.close();
      if (!stateDir) await rm(folder, { recursive: true, force: true });
    }),
  };
}
