import { expect, test } from 'vitest';
import { type WeightsVariant, weightFiles } from './weight-files.ts';

const all: readonly WeightsVariant[] = ['', 'fp16', 'bf16'];
const entries = (names: string[], variants = all) => weightFiles(names, variants).map(({ entry }) => entry);

test('every way in which the libraries have named a kind of number is known', () => {
  for (const variant of ['fp16', 'bf16'] as const)
    for (const [entry, ...parts] of [
      [`model.${variant}.safetensors`],
      [`diffusion_pytorch_model.${variant}.safetensors`],
      [
        `model.safetensors.index.${variant}.json`,
        `model.${variant}-00001-of-00002.safetensors`,
        `model.${variant}-00002-of-00002.safetensors`,
      ],
      [
        `diffusion_pytorch_model.${variant}.safetensors.index.json`,
        `diffusion_pytorch_model-00001-of-00002.${variant}.safetensors`,
        `diffusion_pytorch_model-00002-of-00002.${variant}.safetensors`,
      ],
    ])
      expect(weightFiles(['config.json', entry!, ...parts], all)).toEqual([
        { variant, entry, parts, complete: true },
      ]);
});

test('the order that is asked for decides, whole files or not', () => {
  const names = [
    'model.fp16.safetensors',
    'model.safetensors.index.json',
    'model-00001-of-00001.safetensors',
  ];
  expect(entries(names)).toEqual(['model.safetensors.index.json', 'model.fp16.safetensors']);
  expect(entries(names, ['fp16', ''])).toEqual(['model.fp16.safetensors', 'model.safetensors.index.json']);
});

test('a set with a part missing says so; other files are none', () => {
  expect(
    weightFiles(['model.safetensors.index.json', 'model-00002-of-00003.safetensors'], all),
  ).toMatchObject([{ complete: false }]);
  expect(entries(['model.non_ema.safetensors', 'pytorch_model.safetensors', 'model.bin'])).toEqual([]);
});
