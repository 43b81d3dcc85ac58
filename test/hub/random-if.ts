/**
 * Repositories laid out file by file like DeepFloyd's, with random weights: the configurations of the real models at a
 * fraction of their width and depth, so that a whole page takes seconds.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { openSafetensors, readTensor, writeSafetensors } from '../../src/checkpoint/safetensors.ts';
import { parseUNetConfig } from '../../src/checkpoint/unet-config.ts';
import { unetParameters } from '../../src/models/parameters.ts';
import { floatToHalf } from '../../src/tensor/float16.ts';
import { TorchGenerator } from '../../src/tensor/random.ts';
import { sizeOf } from '../../src/tensor/tensor.ts';
import { ifModel, json } from './mock-hub.ts';

const oracle = (path: string): string => fileURLToPath(new URL(`../oracle/${path}`, import.meta.url));

type Files = Record<string, Buffer>;
type Tensors = Parameters<typeof writeSafetensors>[1];

/** Of the text encoder in test/oracle/tiny-if. */
const TEXT_WIDTH = 48;
const narrow = {
  encoder_hid_dim: TEXT_WIDTH,
  addition_embed_type_num_heads: 3,
  // The norm of the text has 32 groups whatever the configuration says.
  cross_attention_dim: 32,
  attention_head_dim: 8,
  norm_num_groups: 4,
  block_out_channels: [8, 16],
  layers_per_block: 1,
  down_block_types: ['ResnetDownsampleBlock2D', 'SimpleCrossAttnDownBlock2D'],
  up_block_types: ['SimpleCrossAttnUpBlock2D', 'ResnetUpsampleBlock2D'],
};

const scheduler = (settings: object): Buffer =>
  json({
    _class_name: 'DDPMScheduler',
    beta_schedule: 'squaredcos_cap_v2',
    num_train_timesteps: 1000,
    prediction_type: 'epsilon',
    variance_type: 'learned_range',
    thresholding: true,
    dynamic_thresholding_ratio: 0.95,
    ...settings,
  });

/** DeepFloyd/IF-I-M-v1.0: text to pictures of 32 × 32, with its text encoder in two shards. */
export async function randomStageOne(): Promise<Files> {
  const unet = await randomUnet('IF-I-M', {
    ...narrow,
    sample_size: 32,
  });
  return {
    ...ifModel(Buffer.alloc(0)),
    ...unet,
    ...(await textEncoder()),
    'model_index.json': json({
      _class_name: 'IFPipeline',
      feature_extractor: ['transformers', 'CLIPImageProcessor'],
      safety_checker: ['deepfloyd_if', 'IFSafetyChecker'],
      scheduler: ['diffusers', 'DDPMScheduler'],
      text_encoder: ['transformers', 'T5EncoderModel'],
      tokenizer: ['transformers', 'T5Tokenizer'],
      unet: ['diffusers', 'UNet2DConditionModel'],
      watermarker: ['deepfloyd_if', 'IFWatermarker'],
    }),
    'scheduler/scheduler_config.json': scheduler({ sample_max_value: 1.5 }),
  };
}

/** DeepFloyd/IF-II-M-v1.0: pictures of 32 × 32 to 64 × 64; a copy of the text encoder, and deep-floyd's own file, lie beside. */
export async function randomStageTwo(): Promise<Files> {
  const unet = await randomUnet('IF-II-M', {
    ...narrow,
    sample_size: 64,
    time_embedding_dim: 32,
  });
  return {
    ...(await randomStageOne()),
    ...unet,
    'pytorch_model.bin': Buffer.alloc(2000, 'x'),
    'model_index.json': json({ _class_name: 'IFSuperResolutionPipeline' }),
    'scheduler/scheduler_config.json': scheduler({ sample_max_value: 1 }),
    'image_noising_scheduler/scheduler_config.json': scheduler({
      variance_type: 'fixed_small',
      thresholding: false,
    }),
  };
}

/** The configuration of a published network with some values changed, and random halves that keep lengths about as they are. */
async function randomUnet(name: string, changes: object): Promise<Files> {
  const manifest = gunzipSync(await readFile(oracle(`manifests/${name}.json.gz`))).toString();
  const { config } = JSON.parse(manifest) as { config: object };
  const text = json({ _class_name: 'UNet2DConditionModel', ...config, ...changes });
  const generator = new TorchGenerator(180);
  const tensors = [...unetParameters(parseUNetConfig(text.toString(), name))].map(([tensor, shape]) => {
    const fanIn = sizeOf(shape.slice(1));
    const centre = shape.length === 1 && tensor.endsWith('.weight') ? 1 : 0;
    const spread = shape.length === 1 ? 0.1 : 1 / Math.sqrt(fanIn);
    const values = generator.randn(sizeOf(shape)).map((value) => centre + spread * value);
    return [
      tensor,
      { dtype: 'F16' as const, shape, bytes: bytesOf(Uint16Array.from(values, floatToHalf)) },
    ] as const;
  });
  return {
    'unet/config.json': text,
    'unet/diffusion_pytorch_model.fp16.safetensors': await safetensors(tensors),
  };
}

/** The oracle's encoder as the hub has it: fp16 but for the matrices `wo`, in two shards under an index of the old name. */
async function textEncoder(): Promise<Files> {
  const { tensors } = await openSafetensors(oracle('tiny-if/text_encoder/model.safetensors'));
  const shards: (readonly [
    string,
    { dtype: 'F16' | 'F32'; shape: readonly number[]; bytes: Uint8Array },
  ])[][] = [[], []];
  for (const [i, [name, entry]] of [...tensors].entries()) {
    const { data, shape } = await readTensor(entry);
    const wide = name.endsWith('.wo.weight');
    const bytes = bytesOf(wide ? data : Uint16Array.from(data, floatToHalf));
    shards[2 * i < tensors.size ? 0 : 1]!.push([name, { dtype: wide ? 'F32' : 'F16', shape, bytes }]);
  }
  const fileOf = (shard: number): string => `model.fp16-0000${shard + 1}-of-00002.safetensors`;
  const weightMap = shards.flatMap((shard, i) => shard.map(([name]) => [name, fileOf(i)]));
  const files: Files = {
    'text_encoder/config.json': await readFile(oracle('tiny-if/text_encoder/config.json')),
    'text_encoder/model.safetensors.index.fp16.json': json({
      metadata: { total_size: 0 },
      weight_map: Object.fromEntries(weightMap),
    }),
    'tokenizer/spiece.model': await readFile(oracle('tiny-if/tokenizer/spiece.model')),
    'tokenizer/tokenizer_config.json': await readFile(oracle('tiny-if/tokenizer/tokenizer_config.json')),
  };
  for (const [i, shard] of shards.entries()) files[`text_encoder/${fileOf(i)}`] = await safetensors(shard);
  return files;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint16Array | Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

async function safetensors(tensors: Tensors): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'campanile-random-'));
  try {
    const file = join(folder, 'weights.safetensors');
    await writeSafetensors(file, tensors);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
