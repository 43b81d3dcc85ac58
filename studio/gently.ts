import type { ExperimentInfo, ParamSchema } from '../src/server/api-types.ts';
import { isObject } from './backend.ts';
import { loading } from './catalogue.ts';
import { flowIn } from './flows.ts';
import { isList, kindOf, type Params } from './schema.ts';

/** Of the steps, how many are skipped: little change first, which is also the quickest; up to where most photographs still show what they showed. */
const GENTLY = [0.88, 0.75, 0.62, 0.47];

/**
 * The document's values are for its own picture; of one's own, one wants to see the small changes, where no words ask for larger
 * ones, and in its best size. What was chosen stays.
 */
export function gently(experiment: ExperimentInfo, params: Params): Params {
  const now = loading.get();
  const { experiments, models } = now.state === 'ready' ? now.catalogue : { experiments: [], models: [] };
  const enlarges = models.some(({ stage }) => stage === 'upscaler');
  const wordless = flowIn(experiments, 'photo')?.id === experiment.id;
  const beginning = (field: ParamSchema): unknown => {
    const kind = kindOf(field);
    if (kind === 'enlarge' && enlarges) return true;
    if (kind === 'iStart' && isList(field) && wordless)
      return GENTLY.map((share) => Math.round(share * (field.items?.maximum ?? 0)));
    return undefined;
  };
  const changes = Object.entries(experiment.schema.properties)
    .filter(([name, field]) => JSON.stringify(params[name]) === JSON.stringify(field.default))
    .map(([name, field]) => [name, beginning(field)] as const)
    .filter(([, value]) => value !== undefined);
  return { ...params, ...Object.fromEntries(changes) };
}

/** Whether a change puts a picture of one's own where there was none. */
export const bringsPicture = (field: ParamSchema, before: unknown, after: unknown): boolean =>
  kindOf(field) === 'picture' && [after].flat().some(isObject) && ![before].flat().some(isObject);
