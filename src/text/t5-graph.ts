import { Graph, type GraphWeights, type Value } from '../graph/builder.ts';
import {
  add,
  divide,
  geluTanh,
  linear,
  matmul,
  mean,
  multiply,
  reshape,
  softmax,
  sqrt,
  transpose,
} from '../graph/ops.ts';
import type { T5Config } from './t5-config.ts';

export const blockName = (block: number): string => `encoder.block.${block}`;

/**
 * Blocks [from, to) of the encoder: hidden [B, S, E] → hidden [B, S, E], the last block's normed.
 *
 *     h ← h + o(softmax(q·kᵀ + bias + mask)·v),   q, k, v of rms(h); no 1/√d
 *     h ← h + wo(gelu(wi₀·n) ⊙ wi₁·n),            n = rms(h)
 *
 * Inputs are `hidden`, `bias` [1, heads, S, S] of the distances, which all blocks share, and `mask` [B, 1, 1, S], 0 for tokens.
 * Weights may be halves or bfloat16; numbers are float32 from end to end, for T5's residual stream leaves the range of halves.
 */
export function t5Graph(config: T5Config, weights: GraphWeights, from: number, to: number): Graph {
  const graph = new Graph(weights);
  const { width, heads, epsilon } = config;
  let hidden = graph.input('hidden', ['batch', 'length', width]);
  const bias = graph.input('bias', [1, heads, 'length', 'length']);
  const mask = graph.input('mask', ['batch', 1, 1, 'length']);
  const scoreOffset = add(bias, mask);
  for (let block = from; block < to; block++) {
    const attention = `${blockName(block)}.layer.0`;
    const normed = rmsNorm(hidden, `${attention}.layer_norm`, epsilon);
    hidden = add(hidden, selfAttention(normed, scoreOffset, `${attention}.SelfAttention`, config));
    const dense = `${blockName(block)}.layer.1`;
    hidden = add(
      hidden,
      gatedDense(rmsNorm(hidden, `${dense}.layer_norm`, epsilon), `${dense}.DenseReluDense`),
    );
  }
  if (to === config.blocks) hidden = rmsNorm(hidden, 'encoder.final_layer_norm', epsilon);
  graph.output('result', hidden);
  return graph;
}

/** x / √(mean(x²) + ε) · weight. */
function rmsNorm(x: Value, name: string, epsilon: number): Value {
  const root = sqrt(add(mean(multiply(x, x), x.shape.length - 1), epsilon));
  return multiply(divide(x, root), x.graph.weight(`${name}.weight`));
}

function selfAttention(x: Value, scoreOffset: Value, name: string, { heads, headWidth }: T5Config): Value {
  const [batch, length] = x.shape as [string, string];
  const perHead = (projection: string) =>
    reshape(linear(x, `${name}.${projection}`), [batch, length, heads, headWidth]);
  const query = transpose(perHead('q'), [0, 2, 1, 3]);
  const key = transpose(perHead('k'), [0, 2, 3, 1]);
  const value = transpose(perHead('v'), [0, 2, 1, 3]);
  const attended = matmul(softmax(add(matmul(query, key), scoreOffset)), value);
  const joined = reshape(transpose(attended, [0, 2, 1, 3]), [batch, length, heads * headWidth]);
  return linear(joined, `${name}.o`);
}

const gatedDense = (x: Value, name: string): Value =>
  linear(multiply(geluTanh(linear(x, `${name}.wi_0`)), linear(x, `${name}.wi_1`)), `${name}.wo`);
