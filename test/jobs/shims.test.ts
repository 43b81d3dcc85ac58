import { InferenceClient } from '@huggingface/inference';
import OpenAI, { toFile } from 'openai';
import sharp from 'sharp';
import { afterEach, describe, expect, test } from 'vitest';
import { readRecipe } from '../../src/images/png.ts';
import type { Job, Problem } from '../../src/server/api-types.ts';
import { startFake } from './fake-server.ts';
import {
  a1111,
  base64,
  jobOf,
  jobs,
  openai,
  painted,
  pixels,
  plain,
  png,
  server,
  until,
} from './shim-bench.ts';

/** What other programs' users have reported of other servers, tried here: nothing is dropped, pretended or done for nobody. */

describe('a job belongs to everybody who waits for it', () => {
  const slow = { steps: 100, seed: 77 };
  const hub = (inputs: string, signal?: AbortSignal) =>
    fetch(`${server.url}/models/x`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs, parameters: { num_inference_steps: slow.steps, seed: slow.seed } }),
      ...(signal ? { signal } : {}),
    });

  test('the first of two leaves, the second gets the picture', async () => {
    const leaving = new AbortController();
    const first = hub('shared', leaving.signal).catch(() => undefined);
    await until(() => jobOf('shared'));
    const second = hub('shared');
    await new Promise((resolve) => setTimeout(resolve, 100));
    leaving.abort();
    await first;
    expect((await second).status).toBe(200);
  });

  test('clients of two APIs, the first leaves', async () => {
    const leaving = new AbortController();
    const first = a1111Leaving('both', leaving.signal);
    await until(() => jobOf('both'));
    const second = hub('both');
    await new Promise((resolve) => setTimeout(resolve, 100));
    leaving.abort();
    await first;
    expect((await second).status).toBe(200);
  });
  const a1111Leaving = (prompt: string, signal: AbortSignal) =>
    fetch(`${server.url}/sdapi/v1/txt2img`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt, ...slow }),
      signal,
    }).catch(() => undefined);

  test.each([
    ['asked for again through the API', (job: Job) => server.post('/v1/jobs', job.recipe)],
    ['watched by its events', (job: Job) => server.get(`/v1/jobs/${job.id}/events`)],
  ])('%s, it lives on when its client leaves', async (how, take) => {
    const leaving = new AbortController();
    const first = hub(how, leaving.signal).catch(() => undefined);
    await until(() => jobOf(how));
    const watching = take((await jobOf(how))!);
    await (await watching).body?.getReader().read();
    leaving.abort();
    await first;
    await until(async () => ['done', 'cancelled'].includes((await jobOf(how))!.state));
    expect((await jobOf(how))!.state).toBe('done');
  });

  test('who asks for what was just given up gets it all the same', async () => {
    const leaving = new AbortController();
    const first = hub('again', leaving.signal).catch(() => undefined);
    await until(async () => (await jobOf('again'))?.state === 'running');
    leaving.abort();
    await first;
    expect((await hub('again')).status).toBe(200);
  });
});

describe('nothing is computed for nobody', () => {
  afterEach(() =>
    until(async () => (await jobs()).every(({ state }) => ['done', 'failed', 'cancelled'].includes(state))),
  );

  test('of n pictures none is drawn when their client leaves', async () => {
    const blocking = await server.submit('fake-drawing', { prompts: ['before n'], steps: 10_000, ms: 20 });
    const leaving = new AbortController();
    const asked = openai.images.generate({ prompt: 'four', n: 4 }, { signal: leaving.signal });
    asked.catch(() => {});
    const four = async () =>
      (await jobs()).filter(({ recipe }) => [recipe.params['prompts']].flat()[0] === 'four');
    await until(async () => (await four()).length === 4);
    leaving.abort();
    await until(async () => (await four()).every(({ state }) => state === 'cancelled'));
    await server.post(`/v1/jobs/${blocking.id}/cancel`);
  });

  test('a stream that is left, and a batch of A1111 that is', async () => {
    const blocking = await server.submit('fake-drawing', { prompts: ['before s'], steps: 10_000, ms: 20 });
    const leaving = new AbortController();
    const stream = await openai.images.generate(
      { prompt: 'left s', stream: true },
      { signal: leaving.signal },
    );
    const reading = (async () => {
      for await (const _ of stream);
    })().catch(() => {});
    await until(() => jobOf('left s'));
    leaving.abort();
    await reading;
    await until(async () => (await jobOf('left s'))!.state === 'cancelled');
    await server.post(`/v1/jobs/${blocking.id}/cancel`);
  });

  test.each([
    ['a stream of two', '/v1/images/generations', { prompt: 'nobody', stream: true, n: 2 }],
    ['a size that is too large', '/v1/images/generations', { prompt: 'nobody', size: '4096x4096' }],
    ['a size of nothing', '/v1/images/generations', { prompt: 'nobody', size: '0x64' }],
    ['A1111: likewise', '/sdapi/v1/txt2img', { prompt: 'nobody', width: 4096, height: 64 }],
    ['hub: likewise', '/models/x', { inputs: 'nobody', parameters: { width: 4096 } }],
  ])('%s is refused before a job is made', async (_, path, body) => {
    const { status } = await server.post(path, body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(await jobOf('nobody')).toBeUndefined();
  });
});

describe('what would change nothing, or cannot be, is the client’s to mend', () => {
  const opaque = painted(32, 32, (x) => (x < 16 ? [255, 255, 255] : [0, 0, 0]));
  const holed = painted(32, 32, (x) => [9, 9, 9, x < 16 ? 0 : 255]);
  const edit = async (image: Buffer, mask: Buffer) =>
    openai.images.edit({ image: await png(image), mask: await png(mask), prompt: 'refused' });
  const paint = (image: Buffer, mask: Buffer) =>
    a1111('img2img', { prompt: 'refused', init_images: [base64(image)], mask: base64(mask) });

  test('OpenAI: a mask without a transparent part', async () => {
    await expect(edit(plain(), opaque)).rejects.toMatchObject({
      status: 400,
      code: 'mask-empty',
      message: expect.stringContaining('no transparent part'),
    });
    await expect(
      edit(
        plain(),
        painted(32, 32, () => [0, 0, 0, 255]),
      ),
    ).rejects.toMatchObject({ status: 400 });
  });

  test('A1111: a mask that is black, or white only where the model does not see', async () => {
    expect(
      (
        await paint(
          plain(),
          painted(32, 32, () => [0, 0, 0]),
        )
      ).status,
    ).toBe(400);
    const aside = painted(96, 32, (x) => (x < 16 ? [255, 255, 255] : [0, 0, 0]));
    expect((await paint(plain(96, 32), aside)).status).toBe(400);
    const white = painted(32, 32, () => [255, 255, 255]);
    const init_images = [base64(plain())];
    const inverted = { init_images, mask: base64(white), inpainting_mask_invert: 1 };
    expect((await a1111('img2img', inverted)).status).toBe(400);
  });

  test.each([
    ['hub: a prompt that is too long', '/models/x', { inputs: 'x'.repeat(2001) }, 422],
    [
      'hub: a prompt of an edit that is',
      '/models/x',
      { inputs: base64(plain()), parameters: { prompt: 'x'.repeat(2001) } },
      422,
    ],
    ['hub: no inputs', '/models/x', { inputs: '' }, 422],
    [
      'hub: steps that are none',
      '/models/x',
      { inputs: 'refused', parameters: { num_inference_steps: 0 } },
      422,
    ],
    ['A1111: a picture of one pixel', '/sdapi/v1/img2img', { init_images: [base64(plain(1))] }, 400],
    ['A1111: half of a picture', '/sdapi/v1/img2img', { init_images: [base64(plain()).slice(0, 100)] }, 400],
    ['A1111: guidance beyond the range', '/sdapi/v1/txt2img', { prompt: 'refused', cfg_scale: 1000 }, 422],
    ['OpenAI: JSON for a form', '/v1/images/edits', { prompt: 'refused' }, 415],
  ])('%s', async (_, path, body, status) => {
    const response = await server.post(path, body);
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining('error')]);
  });

  test('OpenAI: a refusal is a problem, too, and names the part that this form has', async () => {
    const none = await server.post('/v1/images/generations', {});
    expect([none.status, none.headers.get('content-type'), await none.json()]).toEqual([
      422,
      expect.stringContaining('application/problem+json'),
      expect.objectContaining({ code: 'request', error: expect.objectContaining({ param: 'prompt' }) }),
    ]);
    const form = (await (await server.post('/v1/images/edits', { prompt: 'refused' })).json()) as Problem;
    expect(form.hint).toBe('send the picture as the part "image"');
  });

  test('a picture of which nothing is left when it is shrunk', async () => {
    const thin = await sharp({ create: { width: 9, height: 3000, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const response = await server.upload(new Uint8Array(thin));
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'picture-small', detail: expect.stringContaining('6 × 2048') }),
    ]);
  });

  test('a mask of another size than the picture', async () => {
    await expect(edit(plain(120, 80), holed)).rejects.toMatchObject({ status: 400, code: 'mask-size' });
    expect((await paint(plain(120, 80), opaque)).status).toBe(400);
    expect(
      (
        await paint(
          plain(120, 80),
          painted(80, 120, () => [255, 255, 255]),
        )
      ).status,
    ).toBe(400);
  });

  test('none of them has made a job', async () => {
    expect(await jobOf('refused')).toBeUndefined();
  });

  test('a job’s own refusal of its recipe is no 5xx', async () => {
    const uploaded = await server.upload(new Uint8Array(plain(120, 80)));
    const { uploads } = (await uploaded.json()) as { uploads: [{ reference: string }] };
    const job = await server
      .submit('fake-painting', { pictures: [uploads[0].reference], masks: ['nothing'] })
      .catch(() => undefined);
    expect(job?.state).not.toBe('done');
  });
});

describe('the record', () => {
  test('is in a picture of another size, too', async () => {
    const { images, told } = await a1111('txt2img', { prompt: 'record', seed: 4, width: 64, height: 64 });
    const bytes = Buffer.from(images[0]!, 'base64');
    expect(readRecipe(bytes)).toMatchObject({ params: { prompts: ['record'], seed: 4 } });
    expect(told.infotexts[0]).toBe('record\nSteps: 3, CFG scale: 7, Seed: 4, Size: 64x64, Model: fake');
    const { info } = (await (await server.post('/sdapi/v1/png-info', { image: images[0] })).json()) as {
      info: string;
    };
    expect(info).toBe(told.infotexts[0]);
  });

  test('has no empty values', async () => {
    const { told } = await a1111('txt2img', { prompt: 'values' });
    expect(told.infotexts[0]).not.toMatch(/: (,|$)/);
  });

  test('and the size are there behind an address, too', async () => {
    const { data } = await openai.images.generate({
      prompt: 'address',
      size: '128x64',
      response_format: 'url',
    });
    const { bytes, ...size } = await pixels(Buffer.from(await (await fetch(data![0]!.url!)).arrayBuffer()));
    expect(size).toMatchObject({ width: 128, height: 64 });
    expect(readRecipe(bytes)).toMatchObject({ params: { prompts: ['address'] } });
  });

  test('is in the hub’s picture and in an edit', async () => {
    const response = await server.post('/models/x', { inputs: 'hub record', parameters: { width: 48 } });
    expect(readRecipe(Buffer.from(await response.arrayBuffer()))).toMatchObject({
      params: { prompts: ['hub record'] },
    });
    const { data } = await openai.images.edit({ image: await png(plain()), prompt: 'edited record' });
    expect(readRecipe(Buffer.from(data![0]!.b64_json!, 'base64'))).toMatchObject({
      params: { prompts: ['edited record'] },
    });
  });
});

test('A1111: an interrupted batch gives what is finished', async () => {
  const answer = a1111('txt2img', { prompt: 'batch', steps: 300, seed: 10, batch_size: 4 });
  await until(async () => (await jobOf('batch', 11))?.state === 'running');
  await server.post('/sdapi/v1/interrupt', {});
  const { status, images, told } = await answer;
  expect([status, images.length, told.all_seeds]).toEqual([200, 1, [10]]);
  await until(async () => (await jobOf('batch', 11))?.state === 'cancelled');
  expect(await jobOf('batch', 12)).toBeUndefined();
});

describe('the hub’s own client', () => {
  const client = () => new InferenceClient('any', { endpointUrl: `${server.url}/models/campanile` });
  const blob = (bytes: Buffer) => new Blob([new Uint8Array(bytes)], { type: 'image/png' });

  test('draws', async () => {
    const parameters = { num_inference_steps: 2, width: 48, height: 32 };
    const drawn = await client().textToImage({ inputs: 'a rocket', parameters }, { outputType: 'blob' });
    expect(await pixels(Buffer.from(await drawn.arrayBuffer()))).toMatchObject({ width: 48, height: 32 });
  });

  test('edits, by as much as it says', async () => {
    const edited = async (strength: number) => {
      const parameters = { prompt: 'a fog', strength, seed: 1 } as never;
      const made = await client().imageToImage({ inputs: blob(plain()), parameters });
      return (await pixels(Buffer.from(await made.arrayBuffer()))).at(16, 16)[0]!;
    };
    const [weak, strong] = [await edited(0.1), await edited(1)];
    expect(Math.abs(weak - 200)).toBeLessThan(Math.abs(strong - 200));
  });

  test('edits a picture that comes alone', async () => {
    const made = await client().imageToImage({ inputs: blob(plain(64, 32)) });
    expect(await pixels(Buffer.from(await made.arrayBuffer()))).toMatchObject({ width: 64, height: 32 });
  });

  test('edits without a word, and at another size', async () => {
    const parameters = { target_size: { width: 64, height: 64 } };
    const made = await client().imageToImage({ inputs: blob(plain()), parameters });
    expect(await pixels(Buffer.from(await made.arrayBuffer()))).toMatchObject({ width: 64, height: 64 });
  });
});

describe('OpenAI’s client reads every refusal below /v1', () => {
  test.each<[string, () => Promise<unknown>, number]>([
    ['createVariation', async () => openai.images.createVariation({ image: await png(plain()) }), 404],
    ['a model by name', async () => openai.models.retrieve('any'), 404],
    [
      'a chat',
      async () => openai.chat.completions.create({ model: 'a', messages: [{ role: 'user', content: 'a' }] }),
      404,
    ],
    [
      'a file that is none',
      async () => openai.images.edit({ image: await toFile(Buffer.from('x'), 'a.png'), prompt: 'a' }),
      400,
    ],
  ])('%s', async (_, ask, status) => {
    const refused = await ask().then(
      () => undefined,
      (error: InstanceType<typeof OpenAI.APIError>) => error,
    );
    expect(refused?.status).toBe(status);
    expect(refused?.message).not.toContain('no body');
    expect(refused?.code).toEqual(expect.any(String));
  });

  test('a wrong token', async () => {
    await using guarded = await startFake({ token: 'secret' });
    const stranger = new OpenAI({ baseURL: `${guarded.url}/v1`, apiKey: 'wrong', maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toMatchObject({ status: 401, code: 'token' });
    await expect(stranger.images.generate({ prompt: 'a' })).rejects.toMatchObject({
      status: 401,
      code: 'token',
    });
  });
});

test('event streams are not held back by a proxy', async () => {
  const { id } = await server.submit('fake-drawing', { prompts: ['proxied'] });
  const streamed = await server.get(`/v1/jobs/${id}/events`);
  expect(streamed.headers.get('x-accel-buffering')).toBe('no');
  await streamed.body?.cancel();
});
