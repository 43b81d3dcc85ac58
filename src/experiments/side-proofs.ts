import * as z from 'zod';
import { viewNamed } from '../diffusion/named-view.ts';
import { proveView, type ViewProof } from '../diffusion/view-proof.ts';
import { RecipeError } from '../errors.ts';
import type { RunEvent } from './experiment.ts';
import { viewInWords } from './view-in-words.ts';

const proofs = new Map<string, ViewProof>();

/** The proof of a view for pictures of a size, made once. */
export function proofOf(view: string, size: number): ViewProof {
  const key = `${view} ${size}`;
  const proof = proofs.get(key) ?? proveView(viewNamed(view), size);
  proofs.set(key, proof);
  return proof;
}

/** Of a view that fails its proof, what it does to the noise; undefined for any other. */
export function failureOf(view: string, size: number, called = viewInWords(view)): string | undefined {
  const { holds, repeated, variance, correlation } = proofOf(view, size);
  if (holds) return undefined;
  const [place, before] = repeated?.map((i) => `row ${Math.floor(i / size)}, column ${i % size}`) ?? [];
  const twice = repeated ? `${place} shows the pixel of ${before} again, and ` : '';
  return `${called} is no orthogonal view: ${twice}the noise it shows has a variance of ${variance.map((v) => v.toFixed(2)).join(' to ')} and a correlation of ${correlation.toFixed(2)}`;
}

/** What to do about it. */
export const ORTHOGONAL = 'choose one that shows each pixel once, or turns colours';

/**
 * Every view proves itself for pictures of a size before the first step is taken.
 *
 * @param force  whether one that fails may be used nevertheless
 * @param path  the parameter that names the views
 * @returns of each that failed, what it does to the noise
 * @throws {RecipeError} with the same, unless it is forced
 */
export function proveSides(
  sides: readonly { readonly view: string }[],
  size: number,
  force: boolean,
  path = 'views',
): string[] {
  return sides.flatMap(({ view }) => {
    const failure = failureOf(view, size);
    if (!failure) return [];
    if (force) return [`${failure}, so what is drawn may fail`];
    throw new RecipeError(path, failure, `${ORTHOGONAL}; or force it`);
  });
}

export const forceParam = z
  .boolean()
  .default(false)
  .meta({ expert: true, description: 'draw with a view that fails its proof, too' });

/** The proof of all views as a run begins: what is forced is said. */
export function* forced(...proven: Parameters<typeof proveSides>): Generator<RunEvent> {
  for (const message of proveSides(...proven)) yield { type: 'warning', message };
}
