import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeSafetensors } from './safetensors.ts';
import { openWeights } from './weights.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'campanile-weights-')));
});
afterEach(() => rm(folder, { recursive: true }));

const shard = (file: string, ...names: string[]) =>
  writeSafetensors(
    join(folder, file),
    names.map((name) => [name, { data: Float32Array.of(1), shape: [1] }] as const),
  );
const index = (file: string, map: unknown) =>
  writeFile(join(folder, file), JSON.stringify({ metadata: {}, weight_map: map }));
const open = () => openWeights(folder, 'model');

test('one file, in full precision if both are there', async () => {
  await shard('model.bf16.safetensors', 'a');
  expect((await open()).files).toEqual([join(folder, 'model.bf16.safetensors')]);
  await shard('model.fp16.safetensors', 'a');
  expect((await open()).files).toEqual([join(folder, 'model.fp16.safetensors')]);
  await shard('model.safetensors', 'a');
  expect((await open()).files).toEqual([join(folder, 'model.safetensors')]);
});

test.each([
  'model.safetensors.index.json',
  'model.safetensors.index.fp16.json',
  'model.fp16.safetensors.index.json',
  'model.safetensors.index.bf16.json',
  'model.bf16.safetensors.index.json',
])('several files by %s', async (name) => {
  await shard('model-00001-of-00002.safetensors', 'a', 'b');
  await shard('model-00002-of-00002.safetensors', 'c');
  await index(name, {
    a: 'model-00001-of-00002.safetensors',
    b: 'model-00001-of-00002.safetensors',
    c: 'model-00002-of-00002.safetensors',
  });
  expect([...(await open()).tensors.keys()]).toEqual(['a', 'b', 'c']);
});

test('links of a hub cache are followed to the folder of blobs', async () => {
  const snapshot = join(folder, 'snapshots', '1234', 'unet');
  await mkdir(snapshot, { recursive: true });
  await mkdir(join(folder, 'blobs'));
  await shard('blobs/abc', 'a');
  await symlink('../../../blobs/abc', join(snapshot, 'model.safetensors'));
  const weights = await openWeights(snapshot, 'model');
  expect(weights.folder).toBe(join(folder, 'blobs'));
  expect(weights.tensors.get('a')?.file).toBe(join(folder, 'blobs', 'abc'));
});

test('what is missing is named', async () => {
  await expect(openWeights(join(folder, 'nowhere'), 'model')).rejects.toMatchObject({
    code: 'folder-missing',
  });
  await expect(open()).rejects.toMatchObject({ code: 'weights-missing' });
  await writeFile(join(folder, 'pytorch_model.bin'), '');
  await expect(open()).rejects.toMatchObject({ code: 'weights-missing', found: 'pytorch_model.bin' });
  await index('model.safetensors.index.json', { a: 'model-00001-of-00001.safetensors' });
  await expect(open()).rejects.toMatchObject({ code: 'shard-missing' });
  await shard('model-00001-of-00001.safetensors', 'b');
  await expect(open()).rejects.toMatchObject({ code: 'index', tensor: 'a' });
});

test('an index cannot point out of its folder, or hold a name twice', async () => {
  for (const path of ['../model.safetensors', '/etc/model.safetensors', 'sub/model.safetensors', 3, '..']) {
    await index('model.safetensors.index.json', { a: path });
    await expect(open()).rejects.toMatchObject({ code: 'index', tensor: 'a' });
  }
  await writeFile(
    join(folder, 'model.safetensors.index.json'),
    '{"weight_map":{"a":"x.safetensors","a":"y.safetensors"}}',
  );
  await expect(open()).rejects.toMatchObject({ code: 'duplicate-name' });
});

test('one tensor in two files is refused', async () => {
  await shard('x.safetensors', 'a');
  await shard('y.safetensors', 'a', 'b');
  await index('model.safetensors.index.json', { a: 'x.safetensors', b: 'y.safetensors' });
  await expect(open()).rejects.toMatchObject({ code: 'duplicate-name', tensor: 'a' });
});
