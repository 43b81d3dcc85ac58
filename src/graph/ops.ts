import type { Rows, Value } from './builder.ts';
import { broadcast, product, scaled, total } from './dims.ts';
import type { DataType, Dim } from './onnx.ts';
import { dataTypes } from './onnx.ts';

const elementwise =
  (op: string) =>
  (a: Value, b: Value | number): Value => {
    const other = typeof b === 'number' ? cast(a.graph.constant(b), a.type) : b;
    return a.graph.node(op, [a, other], broadcast(a.shape, other.shape));
  };

export const add = elementwise('Add');
export const subtract = elementwise('Sub');
export const multiply = elementwise('Mul');
export const divide = elementwise('Div');

const pointwise =
  (op: string, attributes = {}) =>
  (x: Value): Value =>
    x.graph.node(op, [x], x.shape, { attributes });

/** x/2 · (1 + erf(x/√2)), exactly. */
export const gelu = pointwise('Gelu');
/** x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))): T5's. */
export const geluTanh = pointwise('Gelu', { approximate: 'tanh' });
export const relu = pointwise('Relu');
export const sigmoid = pointwise('Sigmoid');
/** x · σ(x), also called swish. */
export const silu = (x: Value): Value => multiply(x, sigmoid(x));
export const sqrt = pointwise('Sqrt');
/** Over the last axis. */
export const softmax = pointwise('Softmax', { axis: -1 });

export const cast = (x: Value, type: DataType): Value =>
  x.type === type ? x : x.graph.node('Cast', [x], x.shape, { type, attributes: { to: dataTypes[type] } });

export function transpose(x: Value, order: readonly number[]): Value {
  return x.graph.node(
    'Transpose',
    [x],
    order.map((axis) => x.shape[axis]!),
    { attributes: { perm: order } },
  );
}

/** The same numbers in another shape. At most one size may be unknown, not counting those kept in their place. */
export function reshape(x: Value, shape: readonly Dim[]): Value {
  const sizes = shape.map((dim, i) => (typeof dim === 'number' ? dim : dim === x.shape[i] ? 0 : -1));
  return x.graph.node('Reshape', [x, x.graph.integers(sizes)], shape);
}

/** The same numbers in the shape of `like`. */
export const reshapeLike = (x: Value, like: Value): Value =>
  x.graph.node('Reshape', [x, shapeOf(like)], like.shape);

/** The number of pixels or tokens of [B, C, ...]. */
export const positions = (x: Value): Dim => product(...x.shape.slice(2));

export const shapeOf = (x: Value, start = 0, end = x.shape.length): Value =>
  x.graph.node('Shape', [x], [end - start], { type: 'int64', attributes: { start, end } });

export function concat(values: readonly Value[], axis: number): Value {
  const shape = values[0]!.shape.map((dim, i) =>
    i === axis ? total(...values.map((v) => v.shape[axis]!)) : dim,
  );
  return values[0]!.graph.node('Concat', values, shape, { attributes: { axis } });
}

/** `count` equal parts along an axis of known size. */
export function split(x: Value, count: number, axis: number): Value[] {
  const shape = x.shape.map((dim, i) => (i === axis ? scaled(dim, 1 / count) : dim));
  return x.graph.nodeWith('Split', [x], Array(count).fill(shape), {
    attributes: { axis, num_outputs: count },
  });
}

/**
 * softmax(q·kᵀ/√d + bias)·v for each head; channel = head·d + i. ONNX Runtime's own operator, which never holds all
 * scores at once.
 *
 * @param query  [B, n, C]
 * @param key  [B, m, C], like `value`
 * @param bias  [B or 1, 1, 1, m]
 */
export function multiHeadAttention(
  query: Value,
  key: Value,
  value: Value,
  heads: number,
  bias?: Value,
): Value {
  const { graph } = query;
  const everyQuery =
    bias && expandTo(bias, [graph.integers([1, 1]), shapeOf(query, 1, 2), graph.integers([1])]);
  const inputs = [query, key, value, undefined, undefined, everyQuery];
  return graph.node('MultiHeadAttention', bias ? inputs : inputs.slice(0, 3), query.shape, {
    domain: 'com.microsoft',
    attributes: { num_heads: heads },
  });
}

/**
 * `multiHeadAttention` out of products of matrices. Scores and their softmax are float32, since a score of 16 in halves is only
 * good to 1 %.
 */
export function plainAttention(query: Value, key: Value, value: Value, heads: number, bias?: Value): Value {
  const width = query.shape[2] as number;
  const perHead = (x: Value, order: readonly number[]): Value =>
    transpose(reshape(x, [x.shape[0]!, x.shape[1]!, heads, width / heads]), order);
  const [rows, keys] = [
    [0, 2, 1, 3],
    [0, 2, 3, 1],
  ] as const;
  const scaled = multiply(cast(query, 'float32'), (width / heads) ** -0.5);
  const scores = matmul(perHead(scaled, rows), perHead(cast(key, 'float32'), keys));
  const weights = softmax(bias ? add(scores, bias) : scores);
  const seen = matmul(cast(weights, value.type), perHead(value, rows));
  return reshape(transpose(seen, [0, 2, 1, 3]), query.shape);
}

/** Repeats sizes of 1 until they are those of `sizes` (int64 pieces of a shape). */
function expandTo(x: Value, sizes: readonly Value[]): Value {
  const shape = x.graph.node('Concat', sizes, [x.shape.length], { attributes: { axis: 0 } });
  return x.graph.node('Expand', [x, shape], x.shape);
}

/** Repeats rows of size 1 until there are as many as in `like`. */
export function expandRows(x: Value, like: Value): Value {
  const ones = x.shape.slice(1).map(() => 1);
  return {
    ...expandTo(x, [shapeOf(like, 0, 1), x.graph.integers(ones)]),
    shape: [like.shape[0]!, ...x.shape.slice(1)],
  };
}

/** Zeros behind the last axis, as many as `count` (one int64) says. */
export function padEnd(x: Value, count: Value): Value {
  const { graph } = x;
  const none = graph.integers(Array(2 * x.shape.length - 1).fill(0));
  const pads = graph.node('Concat', [none, count], [2 * x.shape.length], { attributes: { axis: 0 } });
  return graph.node('Pad', [x, pads], [...x.shape.slice(0, -1), `${x.shape.at(-1)}+pad`]);
}

export function matmul(a: Value, b: Value): Value {
  const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return a.graph.node('MatMul', [a, b], [...batch, a.shape.at(-2)!, b.shape.at(-1)!]);
}

/** Rows of `table` [V, d] chosen by `ids` (int64). */
export const gather = (table: Value, ids: Value): Value =>
  table.graph.node('Gather', [table, ids], [...ids.shape, ...table.shape.slice(1)], {
    attributes: { axis: 0 },
  });

export function mean(x: Value, axis: number): Value {
  const shape = x.shape.map((dim, i) => (i === axis ? 1 : dim));
  return x.graph.node('ReduceMean', [x, x.graph.integers([axis])], shape, { attributes: { keepdims: 1 } });
}

/**
 * Weights are used in the type of the numbers they meet.
 *
 * @throws {TypeError} when that is no type to compute in
 */
function weightFor(x: Value, name: string, shape?: readonly number[], rows?: Rows): Value {
  if (x.type !== 'float32' && x.type !== 'float16') throw new TypeError(`"${name}" meets ${x.type}`);
  return x.graph.weight(name, x.type, shape, rows);
}

/** x·Wᵀ + b, the layer of PyTorch: weight [out, in], bias [out] where there is one. x is [..., in]. */
export function linear(x: Value, name: string): Value {
  const { graph } = x;
  const weight = weightFor(x, `${name}.weight`);
  const bias = graph.hasWeight(`${name}.bias`) ? weightFor(x, `${name}.bias`) : undefined;
  const shape = [...x.shape.slice(0, -1), weight.shape[0]!];
  if (x.shape.length === 2)
    return graph.node('Gemm', [x, weight, bias], shape, { attributes: { transB: 1 } });
  const result = matmul(x, transpose(weight, [1, 0]));
  return bias ? add(result, bias) : result;
}

/**
 * Convolution that keeps height and width, or divides both by `stride`. x is [B, in, H, W], or [B, in, n] with a kernel of one.
 * A linear layer's weight [out, in] serves as a kernel of one.
 */
export function conv(x: Value, name: string, stride = 1): Value {
  const blocks = x.graph.blocksOf(`${name}.weight`, x.type);
  const outputs = blocks.map((rows) => convOf(x, name, stride, rows));
  return outputs.length === 1 ? outputs[0]! : concat(outputs, 1);
}

/** Some outputs of a convolution: those of the given rows of its weight. */
function convOf(x: Value, name: string, stride: number, rows: Rows): Value {
  const { graph } = x;
  const stored = graph.shapeOfWeight(`${name}.weight`);
  const ones: number[] = Array(x.shape.length - stored.length).fill(1);
  const weight = weightFor(x, `${name}.weight`, [...stored, ...ones], rows);
  const kernel = weight.shape.slice(2) as number[];
  const half = kernel.map((k) => (k - 1) / 2);
  return graph.node(
    'Conv',
    [x, weight, weightFor(x, `${name}.bias`, undefined, rows)],
    [x.shape[0]!, weight.shape[0]!, ...x.shape.slice(2).map((dim) => scaled(dim, 1 / stride))],
    {
      attributes: {
        kernel_shape: kernel,
        pads: [...half, ...half],
        ...(stride > 1 && { strides: kernel.map(() => stride) }),
      },
    },
  );
}

/** (x − mean) / √(variance + ε) · weight + bias over the last axis. */
export const layerNorm = (x: Value, name: string, epsilon = 1e-5): Value =>
  x.graph.node(
    'LayerNormalization',
    [x, weightFor(x, `${name}.weight`), weightFor(x, `${name}.bias`)],
    x.shape,
    {
      attributes: { axis: -1, epsilon: { float: epsilon } },
    },
  );

/**
 * (x − mean) / √(variance + ε) with the statistics of each group of channels over all positions; no weight, no bias.
 * x is [B, C, ...]. The result is float32 whatever x is: sums of squares leave the range of halves.
 */
export function normalizeGroups(halfOrFull: Value, groups: number, epsilon: number): Value {
  const x = cast(halfOrFull, 'float32');
  const { graph } = x;
  const channels = x.shape[1] as number;
  const grouped = reshape(x, [x.shape[0]!, groups, product(channels / groups, positions(x))]);
  const inputs = [grouped, graph.constant(Array(groups).fill(1)), graph.constant(Array(groups).fill(0))];
  const normal = graph.node('InstanceNormalization', inputs, grouped.shape, {
    attributes: { epsilon: { float: epsilon } },
  });
  return reshapeLike(normal, x);
}

/** A weight of one number per channel, made to stretch over the positions of `x`. */
export const perChannel = (x: Value, name: string): Value => {
  const channels = x.shape[1] as number;
  return weightFor(x, name, [channels, ...Array(x.shape.length - 2).fill(1)]);
};

/** Group normalisation with its weight and bias: [B, C, ...], float32. */
export function groupNorm(x: Value, name: string, groups: number, epsilon = 1e-5): Value {
  const normal = normalizeGroups(x, groups, epsilon);
  return add(multiply(normal, perChannel(normal, `${name}.weight`)), perChannel(normal, `${name}.bias`));
}

const overAll =
  (operator: string) =>
  (x: Value): Value =>
    x.graph.node(operator, [x], [x.shape[0]!, x.shape[1]!, ...x.shape.slice(2).map(() => 1)]);

/** [B, C, 1, 1]: of each channel its mean over all positions, and its largest value. */
export const globalMean = overAll('GlobalAveragePool');
export const globalMost = overAll('GlobalMaxPool');

/** Means of 2 × 2 pixels: half the height and width. */
export const averagePool2 = (x: Value): Value =>
  x.graph.node('AveragePool', [x], resized(x, 1 / 2), {
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  });

/** Every pixel four times: twice the height and width. */
export const nearestUpsample2 = (x: Value): Value =>
  x.graph.node('Resize', [x, undefined, x.graph.constant([1, 1, 2, 2])], resized(x, 2), {
    attributes: { mode: 'nearest', nearest_mode: 'floor', coordinate_transformation_mode: 'asymmetric' },
  });

/**
 * conv(nearestUpsample2(x)) for a kernel of 3 × 3, with 4/9 of the multiplications.
 *
 * Under a kernel that lies on doubled pixels two of three columns are equal, so that their weights can be added first.
 * With the columns w₀ w₁ w₂ of the kernel, pixel 2i sees (w₀ | w₁+w₂) of columns i−1, i and pixel 2i+1 sees
 * (w₀+w₁ | w₂) of i, i+1; rows likewise. All four kinds of pixels come from one convolution of 2 × 2, which is one pixel
 * larger than x; DepthToSpace sets them side by side, in the order odd, even, and a border of one pixel is cut off.
 */
export function upsampledConv(x: Value, name: string): Value {
  const { graph } = x;
  const kernel = weightFor(x, `${name}.weight`);
  const outChannels = kernel.shape[0] as number;
  const pairs = (w: Value, axis: number): [odd: Value, even: Value] => {
    const [first, second, third] = split(w, 3, axis) as [Value, Value, Value];
    return [concat([add(first, second), third], axis), concat([first, add(second, third)], axis)];
  };
  const kernels = concat(
    pairs(kernel, 2).flatMap((rows) => pairs(rows, 3)),
    0,
  );
  const bias = weightFor(x, `${name}.bias`);
  const size = x.shape.slice(2).map((dim) => total(dim, 1));
  const four = graph.node(
    'Conv',
    [x, kernels, concat([bias, bias, bias, bias], 0)],
    [x.shape[0]!, 4 * outChannels, ...size],
    {
      attributes: { kernel_shape: [2, 2], pads: [1, 1, 1, 1] },
    },
  );
  const doubled = graph.node(
    'DepthToSpace',
    [four],
    [x.shape[0]!, outChannels, ...size.map((dim) => scaled(dim, 2))],
    {
      attributes: { blocksize: 2 },
    },
  );
  const cut = [
    [1, 1],
    [-1, -1],
    [2, 3],
  ].map((values) => graph.integers(values));
  return graph.node(
    'Slice',
    [doubled, ...cut],
    [x.shape[0]!, outChannels, ...x.shape.slice(2).map((dim) => scaled(dim, 2))],
  );
}

const resized = (x: Value, factor: number): Dim[] => [
  x.shape[0]!,
  x.shape[1]!,
  scaled(x.shape[2]!, factor),
  scaled(x.shape[3]!, factor),
];
