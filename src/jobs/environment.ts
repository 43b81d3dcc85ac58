import type { Experiment } from '../experiments/experiment.ts';
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
