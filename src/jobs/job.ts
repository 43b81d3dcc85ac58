/** The words that queue, worker, server and studio share about a job, as types. A page may import it: no schema comes along. */
import type * as z from 'zod';
import type {
  figureSchema,
  jobErrorSchema,
  jobEventBodySchema,
  jobEventSchema,
  jobSchema,
  jobStateSchema,
  marksSchema,
  modelSchema,
  namedPictureSchema,
  outcomeSchema,
  progressSchema,
  recipeSchema,
  runningEventSchema,
  stepEventSchema,
  storedObjectSchema,
} from './schemas.ts';

/** What a client asks for. */
export type Recipe = z.output<typeof recipeSchema>;
/** What a checkpoint's stage says of itself. */
export type ModelDescription = z.output<typeof modelSchema>;
/** A stored picture; every object is a PNG that campanile wrote itself. */
export type StoredObject = z.output<typeof storedObjectSchema>;
/** A built-in picture or mask, and the reference that names it in parameters. */
export type NamedPicture = z.output<typeof namedPictureSchema>;
/** A finished figure, and where its PNG is. */
export type FigureInfo = z.output<typeof figureSchema>;
/** Where a job stands. */
export type JobState = z.output<typeof jobStateSchema>;
/** Why a job failed. */
export type JobError = z.output<typeof jobErrorSchema>;
/** What somebody thinks of a job and its figures: a name, stars, what is put away. */
export type Marks = z.output<typeof marksSchema>;
/** How far a job is. */
export type Progress = z.output<typeof progressSchema>;
/** A recipe on its way to pictures. */
export type Job = z.output<typeof jobSchema>;
/** A step that was taken, with what it shows. */
export type StepEvent = z.output<typeof stepEventSchema>;
export type RunningEvent = z.output<typeof runningEventSchema>;
/** How a job ended. */
export type Outcome = z.output<typeof outcomeSchema>;
export type JobEventBody = z.output<typeof jobEventBodySchema>;
/** What a job tells, numbered. */
export type JobEvent = z.output<typeof jobEventSchema>;

const finals: readonly string[] = ['done', 'failed', 'cancelled'] satisfies JobState[];

/** Of a state or an event's type: nothing follows. */
export const isFinal = (stateOrType: string): boolean => finals.includes(stateOrType);
