import type { ExperimentInfo } from '../../src/server/api-types.ts';
import { pictureUrl } from '../backend.ts';
import { useCatalogue } from '../catalogue.ts';
import type { Handles } from '../panels/handles.ts';
import { firstOfKind, type Params } from '../schema.ts';

/** A picture that the form's values make before anything has run. */
export interface Preview {
  readonly url: string | undefined;
  readonly seed: number;
  /** The level that the picture is noised to; undefined where a run begins with pure noise. */
  readonly t: number | undefined;
}

/** @param moving  the level in hand, if one is being moved */
export function usePreview(
  experiment: ExperimentInfo,
  params: Params,
  handles: Handles,
  moving: number | undefined,
): Preview {
  const { pictures } = useCatalogue();
  const picture = firstOfKind(experiment, params, 'picture');
  return {
    url: picture === undefined ? undefined : pictureUrl(picture, pictures),
    seed: Number(params['seed'] ?? 0),
    t: moving ?? handles.all[0]?.t ?? handles.visited[0],
  };
}
