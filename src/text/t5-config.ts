import * as z from 'zod';
import { readConfig } from '../checkpoint/config.ts';
import { UnsupportedModelError } from '../errors.ts';

const size = z.int().positive();
const schema = z.looseObject({
  model_type: z.string().default('t5'),
  vocab_size: size,
  d_model: size,
  d_kv: size,
  d_ff: size,
  num_layers: size,
  num_heads: size,
  relative_attention_num_buckets: size.min(4).default(32),
  relative_attention_max_distance: size.default(128),
  layer_norm_epsilon: z.number().positive().default(1e-6),
  feed_forward_proj: z.string().default('relu'),
});

/** The sizes of a T5 encoder, as `text_encoder/config.json` gives them. */
export interface T5Config {
  readonly vocabularySize: number;
  /** E: width of the embedding. */
  readonly width: number;
  readonly headWidth: number;
  readonly heads: number;
  readonly feedForwardWidth: number;
  readonly blocks: number;
  readonly buckets: number;
  readonly maxDistance: number;
  readonly epsilon: number;
}

/**
 * @param file  a text_encoder/config.json
 * @throws {CheckpointError} 'file-missing', or 'config' when a size is missing or no size
 * @throws {UnsupportedModelError} when it is not a T5 v1.1
 */
export async function readT5Config(file: string): Promise<T5Config> {
  const config = await readConfig(file, schema);
  if (config.model_type !== 't5' || config.feed_forward_proj !== 'gated-gelu')
    throw new UnsupportedModelError(
      'text-encoder',
      `${file} describes a "${config.model_type}" with ${config.feed_forward_proj} layers, expected a "t5" with gated-gelu layers`,
      { hint: 'DeepFloyd IF reads its prompts with T5 v1.1' },
    );
  return {
    vocabularySize: config.vocab_size,
    width: config.d_model,
    headWidth: config.d_kv,
    heads: config.num_heads,
    feedForwardWidth: config.d_ff,
    blocks: config.num_layers,
    buckets: config.relative_attention_num_buckets,
    maxDistance: config.relative_attention_max_distance,
    epsilon: config.layer_norm_epsilon,
  };
}
