import { ArgumentError } from '../errors.ts';
import { checkImages, checkNumber } from '../tensor/check.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { View } from './view.ts';

/** A map of colours: channel i shown is Σⱼ Mᵢⱼ·channel j. */
export type ColourMatrix = readonly [
  readonly [number, number, number],
  readonly [number, number, number],
  readonly [number, number, number],
];

/**
 * A view of the colours, the same in every pixel: an orthogonal matrix. Its inverse is its transpose. The variance has
 * no direction: it is shared out by the squares, v = Σⱼ Mⱼᵢ²·vⱼ, which moves it where channels change places and leaves
 * it alone where only a sign does.
 *
 * @param gesture  what the viewer does to see it
 * @throws {ArgumentError} when M·Mᵀ is not the identity to 1e-6: noise would not stay noise
 */
export function recolouring(name: string, gesture: string, matrix: ColourMatrix): View {
  checkOrthogonal(name, matrix);
  const transposed = [0, 1, 2].map((i) => matrix.map((row) => row[i]!)) as unknown as ColourMatrix;
  // The sign of a view must not reach v: it interpolates log variances and has no direction.
  const squared = transposed.map((row) => row.map((m) => m ** 2)) as unknown as ColourMatrix;
  return {
    name,
    gesture,
    apply: (x) => mixed(name, x, matrix),
    invert: (x) => mixed(name, x, transposed),
    invertVariance: (v) => mixed(name, v, squared),
  };
}

/**
 * Colours turned about grey: what is light stays light. A third of a turn exchanges red, green and blue.
 *
 *     M = cos α·I + (1 − cos α)/3·J + sin α/√3·K          (Rodrigues, about the axis of greys)
 */
export function hueTurn(degrees: number): View {
  checkNumber('degrees', degrees);
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [own, next, last] = [
    cos + (1 - cos) / 3,
    (1 - cos) / 3 - sin / Math.sqrt(3),
    (1 - cos) / 3 + sin / Math.sqrt(3),
  ];
  return recolouring(`hue_${degrees}`, `with its hues turned by ${degrees}°`, [
    [own, next, last],
    [last, own, next],
    [next, last, own],
  ]);
}

function mixed(name: string, x: Tensor, matrix: ColourMatrix): Tensor {
  checkImages(`picture under the view ${name}`, x, 3);
  const plane = x.shape[2]! * x.shape[3]!;
  const data = new Float32Array(x.data.length);
  for (let image = 0; image < data.length; image += 3 * plane) {
    for (const [i, [r, g, b]] of matrix.entries()) {
      const at = image + i * plane;
      for (let p = 0; p < plane; p++) {
        const pixel = image + p;
        data[at + p] = r * x.data[pixel]! + g * x.data[pixel + plane]! + b * x.data[pixel + 2 * plane]!;
      }
    }
  }
  return { data, shape: x.shape };
}

function checkOrthogonal(name: string, matrix: ColourMatrix): void {
  const square = Array.isArray(matrix) && matrix.length === 3 && matrix.every((row) => row?.length === 3);
  const orthogonal =
    square &&
    matrix.every((a, i) =>
      matrix.every((b, j) => Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2] - (i === j ? 1 : 0)) < 1e-6),
    );
  if (!orthogonal)
    throw new ArgumentError(`matrix of the view ${String(name)}`, matrix, '3 × 3 and orthogonal');
}
