import { expect, test } from 'vitest';
import { selectFiles } from './selection.ts';

const stage = ['model_index.json', 'unet/config.json', 'scheduler/scheduler_config.json', 'README.md'];
const unet = (...names: string[]) => names.map((name) => `unet/diffusion_pytorch_model${name}`);
const weights = (files: readonly string[]) => files.filter((path) => path.includes('safetensors'));

test('half precision is preferred, and full precision on request', () => {
  const paths = [...stage, ...unet('.safetensors', '.fp16.safetensors', '.bin', '.fp16.bin')];
  expect(weights(selectFiles(paths))).toEqual(unet('.fp16.safetensors'));
  expect(weights(selectFiles(paths, { precision: 'full' }))).toEqual(unet('.safetensors'));
});

test('one precision is taken when there is no other', () => {
  expect(weights(selectFiles([...stage, ...unet('.safetensors')]))).toEqual(unet('.safetensors'));
  expect(weights(selectFiles([...stage, ...unet('.fp16.safetensors')], { precision: 'full' }))).toEqual(
    unet('.fp16.safetensors'),
  );
});

test.each([
  ['.fp16-00001-of-00002.safetensors', '.fp16-00002-of-00002.safetensors', '.safetensors.index.fp16.json'],
  ['-00001-of-00002.fp16.safetensors', '-00002-of-00002.fp16.safetensors', '.fp16.safetensors.index.json'],
])('parts named like %s come with their index', (...names) => {
  const paths = [...stage, ...unet(...names, '-00001-of-00003.safetensors', '.safetensors.index.json')];
  expect(weights(selectFiles(paths)).sort()).toEqual(unet(...names).sort());
});

test('a set with a part or its index missing is not taken', () => {
  const whole = unet('.safetensors');
  for (const some of [
    unet('.fp16-00001-of-00002.safetensors', '.safetensors.index.fp16.json'),
    unet('.fp16-00001-of-00002.safetensors', '.fp16-00002-of-00002.safetensors'),
  ])
    expect(weights(selectFiles([...stage, ...some, ...whole]))).toEqual(whole);
});

test('the noising scheduler of stage II comes along', () => {
  const path = 'image_noising_scheduler/scheduler_config.json';
  expect(selectFiles([...stage, path, ...unet('.safetensors')])).toContain(path);
});

test('a repository that is a T5 encoder and nothing else', () => {
  const paths = [
    'config.json',
    'spiece.model',
    'model-00001-of-00001.safetensors',
    'model.safetensors.index.json',
    'pytorch_model.bin',
  ];
  expect(selectFiles(paths).sort()).toEqual([
    'config.json',
    'model-00001-of-00001.safetensors',
    'model.safetensors.index.json',
    'spiece.model',
  ]);
});

test('the original weights at the root of IF-II are not mistaken for a model', () => {
  const paths = [...stage, 'pytorch_model.bin', 'config.yml', ...unet('.fp16.safetensors')];
  expect(weights(selectFiles(paths))).toEqual(unet('.fp16.safetensors'));
  expect(selectFiles(paths)).not.toContain('pytorch_model.bin');
});

test('pickles alone are refused, with the reason', () => {
  expect(() => selectFiles([...stage, ...unet('.fp16.bin')])).toThrow(
    expect.objectContaining({ code: 'no-weights', hint: expect.stringContaining('pickle can run code') }),
  );
});

test('a repository of something else is refused', () => {
  expect(() => selectFiles(['README.md', 'data.csv'])).toThrow(
    expect.objectContaining({ code: 'no-weights' }),
  );
});
