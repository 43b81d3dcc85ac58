import type OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { encodePng, readRecipe } from '../../src/images/png.ts';
import {
  a1111,
  base64,
  type Colour,
  grey,
  jobs,
  openai,
  painted,
  pixels,
  plain,
  png,
  server,
} from './shim-bench.ts';

/** What other programs' users have reported of other servers, tried here: what is asked for is made, or refused in words. */

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
      model: 'fake',
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
