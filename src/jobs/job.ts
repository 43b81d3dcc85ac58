/**
 * The words that queue, worker, server and studio share about a job, as JSON. Knows nothing of Node, so that a page may
 * import it.
 */

/** What a client asks for: with the same checkpoint, the same recipe is the same picture, bit for bit. */
export interface Recipe {
  /** An experiment's id. */
  readonly experiment: string;
  /** Values for the experiment's parameters; what is left out takes its default. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Fingerprint of the checkpoint; the server fills it in, and refuses another one than it has open. */
  readonly checkpoint?: string;
  /** Said of half precision, which draws other pictures; the server fills it in, and refuses it where it computes in full. */
  readonly precision?: 'half';
}

/** What a checkpoint's stage says of itself. */
export interface ModelDescription {
  readonly stage: 'base' | 'upscaler';
  readonly name: string;
  readonly fingerprint: string;
  /** Number of weights. */
  readonly parameters: number;
  /** Height and width of its pictures. */
  readonly sampleSize: number;
  readonly numTrainTimesteps: number;
  /** ᾱ_t for t = 0 … numTrainTimesteps − 1; SNR(t) = ᾱ_t / (1 − ᾱ_t). */
  readonly alphaBar: readonly number[];
}

/** A stored picture; every object is a PNG that campanile wrote itself. */
export interface StoredObject {
  /** sha256 of the file, 64 hex digits: its name. */
  readonly object: string;
  /** Path on the server: `/v1/objects/<sha256>`. */
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

/** One of the project's own pictures. */
export interface NamedPicture extends StoredObject {
  /** What to write into a parameter: its name. */
  readonly reference: string;
  readonly kind: 'picture' | 'mask';
}

/** A figure of a run; `row` and `column` place it in the experiment's table. */
export interface FigureInfo extends StoredObject {
  /** Unique within the job. */
  readonly id: string;
  readonly row: string;
  readonly column: string;
  readonly caption?: string;
  readonly t?: number;
  readonly seed?: number;
  /** Decibels. */
  readonly psnr?: number;
  readonly seconds?: number;
  /** Name of a view under which the picture shows `turnedCaption`. */
  readonly view?: string;
  readonly turnedCaption?: string;
  readonly farCaption?: string;
}

/** `cancelling` until the step under way has ended. The last three are final. */
export type JobState = 'queued' | 'running' | 'cancelling' | 'done' | 'failed' | 'cancelled';

export interface JobError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Network calls made and to be made; `total` is 0 before the job has started. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

export interface Job {
  /** 64 hex digits, made from the recipe: an identical recipe is the same job. */
  readonly id: string;
  readonly recipe: Recipe;
  readonly state: JobState;
  /** How often a worker has begun it; 0 while it waits for the first time. */
  readonly attempt: number;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly progress: Progress;
  /** The figures so far; all of them when `done`. */
  readonly figures: readonly FigureInfo[];
  readonly error?: JobError;
}

/** Before the step t → tNext is taken. At most ten a second are sent; the last step of a walk always is. */
export interface StepEvent {
  readonly type: 'step';
  /** Which walk, for people: a walk's steps have the same label. */
  readonly label: string;
  /** 0 … count − 1. */
  readonly index: number;
  readonly count: number;
  readonly t: number;
  /** −1 for the clean end. */
  readonly tNext: number;
  /** Pictures in the walk; `x` and `x0` show them side by side, each `height` pixels square. */
  readonly batch: number;
  /** x_t, at most 64 pixels high. */
  readonly x: StoredObject;
  /** x̂₀. */
  readonly x0: StoredObject;
  readonly progress: Progress;
}

/** How a job ends. */
export type Outcome =
  | {
      readonly type: 'done';
      readonly figures: readonly FigureInfo[];
      /** The result was known, nothing ran. */
      readonly cached: boolean;
      readonly seconds: number;
    }
  | { readonly type: 'failed'; readonly error: JobError }
  | { readonly type: 'cancelled' };

/** What a run tells while it is under way. */
export type RunningEvent =
  | { readonly type: 'started'; readonly progress: Progress }
  | StepEvent
  | { readonly type: 'figure'; readonly figure: FigureInfo }
  | { readonly type: 'warning'; readonly message: string };

export type JobEventBody = { readonly type: 'queued'; readonly reason?: string } | RunningEvent | Outcome;

export type JobEvent = JobEventBody & {
  /** Rises by at least 1 from event to event of a job. */
  readonly seq: number;
  readonly job: string;
  /** ISO 8601. */
  readonly at: string;
  /** Which run of the job speaks; events of an overtaken run are not delivered. */
  readonly attempt: number;
};

const finals: readonly string[] = ['done', 'failed', 'cancelled'] satisfies JobState[];

/** Of a state or an event's type: nothing follows. */
export const isFinal = (stateOrType: string): boolean => finals.includes(stateOrType);
