import type { Rng } from './random.ts';

/** Smooth noise in [-1, 1] with n knots a side. */
export function smooth(r: Rng, n: number): (u: number, v: number) => number {
  const a = Float32Array.from({ length: n * n }, () => r.between(-1, 1));
  return (u, v) => {
    const x = u * (n - 1);
    const y = v * (n - 1);
    const i = Math.min(x | 0, n - 2);
    const j = Math.min(y | 0, n - 2);
    const sx = (x - i) ** 2 * (3 - 2 * (x - i));
    const sy = (y - j) ** 2 * (3 - 2 * (y - j));
    const p = j * n + i;
    return (a[p]! * (1 - sx) + a[p + 1]! * sx) * (1 - sy) + (a[p + n]! * (1 - sx) + a[p + n + 1]! * sx) * sy;
  };
}
