import { canonicalJson } from '../experiments/recipe.ts';
import { sha256Sync } from '../platform/node/hash.ts';
import type { Recipe } from './job.ts';

/**
 * The id of a job: all that its result depends on. Equal ids are equal pictures.
 *
 * @param engine  program and versions that compute
 * @param nonce  makes it another job all the same
 */
export const jobId = (recipe: Recipe, engine: string, nonce?: string): string =>
  sha256Sync(canonicalJson({ version: 1, recipe, engine, nonce }));
