import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../checkpoint/safetensors.ts';
import { openEngine } from '../engine/session.ts';
import { row, rows } from '../tensor/tensor.ts';
import { type CheckpointTextEncoder, openTextEncoder } from './encoder.ts';
import { encoderFingerprint } from './fingerprint.ts';
import { preparePrompt } from './prompt.ts';
import { openT5 } from './t5.ts';
import { openTokenizer } from './tokenizer.ts';

const stage = new URL('../../test/oracle/tiny-if', import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), 'campanile-text-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let encoder: CheckpointTextEncoder;
beforeAll(async () => {
  encoder = await openTextEncoder(stage, { threads: 1 });
});
afterAll(() => encoder.close());

const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

test('a prompt is embedded as transformers embeds it, padding included', async () => {
  const reference = await readSafetensors(
    new URL('../../test/oracle/text/t5.safetensors', import.meta.url).pathname,
  );
  const tokenizer = await openTokenizer(join(stage, 'tokenizer'));
  const windows = rows(reference.get('pad77.ids')!).map(({ data }) => [...data]);
  const texts = windows.map((ids) => tokenizer.decode(ids));
  const known = texts.findIndex(
    (text, i) => text.length > 5 && !windows[i]!.includes(2) && !encoder.tokens(text).cut,
  );
  const { embeddings, warning } = await encoder.encode(`  ${texts[known]!.toUpperCase()} `);
  expect(embeddings.shape).toEqual([1, 77, 48]);
  expect(largest(embeddings.data, row(reference.get('pad77.out')!, known).data)).toBeLessThan(1e-5);
  expect(warning).toBeUndefined();
});

test('streamed block by block or whole, batched or alone: the same numbers', async () => {
  await using streaming = await openTextEncoder(stage, { threads: 1, streaming: true, cache: false });
  const prompts = ['a photo of the campanile', '', 'a rocket ship', 'A PHOTO of the campanile'];
  const shares: number[] = [];
  const streamed = await streaming.encodeAll(prompts, { onProgress: (share) => shares.push(share) });
  const whole = await encoder.encodeAll(prompts);
  for (const [i, { data }] of streamed.entries()) expect(largest(data, whole[i]!.data)).toBeLessThan(1e-5);
  expect(streamed[3]!.data).toEqual(streamed[0]!.data);
  expect(shares).toEqual([1 / 3, 2 / 3, 1]);
});

test('what does not fit into 77 tokens is named, word by word', async () => {
  const prompt = `${'a high quality photo of a campanile '.repeat(9)}at night in the rain`;
  const { count, cut } = encoder.tokens(prompt);
  expect(count).toBeGreaterThan(77);
  expect(prompt.endsWith(cut)).toBe(true);
  expect(encoder.tokens(prompt.slice(0, -cut.length)).cut).toBe('');
  const { warning } = await encoder.encode(prompt);
  expect(warning).toContain(`"${cut}" was cut off`);
  expect(encoder.tokens('a photo')).toEqual({ count: 3, cut: '' });
});

test('a prompt is encoded once ever: the next time comes from the disk', async () => {
  const cache = join(scratch, 'cache');
  const first = await openTextEncoder(stage, { threads: 1, cache });
  const { embeddings } = await first.encode('a rocket ship');
  await first.close();
  const [own] = readdirSync(cache);
  expect(readdirSync(join(cache, own!))).toHaveLength(1);
  await using again = await openTextEncoder(stage, { threads: 1, cache });
  expect((await again.encode(' A rocket ship')).embeddings).toEqual(embeddings);

  const file = join(cache, own!, readdirSync(join(cache, own!))[0]!);
  truncateSync(file, 1000);
  expect((await again.encode('a rocket ship')).embeddings).toEqual(embeddings);
});

test('a cache that cannot be written is a warning, not an end', async () => {
  const blocked = join(scratch, 'file');
  writeFileSync(blocked, '');
  await using other = await openTextEncoder(stage, { threads: 1, cache: join(blocked, 'cache') });
  const { warning } = await other.encode('a dog');
  expect(warning).toMatch(/could not be kept/);
});

test('the fingerprint follows the numbers, not the place', async () => {
  const copy = join(scratch, 'copy');
  cpSync(stage, copy, { recursive: true });
  await using same = await openTextEncoder(copy);
  expect(same.fingerprint).toBe(encoder.fingerprint);
  const path = join(copy, 'text_encoder/model.safetensors');
  const bytes = readFileSync(path);
  const last = (await openT5(join(copy, 'text_encoder'))).weights.tensors.get('shared.weight')!;
  bytes[last.offset + last.length / 2]! ^= 1;
  writeFileSync(path, bytes);
  const { weights } = await openT5(join(copy, 'text_encoder'));
  expect(await encoderFingerprint(weights.tensors, [])).not.toBe(
    await encoderFingerprint((await openT5(join(stage, 'text_encoder'))).weights.tensors, []),
  );
});

test('aborting stops between blocks', async () => {
  await using streaming = await openTextEncoder(stage, { threads: 1, streaming: true, cache: false });
  const stop = new AbortController();
  const running = streaming.encodeAll(['a dog'], { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
});

test('sentences are prepared before they are counted', () => {
  expect(encoder.tokens('  A DOG  ')).toEqual(encoder.tokens(preparePrompt('  A DOG  ')));
});

test.each([
  [
    'a tensor is missing',
    (tensors: Map<string, unknown>) => tensors.delete('encoder.block.1.layer.0.SelfAttention.q.weight'),
    'tensor-missing',
    /block\.1.*q\.weight/,
  ],
  [
    'the embeddings are missing',
    (tensors: Map<string, unknown>) => tensors.delete('shared.weight'),
    'tensor-missing',
    /shared\.weight/,
  ],
  [
    'a tensor is too many',
    (tensors: Map<string, unknown>) => tensors.set('decoder.x', { data: new Float32Array(1), shape: [1] }),
    'tensor-extra',
    /decoder\.x/,
  ],
  [
    'a tensor has another shape',
    (tensors: Map<string, unknown>) =>
      tensors.set('encoder.final_layer_norm.weight', { data: new Float32Array(2), shape: [2] }),
    'tensor-shape',
    /\[2\], expected \[48\]/,
  ],
] as const)('%s: the message says which', async (_, change, code, message) => {
  const folder = mkdtempSync(join(scratch, 'broken-'));
  const tensors = await readSafetensors(join(stage, 'text_encoder/model.safetensors'));
  change(tensors);
  await writeSafetensors(join(folder, 'model.safetensors'), tensors);
  cpSync(join(stage, 'text_encoder/config.json'), join(folder, 'config.json'));
  await expect(openT5(folder)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test('the embedding table may go by its other name, or by both', async () => {
  const folder = mkdtempSync(join(scratch, 'tied-'));
  const tensors = await readSafetensors(join(stage, 'text_encoder/model.safetensors'));
  tensors.set('encoder.embed_tokens.weight', tensors.get('shared.weight')!);
  cpSync(join(stage, 'text_encoder/config.json'), join(folder, 'config.json'));
  for (const names of [['shared.weight'], []]) {
    for (const name of names) expect(tensors.has(name)).toBe(true);
    await writeSafetensors(join(folder, 'model.safetensors'), tensors);
    const t5 = await openT5(folder, { threads: 1 });
    expect((await t5.run([[5, 1]], [[true, true]])).shape).toEqual([1, 2, 48]);
    await t5.close();
    tensors.delete('shared.weight');
  }
});

test('an engine can be shared, and outlives the encoder', async () => {
  await using engine = openEngine({ threads: 1 });
  const prompts = ['a dog'];
  for (const streaming of [false, true]) {
    const guest = await openTextEncoder(stage, { engine, streaming, cache: false });
    const [found] = await guest.encodeAll(prompts);
    await guest.close();
    expect(largest(found!.data, (await encoder.encodeAll(prompts))[0]!.data)).toBeLessThan(1e-5);
  }
});

test('NaN in the weights is an error, not a picture', async () => {
  const folder = mkdtempSync(join(scratch, 'nan-'));
  const tensors = await readSafetensors(join(stage, 'text_encoder/model.safetensors'));
  tensors.get('encoder.final_layer_norm.weight')!.data[0] = Number.NaN;
  await writeSafetensors(join(folder, 'model.safetensors'), tensors);
  cpSync(join(stage, 'text_encoder/config.json'), join(folder, 'config.json'));
  await using t5 = await openT5(folder, { threads: 1 });
  await expect(t5.run([[5, 1]], [[true, true]])).rejects.toMatchObject({ code: 'not-finite' });
});

test('another architecture is refused by name', async () => {
  const folder = mkdtempSync(join(scratch, 'other-'));
  const config = JSON.parse(readFileSync(join(stage, 'text_encoder/config.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, feed_forward_proj: 'relu' }));
  await expect(openT5(folder)).rejects.toMatchObject({ code: 'text-encoder' });
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, d_model: -1 }));
  await expect(openT5(folder)).rejects.toThrow(/d_model/);
});
