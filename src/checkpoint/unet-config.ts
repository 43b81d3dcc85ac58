import * as z from 'zod';
import { CheckpointError, UnsupportedModelError } from '../errors.ts';
import { parseConfig } from './config.ts';

const count = z.int().positive();
/** One value for all levels, or a list with one for each. */
const perLevel = <S extends z.ZodType>(value: S) => z.union([value, z.array(value)]);

const activation = z.enum(['gelu', 'silu', 'swish', 'relu']);
export type Activation = z.output<typeof activation>;

const downBlock = z.enum(['ResnetDownsampleBlock2D', 'SimpleCrossAttnDownBlock2D']);
const upBlock = z.enum(['ResnetUpsampleBlock2D', 'SimpleCrossAttnUpBlock2D']);

/** The keys of diffusers' UNet2DConditionModel that this program follows, with the defaults of that class. */
const keys = {
  sample_size: z.union([count, z.array(count).length(2), z.null()]).default(null),
  in_channels: count.default(4),
  out_channels: count.default(4),
  center_input_sample: z.boolean().default(false),
  flip_sin_to_cos: z.boolean().default(true),
  freq_shift: z.number().default(0),
  down_block_types: z.array(downBlock).min(1),
  mid_block_type: z.literal('UNetMidBlock2DSimpleCrossAttn'),
  up_block_types: z.array(upBlock).min(1),
  only_cross_attention: perLevel(z.boolean()).default(false),
  block_out_channels: z.array(count).min(1),
  layers_per_block: perLevel(count).default(2),
  mid_block_scale_factor: z.number().positive().default(1),
  act_fn: activation.default('silu'),
  norm_num_groups: count.default(32),
  norm_eps: z.number().positive().default(1e-5),
  cross_attention_dim: perLevel(count).default(1280),
  encoder_hid_dim: count.nullable().default(null),
  encoder_hid_dim_type: z.literal('text_proj').nullable().default(null),
  attention_head_dim: perLevel(count).default(8),
  class_embed_type: z.literal('timestep').nullable().default(null),
  addition_embed_type: z.literal('text').nullable().default(null),
  addition_embed_type_num_heads: count.default(64),
  resnet_time_scale_shift: z.enum(['default', 'scale_shift']).default('default'),
  resnet_skip_time_act: z.boolean().default(false),
  resnet_out_scale_factor: z.number().positive().default(1),
  time_embedding_dim: count.nullable().default(null),
  time_embedding_act_fn: activation.nullable().default(null),
  timestep_post_act: activation.nullable().default(null),
  conv_in_kernel: count.refine((k) => k % 2 === 1, 'must be odd').default(3),
  conv_out_kernel: count.refine((k) => k % 2 === 1, 'must be odd').default(3),
  mid_block_only_cross_attention: z.boolean().nullable().default(null),
  cross_attention_norm: z.enum(['group_norm', 'layer_norm']).nullable().default(null),
};

/** Keys that would change the mathematics with any other value than this. */
const fixed: Readonly<Record<string, unknown>> = {
  num_attention_heads: null,
  dual_cross_attention: false,
  num_class_embeds: null,
  class_embeddings_concat: false,
  time_embedding_type: 'positional',
  time_cond_proj_dim: null,
  attention_type: 'default',
};

/** Keys without influence on blocks of this kind, or on float32 inference at all. */
const idle = new Set([
  'dropout',
  'downsample_padding',
  'upcast_attention',
  'use_linear_projection',
  'transformer_layers_per_block',
  'reverse_transformer_layers_per_block',
  'addition_time_embed_dim',
  'projection_class_embeddings_input_dim',
]);

/** Whatever norm_num_groups says, diffusers normalises the text in 32. */
const CROSS_NORM_GROUPS = 32;

const schema = z.looseObject(keys);
type Keys = z.output<typeof schema>;

/** A level of the network, seen from outside (0) to inside. Heads have `headDim` channels each. */
export interface Level {
  readonly channels: number;
  readonly layers: number;
  readonly attention: boolean;
  readonly headDim: number;
  readonly onlyCrossAttention: boolean;
}

/** A UNet of the DeepFloyd IF kind, every default filled in and every list made one. */
export interface UNetConfig {
  /** Height it was trained at; undefined when the file does not say. */
  readonly sampleSize: number | undefined;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly centerInput: boolean;
  readonly flipSinToCos: boolean;
  readonly freqShift: number;
  readonly activation: Activation;
  readonly normGroups: number;
  readonly normEpsilon: number;
  /** Channels of the text inside the network, and as it comes from the encoder. */
  readonly crossDim: number;
  readonly textDim: number;
  readonly projectText: boolean;
  readonly crossNorm: 'group_norm' | 'layer_norm' | null;
  readonly timeDim: number;
  readonly timeActivation: Activation | null;
  readonly timePostActivation: Activation | null;
  readonly classEmbedding: boolean;
  readonly textEmbedding: boolean;
  readonly textEmbeddingHeads: number;
  readonly scaleShift: boolean;
  readonly skipTimeActivation: boolean;
  readonly outScale: number;
  readonly midScale: number;
  readonly convInKernel: number;
  readonly convOutKernel: number;
  readonly down: readonly Level[];
  readonly mid: Level;
  /** From inside to outside; `layers` counts the resnets, one more than on the way down. */
  readonly up: readonly Level[];
}

/**
 * @param text  a unet/config.json
 * @throws {UnsupportedModelError} naming the key and the value that this program does not know
 * @throws {CheckpointError} 'config' when a value cannot be one
 */
export function parseUNetConfig(text: string, file: string): UNetConfig {
  const json = parseConfig(text, z.record(z.string(), z.unknown()), file);
  refuseUnknown(json, file);
  const config = parseConfig(text, schema, file);
  return resolve(config, file);
}

function refuseUnknown(json: Readonly<Record<string, unknown>>, file: string): void {
  const unsupported = (key: string, value: unknown, expected: string) =>
    new UnsupportedModelError(
      'unsupported-config',
      `${file}: "${key}" is ${JSON.stringify(value)}, ${expected}`,
      {
        hint: 'this program opens pixel UNets of the DeepFloyd IF kind',
      },
    );
  for (const [key, value] of Object.entries(json)) {
    if (key.startsWith('_') || idle.has(key)) continue;
    if (Object.hasOwn(keys, key)) {
      const known = keys[key as keyof typeof keys];
      const options = enumerated(known);
      const wrong = options && [value].flat().find((v) => typeof v === 'string' && !options.includes(v));
      if (wrong) throw unsupported(key, wrong, `expected ${options.join(' or ')}`);
    } else if (Object.hasOwn(fixed, key)) {
      if (value !== fixed[key]) throw unsupported(key, value, `only ${JSON.stringify(fixed[key])} is known`);
    } else if (value !== null && value !== false) {
      throw unsupported(key, value, 'a key that is not known');
    }
  }
}

/** The words a key may have, looking through defaults, null and lists. */
function enumerated(type: z.ZodType): string[] | undefined {
  if (type instanceof z.ZodEnum) return type.options as string[];
  if (type instanceof z.ZodLiteral) return [...type.values] as string[];
  if (type instanceof z.ZodDefault || type instanceof z.ZodNullable)
    return enumerated(type.unwrap() as z.ZodType);
  if (type instanceof z.ZodArray) return enumerated(type.element as z.ZodType);
  return undefined;
}

function resolve(config: Keys, file: string): UNetConfig {
  const fail = (message: string) => new CheckpointError('config', `${file}: ${message}`, { file });
  const levels = config.block_out_channels.length;
  const listed = <T>(key: string, value: T | readonly T[]): readonly T[] => {
    const list = Array.isArray(value) ? (value as readonly T[]) : Array<T>(levels).fill(value as T);
    if (list.length !== levels) throw fail(`"${key}" has ${list.length} entries for ${levels} levels`);
    return list;
  };
  const layers = listed('layers_per_block', config.layers_per_block);
  const headDims = listed('attention_head_dim', config.attention_head_dim);
  const onlyCross = listed('only_cross_attention', config.only_cross_attention);
  const crossDims = new Set(listed('cross_attention_dim', config.cross_attention_dim));
  const downTypes = listed('down_block_types', config.down_block_types);
  const upTypes = listed('up_block_types', config.up_block_types);
  const [crossDim] = crossDims as unknown as [number];
  if (crossDims.size > 1)
    throw new UnsupportedModelError(
      'unsupported-config',
      `${file}: "cross_attention_dim" differs between levels`,
    );
  for (const channels of config.block_out_channels) {
    if (channels % config.norm_num_groups !== 0)
      throw fail(`${channels} channels cannot be normalised in ${config.norm_num_groups} groups`);
  }
  const textDim = config.encoder_hid_dim ?? crossDim;
  if (config.addition_embed_type && textDim % config.addition_embed_type_num_heads !== 0) {
    throw fail(`${textDim} text channels cannot be split into ${config.addition_embed_type_num_heads} heads`);
  }
  const down: Level[] = config.block_out_channels.map((channels, i) => ({
    channels,
    layers: layers[i]!,
    attention: downTypes[i] === 'SimpleCrossAttnDownBlock2D',
    headDim: headDims[i]!,
    onlyCrossAttention: onlyCross[i]!,
  }));
  const midOnlyCross =
    config.mid_block_only_cross_attention ??
    (typeof config.only_cross_attention === 'boolean' && config.only_cross_attention);
  const mid: Level = { ...down.at(-1)!, attention: true, layers: 1, onlyCrossAttention: midOnlyCross };
  const up: Level[] = down.toReversed().map((level, i) => ({
    ...level,
    layers: level.layers + 1,
    attention: upTypes[i] === 'SimpleCrossAttnUpBlock2D',
    // Differs from what one expects: diffusers turns all lists around for the way up, but not this one.
    headDim: headDims[i]!,
  }));
  for (const { channels, headDim } of [...down, mid, ...up].filter((level) => level.attention)) {
    if (channels % headDim !== 0) throw fail(`${channels} channels cannot be split into heads of ${headDim}`);
    if (config.cross_attention_norm === 'layer_norm' && channels !== crossDim)
      throw fail(`a layer norm of ${channels} channels cannot take a text of ${crossDim}`);
  }
  if (config.cross_attention_norm === 'group_norm' && crossDim % CROSS_NORM_GROUPS !== 0)
    throw fail(`${crossDim} text channels cannot be normalised in ${CROSS_NORM_GROUPS} groups`);
  return {
    sampleSize: [config.sample_size].flat()[0] ?? undefined,
    inChannels: config.in_channels,
    outChannels: config.out_channels,
    centerInput: config.center_input_sample,
    flipSinToCos: config.flip_sin_to_cos,
    freqShift: config.freq_shift,
    activation: config.act_fn,
    normGroups: config.norm_num_groups,
    normEpsilon: config.norm_eps,
    crossDim,
    textDim,
    // Older files name the dimension without the type.
    projectText: config.encoder_hid_dim !== null,
    crossNorm: config.cross_attention_norm,
    timeDim: config.time_embedding_dim ?? 4 * down[0]!.channels,
    timeActivation: config.time_embedding_act_fn,
    timePostActivation: config.timestep_post_act,
    classEmbedding: config.class_embed_type === 'timestep',
    textEmbedding: config.addition_embed_type === 'text',
    textEmbeddingHeads: config.addition_embed_type_num_heads,
    scaleShift: config.resnet_time_scale_shift === 'scale_shift',
    skipTimeActivation: config.resnet_skip_time_act,
    outScale: config.resnet_out_scale_factor,
    midScale: config.mid_block_scale_factor,
    convInKernel: config.conv_in_kernel,
    convOutKernel: config.conv_out_kernel,
    down,
    mid,
    up,
  };
}
