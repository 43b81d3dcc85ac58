import type { ExperimentInfo, ParamSchema } from '../src/server/api-types.ts';
import { asksForView } from './form/views.ts';
import { isList, kindOf } from './schema.ts';

const fields = ({ schema }: ExperimentInfo): readonly ParamSchema[] => Object.values(schema.properties);
const asks = (experiment: ExperimentInfo, kind: ParamSchema['kind']): boolean =>
  fields(experiment).some((field) => kindOf(field) === kind);

export const takesPicture = (experiment: ExperimentInfo): boolean => asks(experiment, 'picture');

/** What people come for. Each finds its experiment by what the form asks, so that none is known by name. */
export const flows = {
  /** A picture under noise, and no model. */
  noise: (experiment) =>
    takesPicture(experiment) && asks(experiment, 'timestep') && !asks(experiment, 'prompt'),
  /** One's own photo, changed by as much as one likes. */
  photo: (experiment) =>
    fields(experiment).some((field) => field.kind === 'picture' && !isList(field)) &&
    fields(experiment).some((field) => kindOf(field) === 'iStart' && isList(field)),
  /** A part of a picture, painted over. */
  repaint: (experiment) => asks(experiment, 'mask'),
  /** One picture that shows two things. */
  illusion: (experiment) =>
    fields(experiment).some(asksForView) && fields(experiment).some(({ grows }) => grows === true),
} satisfies Record<string, (experiment: ExperimentInfo) => boolean>;

export const flowIn = (
  experiments: readonly ExperimentInfo[],
  flow: keyof typeof flows,
): ExperimentInfo | undefined => experiments.find(flows[flow]);
