import { factorizations, HYBRID_BLUR } from '../diffusion/components.ts';
import { viewNamed } from '../diffusion/named-view.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Figure } from './experiment.ts';

/** What a side of a figure says of the part that is looked at. */
export type PartSeen = NonNullable<NonNullable<Figure['sides']>[number]['part']>;

/** A picture as a side of a figure shows it: through its view, and of that the part that is looked at. */
export function asSeen(
  picture: Tensor,
  { view, part }: { readonly view: string; readonly part?: PartSeen | undefined },
): Tensor {
  const seen = viewNamed(view).apply(picture);
  if (!part) return seen;
  const { factorization, index, ...options } = part;
  const looks = factorizations[factorization].looks(seen.shape.at(-1)!, { ...HYBRID_BLUR, ...options });
  return looks[index]?.(seen) ?? seen;
}
