import { expect, test } from 'vitest';
import { parseUNetConfig } from './unet-config.ts';

const base = {
  _class_name: 'UNet2DConditionModel',
  sample_size: 64,
  in_channels: 3,
  out_channels: 6,
  block_out_channels: [32, 64, 96],
  layers_per_block: [1, 2, 3],
  down_block_types: ['ResnetDownsampleBlock2D', 'SimpleCrossAttnDownBlock2D', 'SimpleCrossAttnDownBlock2D'],
  up_block_types: ['SimpleCrossAttnUpBlock2D', 'SimpleCrossAttnUpBlock2D', 'ResnetUpsampleBlock2D'],
  mid_block_type: 'UNetMidBlock2DSimpleCrossAttn',
  attention_head_dim: [8, 16, 32],
  cross_attention_dim: 64,
  encoder_hid_dim: 48,
};
const parse = (more: Record<string, unknown> = {}) =>
  parseUNetConfig(JSON.stringify({ ...base, ...more }), 'config.json');
const refused = (more: Record<string, unknown>, code: string, words: string) => {
  expect(() => parse(more)).toThrow(expect.objectContaining({ code }));
  expect(() => parse(more)).toThrow(words);
};

test('lists are turned around for the way up, but head sizes are not', () => {
  const { down, mid, up } = parse();
  expect(down.map((l) => [l.channels, l.layers, l.headDim])).toEqual([
    [32, 1, 8],
    [64, 2, 16],
    [96, 3, 32],
  ]);
  expect([mid.channels, mid.headDim]).toEqual([96, 32]);
  expect(up.map((l) => [l.channels, l.layers, l.headDim])).toEqual([
    [96, 4, 8],
    [64, 3, 16],
    [32, 2, 32],
  ]);
});

test('the middle follows only_cross_attention when that is one word, and not when it is a list', () => {
  expect(parse({ only_cross_attention: true }).mid.onlyCrossAttention).toBe(true);
  expect(parse({ only_cross_attention: [true, true, true] }).mid.onlyCrossAttention).toBe(false);
  expect(
    parse({ only_cross_attention: true, mid_block_only_cross_attention: false }).mid.onlyCrossAttention,
  ).toBe(false);
});

test('an encoder_hid_dim without a type is a projection, as in older files', () => {
  expect(parse()).toMatchObject({ projectText: true, textDim: 48, crossDim: 64, timeDim: 128 });
  expect(parse({ encoder_hid_dim: null })).toMatchObject({ projectText: false, textDim: 64 });
});

test.each([
  [
    {
      down_block_types: ['CrossAttnDownBlock2D', 'SimpleCrossAttnDownBlock2D', 'SimpleCrossAttnDownBlock2D'],
    },
    '"down_block_types" is "CrossAttnDownBlock2D"',
  ],
  [{ mid_block_type: 'UNetMidBlock2D' }, '"mid_block_type" is "UNetMidBlock2D"'],
  [{ act_fn: 'mish' }, '"act_fn" is "mish"'],
  [{ class_embed_type: 'projection' }, '"class_embed_type" is "projection"'],
  [{ encoder_hid_dim_type: 'image_proj' }, '"encoder_hid_dim_type" is "image_proj"'],
  [{ time_embedding_type: 'fourier' }, '"time_embedding_type" is "fourier"'],
  [{ num_attention_heads: 8 }, '"num_attention_heads" is 8'],
  [{ class_embeddings_concat: true }, '"class_embeddings_concat" is true'],
  [{ a_new_switch: 'on' }, '"a_new_switch" is "on"'],
  [{ cross_attention_dim: [64, 32, 64] }, 'differs between levels'],
])('%j would change the mathematics and is refused', (more, words) =>
  refused(more, 'unsupported-config', words),
);

test('a new key that is switched off changes nothing', () => {
  expect(parse({ a_new_switch: null, another: false, _comment: 'x', dropout: 0.1 })).toEqual(parse());
});

test.each([
  [{ layers_per_block: [1, 2] }, '2 entries for 3 levels'],
  [{ block_out_channels: [32, 64, 90] }, '90 channels cannot be normalised in 32 groups'],
  [{ attention_head_dim: 48 }, '64 channels cannot be split into heads of 48'],
  [{ addition_embed_type: 'text', addition_embed_type_num_heads: 7 }, 'cannot be split into 7 heads'],
  [{ attention_head_dim: [64, 16, 32] }, '96 channels cannot be split into heads of 64'],
  [{ cross_attention_dim: 48, cross_attention_norm: 'group_norm' }, '48 text channels'],
  [{ cross_attention_norm: 'layer_norm' }, 'a layer norm of 96 channels cannot take a text of 64'],
  [{ in_channels: -3 }, '"in_channels": expected more than 0, got -3'],
  [{ conv_in_kernel: 4 }, 'must be odd'],
])('%j cannot be', (more, words) => refused(more, 'config', words));
