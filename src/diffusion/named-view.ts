import { CampanileError, RecipeError } from '../errors.ts';
import { checkList, checkText } from '../tensor/check.ts';
import { placedView } from './placed-view.ts';
import { checkView, type View } from './view.ts';
import { viewNames, views } from './views.ts';

/**
 * Views one after the other: seen through the first, then through the next. Undone the other way round.
 *
 *     (a + b)(x) = b(a(x)),     (a + b)⁻¹ = a⁻¹ ∘ b⁻¹
 */
export function composed(...parts: readonly View[]): View {
  checkList('parts', parts, 'at least one view');
  for (const part of parts) checkView(part);
  if (parts.length === 1) return parts[0]!;
  const backwards = parts.toReversed();
  // A CSS transform is written from the outside in: what is done last stands first.
  const css = parts.every((part) => part.css) ? backwards.map((part) => part.css).join(' ') : undefined;
  return {
    name: parts.map(({ name }) => name).join(' + '),
    gesture: parts.map(({ gesture }) => gesture).join(', then '),
    css: css?.replaceAll('none', '').trim() || undefined,
    apply: (x) => parts.reduce((seen, view) => view.apply(seen), x),
    invert: (x) => backwards.reduce((seen, view) => view.invert(seen), x),
    invertVariance: (v) => backwards.reduce((seen, view) => view.invertVariance(seen), v),
  };
}

/**
 * A view by its name, or one composed of several: `rotate_cw + negate`. In the place of a name may stand a list of places as
 * `placedView` takes it, in JSON: `[1,0,3,2]` shows the left half on the right.
 *
 * @throws {RecipeError} when there is no view of that name, with those there are; when a list is no square of whole numbers
 */
export function viewNamed(expression: string): View {
  checkText('view', expression, 'the name of a view');
  return composed(
    ...expression.split('+').map((part) => {
      const name = part.trim();
      if (name.startsWith('[')) return listedView(name);
      if (!Object.hasOwn(views, name))
        throw new RecipeError(
          'view',
          `there is no view "${name}"`,
          `there are ${viewNames.join(', ')}; two in a row are written as "rotate_cw + negate"`,
        );
      return views[name as keyof typeof views];
    }),
  );
}

function listedView(text: string): View {
  let sources: unknown;
  try {
    sources = JSON.parse(text);
  } catch {
    throw new RecipeError('view', 'a view that begins with [ is no list in JSON', 'write one as [1,0,3,2]');
  }
  const view = placedView('the list of places', sources as number[]);
  return { ...view, name: text, gesture: 'with its pieces laid anew' };
}

/** Whether `viewNamed` takes it: a name of `viewNames` or a list of places, or several joined by +. */
export function isViewName(expression: unknown): expression is string {
  try {
    viewNamed(expression as string);
    return true;
  } catch (error) {
    if (error instanceof CampanileError) return false;
    throw error;
  }
}
