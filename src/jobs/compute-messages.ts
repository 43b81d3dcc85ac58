import type { JobError, ModelDescription, NamedPicture, Recipe, RunningEvent } from './job.ts';

/** What the computing process says of itself when it is ready. */
export interface ComputeInfo {
  /** Program and versions: part of every job's id. */
  readonly engine: string;
  /** Fingerprint of all weights: part of every recipe. */
  readonly checkpoint: string;
  /** Said of half precision; likewise. */
  readonly precision?: 'half' | undefined;
  readonly models: readonly ModelDescription[];
  readonly pictures: readonly NamedPicture[];
}

export interface ComputeSettings {
  /** URL of a module that exports `openEnvironment`. */
  readonly environment: string;
  /** What it is given: JSON. */
  readonly settings: unknown;
  /** As for `openStore`. */
  readonly store: string | undefined;
  readonly stateDir: string;
  /** Most bytes of the steps that are kept, of all walks together; 0: none. */
  readonly stepBytes: number;
  /** Whether to draw the project's own pictures and tell of them; one process of several is enough. */
  readonly pictures: boolean;
}

export type ToCompute =
  | { readonly type: 'open'; readonly settings: ComputeSettings }
  | { readonly type: 'run'; readonly recipe: Recipe }
  | { readonly type: 'cancel' };

export type FromCompute =
  | { readonly type: 'ready'; readonly info: ComputeInfo }
  | { readonly type: 'event'; readonly event: RunningEvent }
  | { readonly type: 'end' }
  | { readonly type: 'error'; readonly error: JobError };
