import type { ComputeOptions } from '../../src/jobs/compute.ts';

/** Node's arguments for a process that runs the sources as they are. */
export const fromSources: readonly string[] = [
  '--import',
  import.meta.resolve('tsx'),
  '-C',
  'campanile-source',
];

/** How to start a computing process with the fake experiments. */
export const fakeCompute = (stateDir: string, more: Partial<ComputeOptions> = {}): ComputeOptions => ({
  environment: new URL('./fake-environment.ts', import.meta.url).href,
  settings: {},
  store: undefined,
  stateDir,
  execArgv: fromSources,
  ...more,
});
