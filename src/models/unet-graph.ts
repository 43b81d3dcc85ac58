import type { UNetConfig } from '../checkpoint/unet-config.ts';
import { Graph, type GraphWeights, type Value } from '../graph/builder.ts';
import * as op from '../graph/ops.ts';
import type { MemoryUse, Precision } from '../platform/engine.ts';
import {
  activations,
  attention,
  type Context,
  projectedText,
  resnet,
  textEmbedding,
  textKeyValue,
  timeMlp,
} from './blocks.ts';
import { type Attention, attentionsOf, type Resnet, topologyOf } from './topology.ts';

export interface GraphOptions {
  /** Gives out what every named piece of the network computes. */
  readonly trace?: boolean | undefined;
  readonly memory?: MemoryUse | undefined;
  /** 'full' by default. */
  readonly precision?: Precision | undefined;
  /** Attention in operators of its own, in 'full' precision too, where it is one operator otherwise. */
  readonly plainAttention?: boolean | undefined;
  /** Convolutions in tiles, where the device's own are products of matrices. */
  readonly winograd?: boolean | undefined;
}

/** Bytes of float32 that one convolution's weight may take where memory is short: IF-I-XL's largest takes 571 MB at once. */
export const WIDENED_AT_ONCE = 2 ** 26;

/** Names of the values that go from the text graph to the step graph. */
const EMBEDDING = 'embedding';
const keyNameOf = ({ name }: Attention) => `${name}.key`;
const valueNameOf = ({ name }: Attention) => `${name}.value`;

function newGraph(
  config: UNetConfig,
  weights: GraphWeights,
  { trace = false, memory, precision = 'full', plainAttention = false, winograd = false }: GraphOptions,
): [Graph, Context] {
  const graph = new Graph(weights, memory === 'low' ? WIDENED_AT_ONCE : undefined);
  const context: Context = {
    config,
    trace: (name, value) => trace && graph.output(name, op.cast(value(), 'float32')),
    type: precision === 'half' ? 'float16' : 'float32',
    fusedAttention: precision === 'full' && !plainAttention,
    // In halves, sums of weights would be rounded once more.
    asStored: memory === 'low' || precision === 'half',
    winograd,
  };
  return [graph, context];
}

/**
 * All that depends on the prompt alone: once per prompt.
 *
 *     text [B, S, E]  →  embedding [B, T], and per attention block a key and a value [B, S, C]
 */
export function textGraph(config: UNetConfig, weights: GraphWeights, options: GraphOptions = {}): Graph {
  const [graph, context] = newGraph(config, weights, options);
  const text = graph.input('text', ['rows', 'tokens', config.textDim]);
  if (config.textEmbedding) graph.output(EMBEDDING, textEmbedding(text, context));
  const projected = projectedText(text, context);
  for (const block of attentionsOf(topologyOf(config))) {
    const { key, value } = textKeyValue(projected, block, context);
    graph.output(keyNameOf(block), key);
    graph.output(valueNameOf(block), value);
  }
  return graph;
}

/**
 * One look at a noisy picture.
 *
 *     sample [B, C, H, W], time and labels (sinusoids) [B, C₀], the text graph's results of B rows or of one  →  out [B, out, H, W]
 *
 * @param options.masked  adds the input mask [B or 1, S], 1 for tokens that may be looked at
 */
export function stepGraph(
  config: UNetConfig,
  weights: GraphWeights,
  options: GraphOptions & { readonly masked?: boolean } = {},
): Graph {
  const [graph, context] = newGraph(config, weights, options);
  const { trace, type } = context;
  const topology = topologyOf(config);
  const activate = activations[config.activation];
  const sample = graph.input('sample', ['rows', config.inChannels, 'height', 'width']);
  const e = op.cast(embedding(graph, context), type);
  const bias = options.masked ? maskBias(graph.input('mask', ['texts', 'tokens'])) : undefined;

  const residual = (x: Value, block: Resnet, resample?: 'half' | 'double'): Value =>
    resnet(x, e, { resnet: block, outScale: config.outScale, ...(resample && { resample }) }, context);
  const look = (x: Value, block: Attention): Value => {
    const shape = ['texts', 'tokens', block.channels];
    return attention(
      x,
      block,
      { key: graph.input(keyNameOf(block), shape), value: graph.input(valueNameOf(block), shape) },
      bias,
      context,
    );
  };

  // The first and the last convolution have few channels on one side: float32 costs nothing there.
  const centred = config.centerInput ? op.subtract(op.multiply(sample, 2), 1) : sample;
  let h = op.cast(op.conv(centred, 'conv_in'), type);
  trace('conv_in', () => h);
  const skips = [h];
  for (const { name, layers, resampler } of topology.down) {
    for (const layer of layers) {
      h = residual(h, layer.resnet);
      if (layer.attention) h = look(h, layer.attention);
      skips.push(h);
    }
    if (resampler) {
      h = residual(h, resampler, 'half');
      skips.push(h);
    }
    trace(name, () => h);
  }
  const { before, attention: middle, after } = topology.mid;
  const inMiddle = (x: Value, block: Resnet): Value =>
    resnet(x, e, { resnet: block, outScale: config.midScale }, context);
  h = inMiddle(look(inMiddle(h, before), middle), after);
  trace('mid_block', () => h);
  for (const { name, layers, resampler } of topology.up) {
    for (const layer of layers) {
      h = residual(op.concat([h, skips.pop()!], 1), layer.resnet);
      if (layer.attention) h = look(h, layer.attention);
    }
    if (resampler) h = residual(h, resampler, 'double');
    trace(name, () => h);
  }
  h = op.groupNorm(h, 'conv_norm_out', config.normGroups, config.normEpsilon);
  trace('conv_norm_out', () => h);
  h = activate(h);
  trace('conv_act', () => h);
  const out = op.conv(h, 'conv_out');
  trace('conv_out', () => out);
  graph.output('out', out);
  return graph;
}

/** Time, noise level and text in one vector, activated as the resnets want it: [B, T], float32. */
function embedding(graph: Graph, context: Context): Value {
  const { config, trace } = context;
  const sinusoid = ['rows', config.down[0]!.channels];
  let e = timeMlp(graph.input('time', sinusoid), 'time_embedding', context);
  if (config.timePostActivation) e = activations[config.timePostActivation](e);
  trace('time_embedding', () => e);
  if (config.classEmbedding) {
    const ofLabels = timeMlp(graph.input('labels', sinusoid), 'class_embedding', context);
    trace('class_embedding', () => ofLabels);
    e = op.add(e, ofLabels);
  }
  if (config.textEmbedding) e = op.add(e, graph.input(EMBEDDING, ['texts', config.timeDim]));
  if (config.timeActivation) {
    e = activations[config.timeActivation](e);
    trace('time_embed_act', () => e);
  }
  return config.skipTimeActivation ? e : activations[config.activation](e);
}

/** (1 − m)·(−10000), to be added to the scores of the text: [B, 1, 1, S]. */
const maskBias = (mask: Value): Value =>
  op.reshape(op.multiply(op.subtract(mask, 1), 10_000), [mask.shape[0]!, 1, 1, mask.shape[1]!]);
