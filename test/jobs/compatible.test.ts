import OpenAI, { toFile } from 'openai';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { encodePng } from '../../src/images/png.ts';
import { type FakeServer, startFake } from './fake-server.ts';

/** Clients of other programs, as they are. */

// Processes are started from the sources: seconds each on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let server: FakeServer;
let openai: OpenAI;
beforeAll(async () => {
  server = await startFake();
  openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });
});
afterAll(() => server.close());

const size = async (base64: string) => {
  const { width, height, format } = await sharp(Buffer.from(base64, 'base64')).metadata();
  return [width, height, format];
};
const pngOf = (...of: Parameters<typeof encodePng>) => Buffer.from(encodePng(...of));
const picture = pngOf({
  width: 32,
  height: 32,
  channels: 3,
  data: new Uint8Array(32 * 32 * 3).fill(200),
});
/** The left half transparent: what OpenAI calls to be edited. */
const transparentLeft = pngOf({
  width: 32,
  height: 32,
  channels: 4,
  data: Uint8Array.from({ length: 32 * 32 * 4 }, (_, i) =>
    i % 4 === 3 ? ((i >> 2) % 32 < 16 ? 0 : 255) : 90,
  ),
});
/** The left half white: what A1111 calls to be edited. */
const whiteLeft = pngOf({
  width: 32,
  height: 32,
  channels: 1,
  data: Uint8Array.from({ length: 32 * 32 }, (_, i) => (i % 32 < 16 ? 255 : 0)),
});
const halves = async (base64: string) => {
  const { data, info } = await sharp(Buffer.from(base64, 'base64'))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (x: number) => data[x * info.channels]!;
  return [at(0), at(info.width - 1)];
};

test('openai: images.generate gives pictures, another for each of n', async () => {
  const { data } = await openai.images.generate({ model: 'campanile', prompt: 'a rocket', n: 2 });
  expect(data).toHaveLength(2);
  expect(await size(data![0]!.b64_json!)).toEqual([16, 16, 'png']);
  expect(data![0]!.b64_json).not.toBe(data![1]!.b64_json);
});

test('openai: size and addresses', async () => {
  const large = await openai.images.generate({ prompt: 'a', size: '256x256' });
  expect(await size(large.data![0]!.b64_json!)).toEqual([256, 256, 'png']);
  const { data } = await openai.images.generate({ prompt: 'a', response_format: 'url' });
  expect((await fetch(data![0]!.url!)).headers.get('content-type')).toBe('image/png');
});

test('openai: a stream gives as many partial pictures as asked for, then the picture', async () => {
  const stream = await openai.images.generate({ prompt: 'streamed', stream: true, partial_images: 2 });
  const events: string[] = [];
  for await (const event of stream) {
    events.push(event.type);
    expect((await size(event.b64_json))[2]).toBe('png');
  }
  expect(events.at(-1)).toBe('image_generation.completed');
  expect(events.length).toBeGreaterThanOrEqual(2);
  expect(events.length).toBeLessThanOrEqual(3);
});

test('openai: images.edit with a mask changes what is transparent in it', async () => {
  const { data } = await openai.images.edit({
    image: await toFile(picture, 'picture.png', { type: 'image/png' }),
    mask: await toFile(transparentLeft, 'mask.png', { type: 'image/png' }),
    prompt: 'changed',
  });
  const [left, right] = await halves(data![0]!.b64_json!);
  expect(right).toBe(200);
  expect(left).not.toBe(200);
});

test('openai: images.edit without a mask changes the whole picture', async () => {
  const image = await toFile(picture, 'picture.png', { type: 'image/png' });
  const { data } = await openai.images.edit({ image, prompt: 'x' });
  expect((await size(data![0]!.b64_json!))[2]).toBe('png');
});

test('openai: a refusal is the client’s own error, with our words', async () => {
  const refused = {
    status: 422,
    param: 'prompt',
    message: expect.stringContaining('prompt: expected at most 2000 characters, got 2001'),
  };
  const prompt = 'x'.repeat(2001);
  const image = await toFile(picture, 'picture.png', { type: 'image/png' });
  await expect(openai.images.generate({ prompt })).rejects.toMatchObject(refused);
  await expect(openai.images.edit({ image, prompt })).rejects.toMatchObject(refused);
});

test('what is wrong with a prompt that is drawn all the same is told beside the picture', async () => {
  const prompt = 'word '.repeat(80);
  expect(await openai.images.generate({ prompt })).toMatchObject({ warnings: [warning] });
  const stream = await openai.images.generate({ prompt, stream: true });
  for await (const event of stream)
    if (event.type.endsWith('completed')) expect(event).toMatchObject({ warnings: [warning] });
  const { info } = await a1111('txt2img', { prompt, batch_size: 2 });
  expect(JSON.parse(info)).toMatchObject({ warnings: [warning] });
  expect(await openai.images.generate({ prompt: 'short' })).not.toHaveProperty('warnings');
});
const warning = expect.stringContaining('80 tokens');

test('openai: models.list has the checkpoint', async () => {
  const { data } = await openai.models.list();
  expect(data.map(({ id }) => id)).toEqual(['fake']);
});

const a1111 = async (path: string, body?: unknown) => {
  const response = await (body === undefined
    ? server.get(`/sdapi/v1/${path}`)
    : server.post(`/sdapi/v1/${path}`, body));
  return (await response.json()) as { images: string[]; info: string; [key: string]: unknown };
};

test('A1111: txt2img', async () => {
  const { images, info } = await a1111('txt2img', {
    prompt: 'a rocket',
    negative_prompt: '',
    steps: 4,
    cfg_scale: 5,
    width: 64,
    height: 64,
    seed: 7,
    sampler_name: 'Euler a',
    batch_size: 2,
  });
  expect(images).toHaveLength(2);
  expect(await size(images[0]!)).toEqual([64, 64, 'png']);
  expect(JSON.parse(info)).toMatchObject({ prompt: 'a rocket', seed: 7, all_seeds: [7, 8] });
});

test('A1111: img2img with a mask changes what is white in it', async () => {
  const init_images = [`data:image/png;base64,${picture.toString('base64')}`];
  const { images } = await a1111('img2img', {
    prompt: 'changed',
    init_images,
    mask: whiteLeft.toString('base64'),
  });
  const [left, right] = await halves(images[0]!);
  expect(right).toBe(200);
  expect(left).not.toBe(200);
  const whole = await a1111('img2img', { prompt: 'x', init_images, denoising_strength: 0.5 });
  expect(whole.images).toHaveLength(1);
});

test('A1111: png-info gives the texts of a picture', async () => {
  const { images } = await a1111('txt2img', { prompt: 'told', seed: 3 });
  const { info, items } = await a1111('png-info', { image: images[0] });
  expect(info).toBe('told\nSteps: 3, CFG scale: 7, Seed: 3, Size: 16x16, Model: fake');
  expect(JSON.parse((items as { campanile: string }).campanile)).toMatchObject({ params: { seed: 3 } });
});

test('A1111: settings, models and samplers can be read', async () => {
  expect(await a1111('options')).toMatchObject({ sd_model_checkpoint: 'fake' });
  expect(await a1111('sd-models')).toMatchObject([{ model_name: 'fake' }]);
  expect(Array.isArray(await a1111('samplers'))).toBe(true);
});

test('A1111: progress tells of the picture under way, interrupt ends it', async () => {
  expect(await a1111('progress')).toMatchObject({ progress: 0, current_image: null });
  const answer = a1111('txt2img', { prompt: 'long', steps: 10_000 });
  for (;;) {
    const { progress, current_image, state } = await a1111('progress');
    if (!current_image) continue;
    expect(progress).toBeGreaterThan(0);
    expect(progress).toBeLessThan(1);
    expect(state).toMatchObject({ sampling_steps: 10_000, job_count: 1 });
    expect((await size(current_image as string))[2]).toBe('png');
    break;
  }
  await a1111('interrupt', {});
  expect(await answer).toMatchObject({ images: [] });
});

test('hub inference: text-to-image answers with the picture itself', async () => {
  const response = await server.post('/models/owner/name', {
    inputs: 'a rocket',
    parameters: { guidance_scale: 5, num_inference_steps: 2, width: 48, height: 48, seed: 9 },
  });
  expect(response.headers.get('content-type')).toBe('image/png');
  const { width, height } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
  expect([width, height]).toEqual([48, 48]);
});

test('a client that goes away takes its job with it', async () => {
  const { id } = await server.submit('fake-drawing', { prompts: ['before'], steps: 10_000, ms: 20 });
  const leaving = new AbortController();
  const request = fetch(`${server.url}/models/x`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs: 'left', parameters: { seed: 1 } }),
    signal: leaving.signal,
  });
  request.catch(() => {});
  const find = async () => {
    const { jobs } = (await (await server.get('/v1/jobs?experiment=fake-drawing&limit=5')).json()) as {
      jobs: { recipe: { params: { prompts: string[] } }; state: string }[];
    };
    return jobs.find(({ recipe }) => recipe.params.prompts[0] === 'left');
  };
  while (!(await find())) await new Promise(setImmediate);
  leaving.abort();
  while ((await find())?.state !== 'cancelled') await new Promise(setImmediate);
  await server.post(`/v1/jobs/${id}/cancel`);
});
