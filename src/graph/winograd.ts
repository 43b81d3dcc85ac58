import type { Value } from './builder.ts';
import { product } from './dims.ts';
import type { Dim } from './onnx.ts';
import { add, concat, matmul, reshape, shapeOf, transpose } from './ops.ts';

/** Bᵀ, G and Aᵀ of F(m × m, 3 × 3), as in the paper: a tile of m × m outputs sees (m + 2)² inputs. */
interface Transforms {
  readonly input: readonly (readonly number[])[];
  readonly kernel: readonly (readonly number[])[];
  readonly output: readonly (readonly number[])[];
}

const transforms = {
  2: {
    input: [
      [1, 0, -1, 0],
      [0, 1, 1, 0],
      [0, -1, 1, 0],
      [0, 1, 0, -1],
    ],
    kernel: [
      [1, 0, 0],
      [1 / 2, 1 / 2, 1 / 2],
      [1 / 2, -1 / 2, 1 / 2],
      [0, 0, 1],
    ],
    output: [
      [1, 1, 1, 0],
      [0, 1, -1, -1],
    ],
  },
  4: {
    input: [
      [4, 0, -5, 0, 1, 0],
      [0, -4, -4, 1, 1, 0],
      [0, 4, -4, -1, 1, 0],
      [0, -2, -1, 2, 1, 0],
      [0, 2, -1, -2, 1, 0],
      [0, 4, 0, -5, 0, 1],
    ],
    kernel: [
      [1 / 4, 0, 0],
      [-1 / 6, -1 / 6, -1 / 6],
      [-1 / 6, 1 / 6, -1 / 6],
      [1 / 24, 1 / 12, 1 / 6],
      [1 / 24, -1 / 12, 1 / 6],
      [0, 0, 1],
    ],
    output: [
      [1, 1, 1, 1, 1, 0],
      [0, 1, -1, 2, -2, 0],
      [0, 1, 1, 4, 4, 0],
      [0, 1, -1, 8, -8, 1],
    ],
  },
} satisfies Record<number, Transforms>;

/** M ⊗ M, row by row: M X Mᵀ for a square X that is written as one column. */
const onBothAxes = (matrix: readonly (readonly number[])[]): number[] =>
  matrix.flatMap((row) => matrix.flatMap((other) => row.flatMap((a) => other.map((b) => a * b))));

/** Sides of the tiles of outputs. */
export type TileSide = keyof typeof transforms;

/**
 * Convolution with a kernel of 3 × 3 that keeps height and width, in tiles of m × m outputs:
 *
 *     y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A
 *
 * (m + 2)² multiplications for a tile and a pair of channels instead of 9 m²: 4/9 of them for m = 2, good to 10⁻⁶, and 1/4 for
 * m = 4, good to 10⁻⁵. Lavin and Gray 2015, "Fast Algorithms for Convolutional Neural Networks".
 *
 * @param x  [B, in, H, W], of any height and width; a last tile may hang over the edge
 * @param name  of the layer: weight [out, in, 3, 3], bias [out]
 */
export function winograd(x: Value, name: string, m: TileSide): Value {
  const { graph } = x;
  const [rows, , height, width] = x.shape as [Dim, number, Dim, Dim];
  const [out, channels] = graph.shapeOfWeight(`${name}.weight`) as [number, number];
  const { input, kernel: ofKernel, output } = transforms[m];
  const side = m + 2;
  const cells = side * side;
  const tiles = [`${height}/tile`, `${width}/tile`];
  const places = product(rows, ...tiles);
  const [count, size] = [shapeOf(x, 0, 1), shapeOf(x, 2, 4)];

  // G g Gᵀ: [cells, out, in], once when the network is opened.
  const g = graph.node(
    'Einsum',
    [
      graph.constant(onBothAxes(ofKernel), [cells, 9]),
      graph.weight(`${name}.weight`, 'float32', [out, channels, 9]),
    ],
    [cells, out, channels],
    { attributes: { equation: 'ck,oik->coi' } },
  );

  // Bᵀ d B: every channel by itself, from tile to tile.
  const single = reshapeTo(x, [graph.integers([-1, 1]), size], [product(rows, channels), 1, height, width]);
  const seen = graph.node(
    'Conv',
    [single, graph.constant(onBothAxes(input), [cells, 1, side, side])],
    [product(rows, channels), cells, ...tiles],
    {
      attributes: { kernel_shape: [side, side], strides: [m, m], pads: [1, 1, m, m] },
    },
  );
  const perCell = transpose(
    reshapeTo(
      seen,
      [count, graph.integers([channels, cells, -1])],
      [rows, channels, cells, product(...tiles)],
    ),
    [2, 1, 0, 3],
  );
  const d = reshape(perCell, [cells, channels, places]);

  // Aᵀ [ … ] A, and its tiles set side by side.
  const products = reshape(matmul(g, d), [cells, product(out, places)]);
  const y = matmul(graph.constant(onBothAxes(output), [m * m, cells]), products);
  const tileCount = shapeOf(seen, 2, 4);
  const apart = reshapeTo(y, [graph.integers([m, m, out]), count, tileCount], [m, m, out, rows, ...tiles]);
  const pixels = graph.node('Mul', [tileCount, graph.integers(m)], [2]);
  const whole = reshapeTo(
    transpose(apart, [3, 2, 4, 0, 5, 1]),
    [count, graph.integers([out]), pixels],
    [rows, out, ...tiles.map((dim) => product(dim, m))],
  );
  const [from, axes] = [graph.integers([0, 0]), graph.integers([2, 3])];
  const kept = graph.node('Slice', [whole, from, size, axes], [rows, out, height, width]);
  return add(kept, graph.weight(`${name}.bias`, 'float32', [out, 1, 1]));
}

/** The same numbers in a shape whose sizes (int64 pieces) are known when the graph runs. */
const reshapeTo = (x: Value, sizes: readonly Value[], shape: readonly Dim[]): Value =>
  x.graph.node('Reshape', [x, concat(sizes, 0)], shape);
