import type { UNetConfig } from '../checkpoint/unet-config.ts';
import type { Weights } from '../checkpoint/weights.ts';
import { CheckpointError } from '../errors.ts';
import { sameShape, sizeOf } from '../tensor/tensor.ts';
import { type Attention, attentionsOf, type Resnet, resnetsOf, topologyOf } from './topology.ts';

export type Parameters = ReadonlyMap<string, readonly number[]>;
type Shapes = [name: string, shape: number[]][];

const linear = (name: string, outSize: number, inSize: number): Shapes => [
  [`${name}.weight`, [outSize, inSize]],
  [`${name}.bias`, [outSize]],
];
const conv = (name: string, outSize: number, inSize: number, kernel: number): Shapes => [
  [`${name}.weight`, [outSize, inSize, kernel, kernel]],
  [`${name}.bias`, [outSize]],
];
const norm = (name: string, size: number): Shapes => [
  [`${name}.weight`, [size]],
  [`${name}.bias`, [size]],
];

/** Name and shape of every tensor that a checkpoint of this config holds, as diffusers names them. */
export function unetParameters(config: UNetConfig): Parameters {
  const { timeDim, textDim, crossDim } = config;
  const first = config.down[0]!.channels;
  const topology = topologyOf(config);
  return new Map([
    ...conv('conv_in', first, config.inChannels, config.convInKernel),
    ...linear('time_embedding.linear_1', timeDim, first),
    ...linear('time_embedding.linear_2', timeDim, timeDim),
    ...(config.classEmbedding ? linear('class_embedding.linear_1', timeDim, first) : []),
    ...(config.classEmbedding ? linear('class_embedding.linear_2', timeDim, timeDim) : []),
    ...(config.projectText ? linear('encoder_hid_proj', crossDim, textDim) : []),
    ...(config.textEmbedding ? textEmbedding(textDim, timeDim) : []),
    ...resnetsOf(topology).flatMap((resnet) => resnetParameters(resnet, config)),
    ...attentionsOf(topology).flatMap((attention) => attentionParameters(attention, config)),
    ...norm('conv_norm_out', first),
    ...conv('conv_out', config.outChannels, first, config.convOutKernel),
  ]);
}

const textEmbedding = (textDim: number, timeDim: number): Shapes => [
  ...norm('add_embedding.norm1', textDim),
  ['add_embedding.pool.positional_embedding', [1, textDim]],
  ...['q', 'k', 'v'].flatMap((part) => linear(`add_embedding.pool.${part}_proj`, textDim, textDim)),
  ...linear('add_embedding.proj', timeDim, textDim),
  ...norm('add_embedding.norm2', timeDim),
];

const resnetParameters = (
  { name, inChannels, outChannels }: Resnet,
  { timeDim, scaleShift }: UNetConfig,
): Shapes => [
  ...norm(`${name}.norm1`, inChannels),
  ...conv(`${name}.conv1`, outChannels, inChannels, 3),
  ...linear(`${name}.time_emb_proj`, scaleShift ? 2 * outChannels : outChannels, timeDim),
  ...norm(`${name}.norm2`, outChannels),
  ...conv(`${name}.conv2`, outChannels, outChannels, 3),
  ...(inChannels === outChannels ? [] : conv(`${name}.conv_shortcut`, outChannels, inChannels, 1)),
];

const attentionParameters = (
  { name, channels, level }: Attention,
  { crossDim, crossNorm }: UNetConfig,
): Shapes => [
  ...norm(`${name}.group_norm`, channels),
  ...(crossNorm ? norm(`${name}.norm_cross`, crossNorm === 'layer_norm' ? channels : crossDim) : []),
  ...linear(`${name}.to_q`, channels, channels),
  ...(level.onlyCrossAttention
    ? []
    : ['to_k', 'to_v'].flatMap((part) => linear(`${name}.${part}`, channels, channels))),
  ...['add_k_proj', 'add_v_proj'].flatMap((part) => linear(`${name}.${part}`, channels, crossDim)),
  ...linear(`${name}.to_out.0`, channels, channels),
];

export const countOf = (parameters: Parameters): number =>
  [...parameters.values()].reduce((total, shape) => total + sizeOf(shape), 0);

/**
 * Holds the tensors of a file against those its config promises.
 *
 * @throws {CheckpointError} 'tensor-missing', 'tensor-shape', 'tensor-extra', naming the first and counting the others
 */
export function checkParameters(weights: Weights, expected: Parameters): void {
  const file = weights.files[0]!;
  const more = (names: readonly string[]) => (names.length > 1 ? ` and ${names.length - 1} more` : '');
  const missing = [...expected.keys()].filter((name) => !weights.tensors.has(name));
  if (missing.length > 0) {
    throw new CheckpointError(
      'tensor-missing',
      `${file} has no "${missing[0]}"${more(missing)}, which its config.json promises`,
      {
        file,
        tensor: missing[0]!,
        hint: missingHint(weights),
      },
    );
  }
  const misshapen = [...expected].filter(
    ([name, shape]) => !sameShape(weights.tensors.get(name)!.shape, shape),
  );
  if (misshapen.length > 0) {
    const [tensor, shape] = misshapen[0]!;
    const found = `[${weights.tensors.get(tensor)!.shape.join(', ')}]`;
    throw new CheckpointError(
      'tensor-shape',
      `${file}: "${tensor}" is ${found}, its config.json promises [${shape.join(', ')}]${more(misshapen.map(([n]) => n))}`,
      {
        file,
        tensor,
        expected: `[${shape.join(', ')}]`,
        found,
        hint: 'config.json and weights are of different models',
      },
    );
  }
  const extra = [...weights.tensors.keys()].filter((name) => !expected.has(name));
  if (extra.length > 0) {
    throw new CheckpointError(
      'tensor-extra',
      `${file} holds "${extra[0]}"${more(extra)}, which its config.json does not know`,
      {
        file,
        tensor: extra[0]!,
        hint: 'config.json and weights are of different models',
      },
    );
  }
}

const missingHint = ({ tensors }: Weights): string =>
  tensors.has('input_blocks.0.0.weight')
    ? "this is an original deep-floyd checkpoint; pull the model's unet/ folder, which holds the same weights in diffusers' layout"
    : 'config.json and weights are of different models, or the file was not written to its end';
