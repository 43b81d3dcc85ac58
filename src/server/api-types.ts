/**
 * What the server says and hears, as JSON. Types only, so that the studio and any client may import this file. They are those
 * of the schemas by which the server checks; `docs/server.md` shows the same with examples.
 */
import type * as z from 'zod';
import type { Experiment } from '../experiments/experiment.ts';
import type {
  experimentSchema,
  importedRecipeSchema,
  problemSchema,
  streamEventSchema,
  uploadSchema,
} from './schemas.ts';

export type { Field as ParamSchema, Fields as ParamsSchema } from '../experiments/field.ts';
export type {
  FigureInfo,
  Job,
  JobError,
  JobEvent,
  JobState,
  Marks,
  ModelDescription,
  NamedPicture,
  Outcome,
  Progress,
  Recipe,
  StepEvent,
  StoredObject,
} from '../jobs/job.ts';
export type { JobRequest } from './schemas.ts';

/** What an experiment can be asked for by the compatible routes. */
export type Capability = NonNullable<Experiment['serves']>;
/** GET /v1/experiments → `{ experiments: ExperimentInfo[] }`, in page order. */
export type ExperimentInfo = z.output<typeof experimentSchema>;
/** POST /v1/uploads → 201 `{ uploads: Upload[] }`; GET /v1/pictures → `{ pictures: NamedPicture[] }`. */
export type Upload = z.output<typeof uploadSchema>;
/** What an event stream carries. */
export type StreamEvent = z.output<typeof streamEventSchema>;
/** An error, RFC 9457. */
export type Problem = z.output<typeof problemSchema>;
/** POST /v1/recipes/import. */
export type ImportedRecipe = z.output<typeof importedRecipeSchema>;
