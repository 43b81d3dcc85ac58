import type {
  ExperimentInfo,
  ImportedRecipe,
  Job,
  JobEvent,
  JobRequest,
  JobState,
  Marks,
  ModelDescription,
  NamedPicture,
  Problem,
  Upload,
} from '../src/server/api-types.ts';

/** What can be run, with what: it does not change while the backend runs. */
export interface Catalogue {
  readonly experiments: readonly ExperimentInfo[];
  readonly models: readonly ModelDescription[];
  readonly pictures: readonly NamedPicture[];
}

export interface JobPage {
  readonly jobs: readonly Job[];
  /** Ask for those before it. */
  readonly next?: string;
}

export interface JobQuery {
  readonly state?: JobState | undefined;
  readonly experiment?: string | undefined;
  readonly before?: string | undefined;
  readonly limit?: number;
}

/** How the stream of events does. `stale`: open, but silent for longer than it should be. */
export type Connection = 'connecting' | 'live' | 'stale' | 'offline';

export interface Listener {
  heard(event: JobEvent): void;
  /** Whenever it turns `live`, what happened before has to be asked for. */
  state(state: Connection, retryAt?: number): void;
}

/**
 * Everything the studio asks of whoever computes: a server, or a worker in the tab. Jobs outlive the tab; their events come
 * in order, numbered, and any number of times.
 *
 * @throws {RefusedError} what was asked for cannot be done, with the reason in words
 * @throws {AwayError} nobody answers
 */
export interface Backend {
  /** For people: "The server at 127.0.0.1:7860". */
  readonly place: string;
  /** Where other programs reach it: "http://127.0.0.1:7860"; absent where none can. */
  readonly address?: string;
  catalogue(): Promise<Catalogue>;

  /** `known`: the same recipe has been asked for before, and this is its job. */
  submit(request: JobRequest): Promise<{ readonly job: Job; readonly known: boolean }>;
  job(id: string, signal?: AbortSignal): Promise<Job>;
  jobs(query?: JobQuery, signal?: AbortSignal): Promise<JobPage>;
  cancel(id: string): Promise<Job>;
  /** Names, stars: what is left out stays, an empty name and `false` are none. */
  mark(id: string, marks: Marks): Promise<Job>;
  /** Forgets a job that has ended, for good. */
  remove(id: string): Promise<void>;

  /** Events of all jobs from now on, until the tab is closed. */
  listen(listener: Listener): { retry(): void };
  /** What one job has told since its beginning, and goes on telling to its end. */
  told(id: string, signal: AbortSignal): AsyncIterable<JobEvent>;

  /** Keeps a picture; its reference can stand in a parameter. */
  keep(picture: Blob): Promise<Upload>;
  recipeIn(png: Blob): Promise<ImportedRecipe>;
  /** What whoever brought it called the picture behind `object:<sha256>`, or what a figure shows. */
  calledAs(sha256: string): Promise<string | undefined>;
  /** Where the picture behind `object:<sha256>` is to be had. */
  objectUrl(sha256: string): string;
}

/** Refused, in the backend's own words (RFC 9457). */
export class RefusedError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export class AwayError extends Error {}

/** The one this tab works with. */
export let backend: Backend;
export const provide = (chosen: Backend): void => {
  backend = chosen;
};

/** The picture behind a reference: a built-in one by name, or `object:<sha256>`. */
export const pictureUrl = (
  reference: string,
  named: readonly NamedPicture[],
  kind: 'picture' | 'mask' = 'picture',
): string | undefined =>
  isObject(reference)
    ? backend.objectUrl(reference.slice('object:'.length))
    : named.find((picture) => picture.reference === reference && picture.kind === kind)?.url;

export const isObject = (reference: unknown): reference is string =>
  typeof reference === 'string' && /^object:[0-9a-f]{64}$/.test(reference);

/** Why a job is not shown, for people. */
export const whyNoJob = (error: unknown): string =>
  error instanceof RefusedError && error.problem.status === 404
    ? 'This job is not known any more.'
    : error instanceof Error
      ? error.message
      : String(error);
