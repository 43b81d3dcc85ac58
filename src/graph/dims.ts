import type { Dim } from './onnx.ts';

/** A size times a whole number or its inverse: 'height' · ½ is 'height/2', and that · 2 is 'height' again. */
export function scaled(dim: Dim, factor: number): Dim {
  if (typeof dim === 'number') return dim * factor;
  const [name, divisor = '1'] = dim.split('/') as [string, string?];
  const rest = Number(divisor) / factor;
  return rest === 1 ? name : `${name}/${rest}`;
}

/** 4 of 'height/4', 1 of 'height' and of every number. */
export const parts = (dim: Dim): number => Number(String(dim).split('/')[1] ?? 1);

/** The product of sizes; a name where one of them is unknown. */
export function product(...dims: readonly Dim[]): Dim {
  const known = dims.filter((d) => typeof d === 'number').reduce((a, b) => a * b, 1);
  const unknown = dims.filter((d) => typeof d === 'string');
  if (unknown.length === 0) return known;
  return [...unknown, ...(known === 1 ? [] : [known])].join('*');
}

export const total = (...dims: readonly Dim[]): Dim =>
  dims.every((d) => typeof d === 'number') ? dims.reduce((a, b) => a + b, 0) : dims.join('+');

/** The shape of an elementwise result: sizes of 1 are stretched, and a number says more than a name. */
export function broadcast(a: readonly Dim[], b: readonly Dim[]): Dim[] {
  const rank = Math.max(a.length, b.length);
  const stretch = (p: Dim, q: Dim): Dim => (p === 1 ? q : q === 1 || typeof p === 'number' ? p : q);
  return Array.from({ length: rank }, (_, i) =>
    stretch(a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1),
  );
}
