import { isViewName } from '../../src/diffusion/named-view.ts';
import type { ParamSchema } from '../../src/server/api-types.ts';
import type { ControlProps } from './control.ts';

/** A field whose values are views: how a picture is turned. */
export const asksForView = (field: ParamSchema): boolean => {
  const first = [field.default].flat()[0];
  return typeof first === 'string' && isViewName(first);
};

/** The view that stands in a form, if it has one. */
export function viewIn({ properties, params }: ControlProps['form']): string | undefined {
  const name = Object.keys(properties).find((key) => asksForView(properties[key]!));
  const view = name === undefined ? undefined : [params[name]].flat()[0];
  return typeof view === 'string' && isViewName(view) ? view : undefined;
}
