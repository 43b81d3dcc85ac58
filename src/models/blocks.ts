import type { Activation } from '../checkpoint/unet-config.ts';
import type { Value } from '../graph/builder.ts';
import type { FloatType } from '../graph/onnx.ts';
import * as op from '../graph/ops.ts';
import { type Convolutions, conv, doubledConv } from './convolutions.ts';
import type { Attention, Resnet } from './topology.ts';

export const activations: Record<Activation, (x: Value) => Value> = {
  gelu: op.gelu,
  silu: op.silu,
  swish: op.silu,
  relu: op.relu,
};

/** Asked for the output of every named piece of the network, in PyTorch's layout; only a traced graph computes it. */
export type Trace = (name: string, value: () => Value) => void;

export interface Context extends Convolutions {
  readonly trace: Trace;
  /** What matrices and convolutions compute in, and what the layers pass on to each other. */
  readonly type: FloatType;
  /** Attention as one operator of ONNX Runtime's own, float32 only. */
  readonly fusedAttention: boolean;
}

/** linear_2(f(linear_1(x))), the small network behind each sinusoid; float32, for halves cannot tell t = 501 from 500. */
export const timeMlp = (x: Value, name: string, { config }: Context): Value =>
  op.linear(activations[config.activation](op.linear(x, `${name}.linear_1`)), `${name}.linear_2`);

export interface ResnetOptions {
  readonly resnet: Resnet;
  /** What the sum is divided by. */
  readonly outScale: number;
  readonly resample?: 'half' | 'double';
}

/**
 * A residual block that is told the time.
 *
 *     h = conv1(f(norm1(x)))                    with x and h halved or doubled before conv1 in a resampler
 *     h = norm2(h)·(1 + scale) + shift          (scale, shift) = time_emb_proj(e)
 *     (shortcut(x) + conv2(f(h))) / outScale
 *
 * @param x  [B, in, H, W], of the context's type like `e` and the result
 * @param e  the embedding, activated: [B, T]
 */
export function resnet(
  x: Value,
  e: Value,
  { resnet: { name, inChannels, outChannels }, outScale, resample }: ResnetOptions,
  context: Context,
): Value {
  const { config, trace, type } = context;
  const activate = activations[config.activation];
  const normal = op.cast(op.groupNorm(x, `${name}.norm1`, config.normGroups, config.normEpsilon), type);
  trace(`${name}.norm1`, () => normal);
  let h = activate(normal);
  let shortcut = x;
  if (resample === 'half') [shortcut, h] = [op.averagePool2(x), op.averagePool2(h)];
  if (resample === 'double') shortcut = op.nearestUpsample2(x);
  if (resample === 'double') h = doubledConv(h, `${name}.conv1`, context);
  else h = conv(h, `${name}.conv1`, context);
  trace(`${name}.conv1`, () => h);
  h = conv(activate(op.cast(timedNorm(h, e, name, context), type)), `${name}.conv2`, context);
  trace(`${name}.conv2`, () => h);
  if (inChannels !== outChannels) {
    shortcut = op.conv(shortcut, `${name}.conv_shortcut`);
    trace(`${name}.conv_shortcut`, () => shortcut);
  }
  const sum = op.add(shortcut, h);
  const result = outScale === 1 ? sum : op.divide(sum, outScale);
  trace(name, () => result);
  return result;
}

/**
 * norm2 and the time, in float32, in one multiplication and one addition per pixel:
 *
 *     (n·w + b)·(1 + scale) + shift  =  n·(w·(1 + scale)) + (b·(1 + scale) + shift)
 */
function timedNorm(h: Value, e: Value, name: string, { config, trace }: Context): Value {
  const norm = `${name}.norm2`;
  const time = op.cast(op.linear(e, `${name}.time_emb_proj`), 'float32');
  trace(`${name}.time_emb_proj`, () => time);
  if (!config.scaleShift)
    return op.groupNorm(
      op.add(op.cast(h, 'float32'), overPixels(time)),
      norm,
      config.normGroups,
      config.normEpsilon,
    );
  const [scale, shift] = op.split(time, 2, 1) as [Value, Value];
  const factor = op.add(scale, 1);
  const weight = op.multiply(factor, h.graph.weight(`${norm}.weight`));
  const bias = op.add(op.multiply(factor, h.graph.weight(`${norm}.bias`)), shift);
  trace(norm, () => op.groupNorm(h, norm, config.normGroups, config.normEpsilon));
  const normal = op.normalizeGroups(h, config.normGroups, config.normEpsilon);
  return op.add(op.multiply(normal, overPixels(weight)), overPixels(bias));
}

/** [B, C] as [B, C, 1, 1]. */
const overPixels = (x: Value): Value => op.reshape(x, [...x.shape, 1, 1]);

/** [B, C, H, W] as [B, C, n]. */
const flat = (x: Value): Value => op.reshape(x, [x.shape[0]!, x.shape[1]!, op.positions(x)]);
/** [B, C, n] as [B, n, C] and back. */
const turned = (x: Value): Value => op.transpose(x, [0, 2, 1]);

/** Keys and values: [B, tokens, channels]. */
export interface KeyValue {
  readonly key: Value;
  readonly value: Value;
}

/** A linear layer in the context's type between two values in float32. */
const projection = (x: Value, name: string, { type }: Context): Value =>
  op.cast(op.linear(op.cast(x, type), name), 'float32');

/** What the network's attention blocks are shown of the text, [B, S, E] → [B, S, D], float32. */
export function projectedText(text: Value, context: Context): Value {
  if (!context.config.projectText) return text;
  const projected = projection(text, 'encoder_hid_proj', context);
  context.trace('encoder_hid_proj', () => projected);
  return projected;
}

/**
 * What an attention block sees of the text; the same at every step.
 *
 * @param text  [B, S, D], float32 like the result
 */
export function textKeyValue(text: Value, { name }: Attention, context: Context): KeyValue {
  const { config, trace } = context;
  const normal = normCross();
  const key = projection(normal, `${name}.add_k_proj`, context);
  const value = projection(normal, `${name}.add_v_proj`, context);
  trace(`${name}.add_k_proj`, () => key);
  trace(`${name}.add_v_proj`, () => value);
  return { key, value };

  function normCross(): Value {
    if (config.crossNorm === null) return text;
    if (config.crossNorm === 'layer_norm') return op.layerNorm(text, `${name}.norm_cross`);
    // 32 groups whatever norm_num_groups says; the statistics go over all tokens, the padding among them.
    const normal = op.groupNorm(turned(text), `${name}.norm_cross`, 32);
    trace(`${name}.norm_cross`, () => normal);
    return turned(normal);
  }
}

/**
 * Attention of pixels to the text and to each other: one softmax over both, the text first.
 *
 *     x + to_out(softmax(q·[k_text ; k]ᵀ/√d)·[v_text ; v])
 *
 * @param x  [B, C, H, W], of the context's type like the result
 * @param text  of B rows, or of one for all
 * @param bias  added to the scores of the text: [B or 1, 1, 1, S]
 */
export function attention(
  x: Value,
  block: Attention,
  text: KeyValue,
  bias: Value | undefined,
  { config, trace, type, fusedAttention }: Context,
): Value {
  const { name, channels, level } = block;
  // Differs: diffusers leaves this norm at its default ε and does not pass norm_eps on.
  const normal = op.cast(op.groupNorm(x, `${name}.group_norm`, config.normGroups, 1e-5), type);
  trace(`${name}.group_norm`, () => flat(normal));
  const project = (part: string): Value => {
    const projected = turned(flat(op.conv(normal, `${name}.${part}`)));
    trace(`${name}.${part}`, () => projected);
    return projected;
  };
  const query = project('to_q');
  const behind = (ofText: Value, part: string): Value => {
    const everyRow = op.expandRows(op.cast(ofText, type), x);
    return level.onlyCrossAttention ? everyRow : op.concat([everyRow, project(part)], 1);
  };
  const key = behind(text.key, 'to_k');
  const value = behind(text.value, 'to_v');
  const ofPixels = bias && !level.onlyCrossAttention ? op.padEnd(bias, op.shapeOf(query, 1, 2)) : bias;
  const attend = fusedAttention ? op.multiHeadAttention : op.plainAttention;
  const seen = attend(query, key, value, channels / level.headDim, ofPixels);
  const result = op.add(op.conv(op.reshapeLike(turned(seen), x), `${name}.to_out.0`), x);
  trace(name, () => result);
  return result;
}

/**
 * The whole text as part of the time embedding: attention pooling between two norms.
 *
 *     u = norm1(text); c = mean of u + position; softmax(q(c)·k([c, u])ᵀ/√d)·v([c, u]); norm2(proj(…))
 *
 * @param text  as the encoder gives it: [B, S, E]
 * @returns [B, T], float32
 */
export function textEmbedding(text: Value, context: Context): Value {
  const { config, trace } = context;
  const name = 'add_embedding';
  const [rows, , width] = text.shape as [number | string, number | string, number];
  const heads = config.textEmbeddingHeads;
  const normal = op.layerNorm(text, `${name}.norm1`);
  trace(`${name}.norm1`, () => normal);
  const whole = op.add(op.mean(normal, 1), text.graph.weight(`${name}.pool.positional_embedding`));
  const tokens = op.concat([whole, normal], 1);
  const project = (part: string, of: Value): Value =>
    op.transpose(
      op.reshape(projection(of, `${name}.pool.${part}_proj`, context), [
        rows,
        of.shape[1]!,
        heads,
        width / heads,
      ]),
      [0, 2, 1, 3],
    );
  // Both sides are scaled, as there: √d can be large for a single factor.
  const scale = (width / heads) ** -0.25;
  const query = op.multiply(project('q', whole), scale);
  const key = op.multiply(project('k', tokens), scale);
  const weights = op.softmax(op.matmul(query, op.transpose(key, [0, 1, 3, 2])));
  const pooled = op.reshape(op.matmul(weights, project('v', tokens)), [rows, width]);
  trace(`${name}.pool`, () => pooled);
  const projected = projection(pooled, `${name}.proj`, context);
  trace(`${name}.proj`, () => projected);
  const result = op.layerNorm(projected, `${name}.norm2`);
  trace(`${name}.norm2`, () => result);
  trace(name, () => result);
  return result;
}
