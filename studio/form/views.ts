import { isViewName } from '../../src/diffusion/named-view.ts';
import type { ParamSchema } from '../../src/server/api-types.ts';
import type { ControlProps } from './control.ts';

/** A field whose values are views: how a picture is turned. */
export const asksForView = (field: ParamSchema): boolean => {
  const first = [field.default].flat()[0];
  return typeof first === 'string' && isViewName(first);
};

/** Through which view each side is seen; undefined in a form without views. */
export function viewsOfSides(
  { properties, params }: ControlProps['form'],
  count: number,
): readonly string[] | undefined {
  const name = Object.keys(properties).find((key) => asksForView(properties[key]!));
  const [first, ...more] = name === undefined ? [] : [params[name]].flat().filter(isViewName);
  if (first === undefined) return undefined;
  // One for each side, or one that all but the first are seen through.
  const given = properties[name!]!.together ? [first, ...more] : ['identity', first];
  return Array.from({ length: count }, (_, i) => given[i] ?? given.at(-1)!);
}
