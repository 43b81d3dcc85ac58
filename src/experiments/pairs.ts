import { RecipeError } from '../errors.ts';
import { amount } from '../words.ts';

/**
 * Refuses a list that has not an item for each of another.
 *
 * @param usual  what it is where nobody gives it: the document’s, for the document’s own
 * @throws {RecipeError} that says how many were given
 */
export function expectOneEach(
  name: string,
  list: readonly string[],
  usual: readonly string[],
  others: { readonly count: number; readonly called: string; readonly oneForAll?: boolean },
): void {
  const { count, called, oneForAll = false } = others;
  if (list.length === count || (oneForAll && list.length === 1)) return;
  const untold = usual.length > 1 && list.join('\n') === usual.join('\n');
  throw new RecipeError(
    name,
    `${untold ? 'none' : list.length} given for ${amount(count, called)}`,
    `give ${oneForAll ? 'one for all, or one' : 'one'} for each${untold ? '; without any they are the document’s, for the document’s own' : ''}`,
  );
}
