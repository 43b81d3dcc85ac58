import { RecipeError } from '../errors.ts';
import { checkList, checkText } from '../tensor/check.ts';
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
 * A view by its name, or one composed of several: `rotate_cw + negate`.
 *
 * @throws {RecipeError} when there is no view of that name, with those there are
 */
export function viewNamed(expression: string): View {
  checkText('view', expression, 'the name of a view');
  return composed(
    ...expression.split('+').map((part) => {
      const name = part.trim();
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

/** Whether it is a name of `viewNames`, or several joined by +, as `viewNamed` takes them. */
export const isViewName = (expression: unknown): expression is string =>
  typeof expression === 'string' && expression.split('+').every((part) => Object.hasOwn(views, part.trim()));
