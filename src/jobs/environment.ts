import type { Experiment } from '../experiments/experiment.ts';
import type { ModelOptions } from '../models/embedded.ts';
import type { Models } from '../models/model.ts';

/** What a process needs in order to compute. */
export interface Environment {
  readonly experiments: readonly Experiment[];
  readonly models: Models;
  /** Program and versions whose change may change pictures. */
  readonly engine: string;
}

/** A module with this function, by the name `openEnvironment`, can be given to `Compute`. */
export type OpenEnvironment = (settings: unknown) => Promise<Environment>;

/** Where an environment comes from: a module, which the process that computes imports, and what it is given. */
export interface EnvironmentSource {
  readonly module: string;
  readonly settings: unknown;
}

/** This project's experiments on a checkpoint. */
export const ownEnvironment = (settings: ModelOptions): EnvironmentSource => ({
  module: import.meta.url.replace(/environment(\.[jt]s)$/, 'campanile$1'),
  settings,
});
