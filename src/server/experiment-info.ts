import { type Experiment, experimentText } from '../experiments/experiment.ts';
import { fieldsOf } from '../experiments/field.ts';
import { experiments } from '../experiments/index.ts';
import type { ExperimentInfo } from './api-types.ts';

/** What is said of an experiment, with the schema of its parameters. */
export function experimentInfo(experiment: Experiment): ExperimentInfo {
  const section = experiments.indexOf(experiment) + 1;
  return {
    ...experimentText.parse(experiment),
    ...(section > 0 ? { section } : {}),
    schema: fieldsOf(experiment),
  };
}
