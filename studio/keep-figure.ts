import type { FigureInfo, Job, Recipe } from '../src/server/api-types.ts';
import { backend } from './backend.ts';
import { experimentNamed } from './catalogue.ts';
import { keepOnPage, type OwnSection } from './own-page.ts';
import { withoutDefaults } from './schema.ts';

/** A figure alone: with the values that make it and no other, which its picture carries. */
export async function keepFigure(job: Job, figure: FigureInfo): Promise<void> {
  const response = await fetch(figure.url);
  if (!response.ok) throw new Error('The picture is not there any more.');
  const { recipe } = await backend.recipeIn(await response.blob());
  keepOnPage({ recipe: kept(recipe), job: job.id, figure: figure.id });
}

/** All that a job has made. */
export const keepFigures = ({ id, recipe }: Job): void => keepOnPage({ recipe: kept(recipe), job: id });

/** What a page's file says of it. */
function kept({ experiment: id, params, from }: Recipe): NonNullable<OwnSection['recipe']> {
  const experiment = experimentNamed(id);
  return {
    experiment: id,
    params: experiment ? withoutDefaults(experiment, params) : params,
    ...(from?.length ? { from } : {}),
  };
}
