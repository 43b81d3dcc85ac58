/**
 * What the server says and hears, as JSON. Types only, so that the studio and any client may import this file.
 * `docs/server.md` shows the same with examples; `openapi.json` is made from the server's own schemas.
 */

/** What a client asks for: with the same checkpoint, the same recipe is the same picture, bit for bit. */
export interface Recipe {
  /** An `ExperimentInfo.id`. */
  readonly experiment: string;
  /** Values for `ExperimentInfo.schema`; what is left out takes its default. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Fingerprint of the checkpoint; the server fills it in, and refuses another one than it has open. */
  readonly checkpoint?: string;
}

/** A JSON Schema (2020-12) made from an experiment's parameters, properties in the order in which to show them. */
export interface ParamsSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, ParamSchema>>;
  readonly required?: readonly string[];
}

/** One field of a form. Absent `kind`: an ordinary value, drawn after `type` and `enum`. */
export interface ParamSchema {
  readonly type?: string;
  readonly kind?: 'prompt' | 'picture' | 'mask' | 'seed' | 'timestep';
  /** Name of the command's option, where it is not the field's own. */
  readonly cli?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: ParamSchema;
  readonly anyOf?: readonly ParamSchema[];
}

export type Capability = 'text-to-image' | 'image-to-image' | 'inpainting';

/** GET /v1/experiments → `{ experiments: ExperimentInfo[] }`, in page order. */
export interface ExperimentInfo {
  readonly id: string;
  readonly title: string;
  /** Paragraphs, separated by empty lines. */
  readonly text: string;
  readonly formula?: readonly { readonly tex: string; readonly plain: string }[];
  readonly remark?: string;
  /** One line of the command. */
  readonly example: string;
  /** Which generic job it can do for the compatible routes. */
  readonly serves?: Capability;
  readonly schema: ParamsSchema;
}

/** GET /v1/models → `{ models: ModelDescription[] }`. */
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

/** A stored picture; every object is a PNG that the server wrote itself. */
export interface StoredObject {
  /** sha256 of the file, 64 hex digits: its name. */
  readonly object: string;
  /** Path on this server: `/v1/objects/<sha256>`. */
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

/** POST /v1/uploads → 201 `{ uploads: Upload[] }`; GET /v1/pictures → `{ pictures: NamedPicture[] }`. */
export interface Upload extends StoredObject {
  /** What to write into a parameter of kind `picture` or `mask`: `object:<sha256>`. */
  readonly reference: string;
  readonly bytes: number;
  /** The recipe inside the file, if campanile made it. Not checked and never run by itself. */
  readonly recipe?: Recipe;
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

/** GET /v1/jobs/:id → Job; POST /v1/jobs → Job; GET /v1/jobs → `{ jobs: Job[], next?: string }`, newest first. */
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

/** Network calls made and to be made; `total` is 0 before the job has started. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** POST /v1/jobs. */
export interface JobRequest extends Recipe {
  /** Run again even though the same recipe is known. With an `Idempotency-Key`, again once for that key. */
  readonly force?: boolean;
}

/**
 * GET /v1/jobs/:id/events (one job, replayed from the first event or from after `Last-Event-ID`, ends after a final one)
 * and GET /v1/events (all jobs, from now on). Frames carry `id: <seq>` (one job) and `event: <type>`; `data` is this.
 */
export type JobEvent = EventBase &
  (
    | { readonly type: 'queued'; readonly reason?: string }
    | { readonly type: 'started'; readonly progress: Progress }
    | StepEvent
    | { readonly type: 'figure'; readonly figure: FigureInfo }
    | { readonly type: 'warning'; readonly message: string }
    | { readonly type: 'done'; readonly figures: readonly FigureInfo[]; readonly cached: boolean; readonly seconds: number }
    | { readonly type: 'failed'; readonly error: JobError }
    | { readonly type: 'cancelled' }
  );

interface EventBase {
  /** Rises by at least 1 from event to event of a job. */
  readonly seq: number;
  readonly job: string;
  /** ISO 8601. */
  readonly at: string;
  /** Which run of the job speaks; events of an overtaken run are not delivered. */
  readonly attempt: number;
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

/** Frames of an event stream that belong to no job and carry no `id`. */
export type StreamEvent =
  /** Every 15 seconds, so that a dead connection is noticed. */
  | { readonly type: 'heartbeat'; readonly at: string }
  /** The server is going; come back with `Last-Event-ID`. */
  | { readonly type: 'shutdown'; readonly at: string };

/** RFC 9457, `application/problem+json`: every answer from 400 upwards. */
export interface Problem {
  /** `urn:campanile:error:<code>` */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What was expected, what was found. */
  readonly detail: string;
  readonly code: string;
  /** What to do. */
  readonly hint?: string;
  /** One entry for each parameter that was refused. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** POST /v1/recipes/import. */
export interface ImportedRecipe {
  readonly recipe: Recipe;
  /** What stands in the way of running it here; empty: it can be sent to /v1/jobs as it is. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}
