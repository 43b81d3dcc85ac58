import { InferenceClient } from '@huggingface/inference';
import OpenAI, { toFile } from 'openai';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { encodePng, readRecipe } from '../../src/images/png.ts';
import type { Job } from '../../src/server/api-types.ts';
import { type FakeServer, startFake } from './fake-server.ts';

/** What other programs' users have reported of other servers, tried here: nothing is dropped, pretended or done for nobody. */

vi.setConfig({ testTimeout: 60_000, hookTimeout: 240_000 });

let server: FakeServer;
let openai: OpenAI;
beforeAll(async () => {
  server = await startFake();
  openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });
});
afterAll(() => server.close());

type Colour = readonly [number, number, number, number?];
/** A picture by the colour of each pixel. */
const painted = (width: number, height: number, colour: (x: number, y: number) => Colour): Buffer => {
  const [, , , alpha] = colour(0, 0);
  const channels = alpha === undefined ? 3 : 4;
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    return colour(pixel % width, Math.floor(pixel / width))[i % channels]!;
  });
  return Buffer.from(encodePng({ width, height, channels, data }));
};
const grey: Colour = [200, 200, 200];
const plain = (width = 32, height = width) => painted(width, height, () => grey);
const png = (bytes: Buffer) => toFile(bytes, 'picture.png', { type: 'image/png' });
const base64 = (bytes: Buffer) => bytes.toString('base64');

async function pixels(image: string | Buffer) {
  const bytes = typeof image === 'string' ? Buffer.from(image, 'base64') : image;
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [
    ...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3),
  ];
  return { width: info.width, height: info.height, at, bytes };
}

interface A1111Answer {
  readonly images: string[];
  readonly parameters: Record<string, unknown>;
  readonly told: { infotexts: string[]; all_seeds: number[]; warnings?: string[] };
}
async function a1111(path: string, body: unknown): Promise<A1111Answer & { status: number }> {
  const response = await server.post(`/sdapi/v1/${path}`, body);
  const answer = (await response.json()) as A1111Answer & { info: string };
  return { ...answer, status: response.status, told: answer.info ? JSON.parse(answer.info) : undefined };
}
const jobs = async (): Promise<Job[]> =>
  ((await (await server.get('/v1/jobs?limit=200')).json()) as { jobs: Job[] }).jobs;
const jobOf = async (prompt: string, seed?: number): Promise<Job | undefined> =>
  (await jobs()).find(
    ({ recipe: { params } }) =>
      [params['prompts']].flat()[0] === prompt && (seed === undefined || params['seed'] === seed),
  );
const until = async (true_: () => Promise<unknown>) => {
  while (!(await true_())) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('a text that is no picture is refused in a time that grows with its length alone', () => {
  const spaces = ' '.repeat(400_000);
  test.each([
    ['spaces and no end', `A${spaces}!`],
    ['spaces between equal signs', `A=${spaces}=A`],
    ['a head of a data URL without an end', `data:image/${'a'.repeat(400_000)}`],
    ['heads within heads', 'data:image/png;base64,'.repeat(20_000)],
    ['lines and no end', `A${'\n'.repeat(400_000)}-`],
  ])('%s', async (_, image) => {
    expect((await a1111('png-info', { image })).status).toBe(422);
    expect((await a1111('img2img', { init_images: [image] })).status).toBe(422);
    const mask = image;
    expect((await a1111('img2img', { init_images: [base64(plain())], mask })).status).toBe(422);
  });

  test('white space within base64 is none of it', async () => {
    const image = base64(plain()).replace(/(.{20})/g, '$1\r\n');
    expect((await a1111('png-info', { image })).status).toBe(200);
  });
});

describe('the mask of an A1111 client', () => {
  const left = (a: Colour, b: Colour) => painted(32, 32, (x) => (x < 16 ? a : b));
  const [white, black, clear, blackened]: Colour[] = [
    [255, 255, 255],
    [0, 0, 0],
    [255, 255, 255, 0],
    [0, 0, 0, 0],
  ];
  const changed = async (mask: Buffer, more: object = {}) => {
    const init_images = [base64(plain())];
    const { images } = await a1111('img2img', {
      prompt: 'masked',
      init_images,
      mask: base64(mask),
      denoising_strength: 1,
      ...more,
    });
    const { at } = await pixels(images[0]!);
    return [at(2, 16), at(29, 16)].map((colour) => colour.join() !== grey.join());
  };

  test.each<[string, Buffer, object, readonly boolean[]]>([
    ['white changes', left(white!, black!), {}, [true, false]],
    ['inverted, black does', left(white!, black!), { inpainting_mask_invert: 1 }, [false, true]],
    ['inverted with true', left(white!, black!), { inpainting_mask_invert: true }, [false, true]],
    ['white drawn on nothing', left([255, 255, 255, 255], blackened!), {}, [true, false]],
    ['black drawn on nothing', left([0, 0, 0, 255], clear!), {}, [true, false]],
    ['red drawn on white that is clear', left([255, 0, 0, 255], clear!), {}, [true, false]],
    [
      'drawn on nothing, inverted',
      left([0, 0, 0, 255], clear!),
      { inpainting_mask_invert: 1 },
      [false, true],
    ],
    ['an alpha that is opaque all over', left([255, 255, 255, 255], [0, 0, 0, 255]), {}, [true, false]],
  ])('%s', async (_, mask, more, expected) => {
    expect(await changed(mask, more)).toEqual(expected);
  });

  test('a blurred mask has a soft edge, in the pixels of the picture', async () => {
    const mask = base64(left(white!, black!));
    const edit = { prompt: 'soft', init_images: [base64(plain())], mask, denoising_strength: 1, seed: 1 };
    const edge = async (more: object) =>
      (await pixels((await a1111('img2img', { ...edit, ...more })).images[0]!)).at(14, 16);
    const away = (colour: readonly number[]) => Math.abs(colour[0]! - 200);
    expect(away(await edge({ mask_blur: 3 }))).toBeLessThan(away(await edge({})));
  });
});

describe('strength and steps', () => {
  const init_images = [base64(plain())];
  const mask = base64(painted(32, 32, (x) => (x < 16 ? [255, 255, 255] : [0, 0, 0])));

  test.each([
    ['masked', { mask }],
    ['whole', {}],
  ])('%s: each strength is another picture, 0 the original', async (_, more) => {
    const made = new Set<string>();
    for (const denoising_strength of [0, 0.1, 0.9, 1]) {
      const { images, told } = await a1111('img2img', {
        prompt: 'strong',
        init_images,
        seed: 5,
        steps: 5,
        denoising_strength,
        ...more,
      });
      const { at } = await pixels(images[0]!);
      made.add(at(2, 2).join());
      if (denoising_strength === 0) expect(at(2, 2)).toEqual(grey);
      expect(told.infotexts[0]).toContain(`Denoising strength: ${denoising_strength}`);
      expect(told.infotexts[0]).toContain(`Steps: ${denoising_strength === 0 ? 0 : 5}`);
      if (denoising_strength > 0)
        expect(JSON.stringify(readRecipe(Buffer.from(images[0]!, 'base64')))).toContain('"steps":5');
    }
    expect(made.size).toBe(4);
  });

  test('an edit of OpenAI’s is one job, of a strength that can be said', async () => {
    const before = (await jobs()).length;
    const ask = async (more: object) =>
      openai.images.edit({
        image: await png(plain()),
        prompt: 'one',
        ...more,
      } as never) as Promise<OpenAI.ImagesResponse>;
    const weak = await ask({ strength: 0.2, seed: 1 });
    const strong = await ask({ strength: 0.9, seed: 1 });
    expect((await jobs()).length).toBe(before + 2);
    const [a, b] = await Promise.all([weak, strong].map(({ data }) => pixels(data![0]!.b64_json!)));
    const away = ({ at }: Awaited<ReturnType<typeof pixels>>) => Math.abs(at(9, 9)[0]! - 200);
    expect(away(b!)).toBeGreaterThan(away(a!));
  });
});

describe('what nothing here does is said', () => {
  test.each([
    ['negative_prompt', { negative_prompt: 'trees' }],
    ['sampler_name', { sampler_name: 'Euler a' }],
    ['override_settings', { override_settings: { CLIP_stop_at_last_layers: 2 } }],
    ['styles', { styles: ['watercolour'] }],
    ['tiling', { tiling: true }],
    ['enable_hr', { enable_hr: true }],
    ['alwayson_scripts', { alwayson_scripts: { controlnet: { args: [] } } }],
    ['subseed_strength', { subseed_strength: 0.5 }],
  ])('A1111: %s', async (name, more) => {
    const { told } = await a1111('txt2img', { prompt: 'said', seed: 1, ...more });
    expect(told.warnings).toEqual([expect.stringContaining(name)]);
  });

  test('A1111: what clients fill in by themselves is no news', async () => {
    const { told } = await a1111('txt2img', {
      prompt: 'quiet',
      negative_prompt: '',
      enable_hr: false,
      hr_scale: 2,
      hr_upscaler: 'Latent',
      denoising_strength: 0.7,
      styles: [],
      subseed: -1,
      subseed_strength: 0,
      seed_resize_from_h: -1,
      restore_faces: false,
      tiling: false,
      eta: 1,
      s_churn: 0,
      s_noise: 1,
      override_settings: {},
      override_settings_restore_afterwards: true,
      scheduler: 'automatic',
      script_args: [],
      script_name: null,
      send_images: true,
      save_images: false,
      alwayson_scripts: {},
    });
    expect(told.warnings).toBeUndefined();
  });

  test('A1111: a side alone keeps the shape', async () => {
    const { images } = await a1111('txt2img', { prompt: 'side', width: 48 });
    expect(await pixels(images[0]!)).toMatchObject({ width: 48, height: 48 });
    const init_images = [base64(plain(64, 32))];
    const edited = await a1111('img2img', { prompt: 'side', init_images, height: 16 });
    expect(await pixels(edited.images[0]!)).toMatchObject({ width: 32, height: 16 });
  });

  test.each([
    ['quality', { quality: 'high' }],
    ['style', { style: 'vivid' }],
    ['background', { background: 'transparent' }],
    ['output_format', { output_format: 'webp' }],
  ])('OpenAI: %s', async (name, more) => {
    const answer = await openai.images.generate({
      prompt: 'said',
      model: 'any',
      user: 'me',
      ...more,
    } as never);
    expect(answer).toMatchObject({ warnings: [expect.stringContaining(name)] });
  });

  test('OpenAI: a second picture of an edit', async () => {
    const image = [await png(plain()), await png(plain(16))];
    const answer = await openai.images.edit({ image, prompt: 'two' });
    expect(answer).toMatchObject({ warnings: [expect.stringContaining('1 more')] });
  });

  test('hub: in a header, since the answer is the picture', async () => {
    const response = await server.post('/models/any', {
      inputs: 'a rocket',
      parameters: { negative_prompt: 'trees', scheduler: 'Euler', seed: 1 },
    });
    const said = response.headers.get('warning');
    expect(said).toContain('negative_prompt');
    expect(said).toContain('scheduler');
  });
});

describe('a picture that is no square', () => {
  const red: Colour = [255, 0, 0];
  const blue: Colour = [0, 0, 255];
  /** Red, white with a black square, blue. */
  const flag = painted(192, 64, (x, y) => {
    if (x < 64) return red;
    if (x >= 128) return blue;
    return x >= 80 && x < 112 && y >= 16 && y < 48 ? [0, 0, 0] : [255, 255, 255];
  });
  const sides = async (image: string | Buffer) => {
    const { width, height, at } = await pixels(image);
    return { width, height, left: at(10, 32), right: at(181, 32) };
  };
  const kept = { width: 192, height: 64, left: [...red], right: [...blue] };
  const init_images = [base64(flag)];
  const mask = base64(painted(192, 64, (x) => (x >= 80 && x < 112 ? [255, 255, 255] : [0, 0, 0])));

  test('strength 0 is the picture itself', async () => {
    const { images } = await a1111('img2img', { init_images, denoising_strength: 0, width: 192, height: 64 });
    const { at, ...size } = await pixels(images[0]!);
    expect([size.width, size.height]).toEqual([192, 64]);
    for (const [x, y] of [
      [10, 10],
      [70, 32],
      [96, 32],
      [82, 18],
      [150, 60],
    ] as const)
      expect(at(x, y)).toEqual((await pixels(flag)).at(x, y));
  });

  test('what the model does not see comes back, nothing is stretched', async () => {
    const sized = { width: 192, height: 64 };
    for (const more of [{}, sized, { mask }, { mask, ...sized }])
      expect(
        await sides((await a1111('img2img', { prompt: 'flag', init_images, ...more })).images[0]!),
      ).toEqual(kept);
    for (const size of [undefined, '192x64']) {
      const { data } = (await openai.images.edit({
        image: await png(flag),
        prompt: 'flag',
        size,
      } as never)) as OpenAI.ImagesResponse;
      expect(await sides(data![0]!.b64_json!)).toEqual(kept);
    }
  });

  test('outside the mask every pixel is the original’s, at its own size', async () => {
    const { images } = await a1111('img2img', { prompt: 'flag', init_images, mask, denoising_strength: 1 });
    const [was, is] = [await pixels(flag), await pixels(images[0]!)];
    for (let x = 0; x < 192; x++)
      if (x < 80 || x >= 112) expect([x, is.at(x, 20)]).toEqual([x, was.at(x, 20)]);
    expect(is.at(96, 20)).not.toEqual(was.at(96, 20));
  });

  test.each<[string, 1 | 4]>([
    ['grey', 1],
    ['transparent', 4],
  ])('a %s picture comes back in its colours', async (_, channels) => {
    const data = new Uint8Array(96 * 32 * channels).fill(100);
    const picture = Buffer.from(encodePng({ width: 96, height: 32, channels, data }));
    const white = Math.round((100 * 100 + 255 * 155) / 255);
    const shown = channels === 1 ? 100 : white;
    const mask = base64(painted(96, 32, (x) => (x >= 40 && x < 56 ? [255, 255, 255] : [0, 0, 0])));
    for (const more of [{}, { mask }]) {
      const init_images = [base64(picture)];
      const { images } = await a1111('img2img', {
        prompt: 'grey',
        init_images,
        denoising_strength: 1,
        ...more,
      });
      const { at, ...size } = await pixels(images[0]!);
      expect(size).toMatchObject({ width: 96, height: 32 });
      for (const x of [2, 93])
        for (const value of at(x, 16)) expect(Math.abs(value - shown)).toBeLessThanOrEqual(1);
      expect(new Set(at(48, 16)).size).toBeGreaterThan(1);
    }
  });

  test('another shape than the picture’s is cut in its middle', async () => {
    const square = await a1111('img2img', { prompt: 'flag', init_images, width: 64, height: 64 });
    const { width, height, at } = await pixels(square.images[0]!);
    expect([width, height]).toEqual([64, 64]);
    expect(at(1, 32)).not.toEqual(red);
    const wide = await a1111('txt2img', { prompt: 'wide', width: 64, height: 32 });
    expect(await pixels(wide.images[0]!)).toMatchObject({ width: 64, height: 32 });
  });
});

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
