import { checkNumber } from '../tensor/check.ts';
import { TorchGenerator } from '../tensor/random.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkView, type View } from './view.ts';

/** What a view does to noise, found by looking: whether it can be trusted with a run. */
export interface ViewProof {
  /** Undone and done again, nothing is lost: noise stays noise. */
  readonly holds: boolean;
  /** The largest difference after invert(apply(z)), z being standard normal. */
  readonly undone: number;
  /** Variance of the noise that a pixel sees through the view, least and most: 1 where it is orthogonal. */
  readonly variance: readonly [least: number, most: number];
  /** The largest correlation between the noise of a place and that of another it was compared with: 0 where it is orthogonal. */
  readonly correlation: number;
  /** Of a view that shows a pixel again: the first place where it does, and where it was shown before; both row by row. */
  readonly repeated?: readonly [place: number, before: number] | undefined;
  /** What becomes of the variance that the model learned. */
  readonly learned: 'stays' | 'moves' | 'is shared out';
}

const DRAWS = 48;
/** What sums in float32 may be off by. */
const ROUNDING = 1e-4;

/**
 * Proves a view for pictures of a size: A·Aᵀ = identity, A being the view. Orthogonal maps keep all lengths and all
 * angles, so these are measured on noise; for a view that fails, what it does to the covariance of the noise, by drawing.
 *
 * @throws {ShapeError} when it does not take pictures of this size
 */
export function proveView(view: View, size: number): ViewProof {
  checkView(view);
  checkNumber('size', size, { whole: true, min: 1, max: 4096 });
  const z = (seed: number): Tensor => ({
    data: new TorchGenerator(seed).randn(3 * size * size),
    shape: [1, 3, size, size],
  });
  const [a, b] = [z(1), z(2)];
  const [seenA, seenB] = [view.apply(a), view.apply(b)];
  const undone = furthest(view.invert(seenA), a);
  const kept = [
    [a, a, seenA, seenA],
    [a, b, seenA, seenB],
  ].every(([p, q, seenP, seenQ]) => Math.abs(dot(p!, q!) - dot(seenP!, seenQ!)) <= ROUNDING * a.data.length);
  const holds = undone <= ROUNDING && kept;
  return {
    holds,
    undone,
    ...(holds ? { variance: [1, 1] as const, correlation: 0 } : measured(view, z)),
    learned: learned(view, a),
  };
}

const dot = (a: Tensor, b: Tensor): number => a.data.reduce((sum, value, i) => sum + value * b.data[i]!, 0);
const furthest = (a: Tensor, b: Tensor): number =>
  a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i]!)), 0);

/** Variances of all places, and correlations of each with the first that shows the same in one draw. */
function measured(
  view: View,
  z: (seed: number) => Tensor,
): Pick<ViewProof, 'variance' | 'correlation' | 'repeated'> {
  const draws = Array.from({ length: DRAWS }, (_, i) => view.apply(z(i + 3)).data);
  const variances = draws[0]!.map((_, i) => draws.reduce((sum, draw) => sum + draw[i]! ** 2, 0) / DRAWS);
  const sameAs = new Map<number, number>();
  let correlation = 0;
  let repeated: ViewProof['repeated'];
  const plane = draws[0]!.length / 3;
  for (const [i, value] of draws[0]!.entries()) {
    const other = sameAs.get(value);
    sameAs.set(value, other ?? i);
    if (other === undefined) continue;
    // Of two places that show one pixel every draw is the same; two numbers of one draw may be so by chance.
    const again = i - other < plane && draws.every((draw) => draw[i] === draw[other]);
    if (again) repeated ??= [i % plane, other % plane];
    const together = draws.reduce((sum, draw) => sum + draw[i]! * draw[other]!, 0) / DRAWS;
    correlation = Math.max(correlation, together / Math.sqrt(variances[i]! * variances[other]! || 1));
  }
  // Of so few draws a variance is off by a fifth: its mean over a tenth of the places says more.
  const sorted = [...variances].sort((p, q) => p - q);
  const tenth = Math.max(1, Math.floor(sorted.length / 10));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { variance: [mean(sorted.slice(0, tenth)), mean(sorted.slice(-tenth))], correlation, repeated };
}

function learned(view: View, v: Tensor): ViewProof['learned'] {
  const back = view.invertVariance(v);
  if (back.data.every((value, i) => value === v.data[i])) return 'stays';
  const [given, got] = [v.data.slice().sort(), back.data.slice().sort()];
  return got.every((value, i) => value === given[i]) ? 'moves' : 'is shared out';
}
