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

export type Recipe = z.output<typeof recipeSchema>;
export type ModelDescription = z.output<typeof modelSchema>;
export type StoredObject = z.output<typeof storedObjectSchema>;
export type NamedPicture = z.output<typeof namedPictureSchema>;
export type FigureInfo = z.output<typeof figureSchema>;
export type JobState = z.output<typeof jobStateSchema>;
export type JobError = z.output<typeof jobErrorSchema>;
export type Marks = z.output<typeof marksSchema>;
export type Progress = z.output<typeof progressSchema>;
export type Job = z.output<typeof jobSchema>;
export type StepEvent = z.output<typeof stepEventSchema>;
export type RunningEvent = z.output<typeof runningEventSchema>;
export type Outcome = z.output<typeof outcomeSchema>;
export type JobEventBody = z.output<typeof jobEventBodySchema>;
export type JobEvent = z.output<typeof jobEventSchema>;

const finals: readonly string[] = ['done', 'failed', 'cancelled'] satisfies JobState[];

/** Of a state or an event's type: nothing follows. */
export const isFinal = (stateOrType: string): boolean => finals.includes(stateOrType);
