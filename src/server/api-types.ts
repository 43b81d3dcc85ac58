/**
 * What the server says and hears, as JSON. Types only, so that the studio and any client may import this file.
 * `docs/server.md` shows the same with examples; `openapi.json` is made from the server's own schemas.
 */
import type { Recipe, StoredObject } from '../jobs/job.ts';

export type {
  FigureInfo,
  Job,
  JobError,
  JobEvent,
  JobState,
  ModelDescription,
  NamedPicture,
  Outcome,
  Progress,
  Recipe,
  StepEvent,
  StoredObject,
} from '../jobs/job.ts';

/** A JSON Schema (2020-12) made from an experiment's parameters, properties in the order in which to show them. */
export interface ParamsSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, ParamSchema>>;
  readonly required?: readonly string[];
}

/** One field of a form. Absent `kind`: an ordinary value, drawn after `type` and `enum`. */
export interface ParamSchema {
  readonly type?: string;
  readonly kind?: 'prompt' | 'picture' | 'mask' | 'seed' | 'timestep' | 'iStart';
  /** For those who know what they do: a form folds it away. */
  readonly expert?: boolean;
  /** Of kind `iStart`: the timestep at which a run with i steps skipped begins, for i = 0, 1, … */
  readonly levels?: readonly number[];
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
  /** Its number on the page, from 1; absent: it can be run beside the page. */
  readonly section?: number;
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

/** POST /v1/uploads → 201 `{ uploads: Upload[] }`; GET /v1/pictures → `{ pictures: NamedPicture[] }`. */
export interface Upload extends StoredObject {
  /** What to write into a parameter of kind `picture` or `mask`: `object:<sha256>`. */
  readonly reference: string;
  readonly bytes: number;
  /** The recipe inside the file, if campanile made it. Not checked and never run by itself. */
  readonly recipe?: Recipe;
}

/** POST /v1/jobs. */
export interface JobRequest extends Recipe {
  /** Run again even though the same recipe is known. With an `Idempotency-Key`, again once for that key. */
  readonly force?: boolean;
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
