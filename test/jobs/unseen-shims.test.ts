import { InferenceClient } from '@huggingface/inference';
import { toFile } from 'openai';
import sharp from 'sharp';
import { expect } from 'vitest';
import { readRecipe } from '../../src/images/png.ts';
import { unseenOf } from '../kinds.ts';
import {
  a1111,
  base64,
  type Colour,
  grey,
  jobOf,
  openai,
  painted,
  pixels,
  plain,
  png,
  server,
} from './shim-bench.ts';

/** Other members of the kinds of faults in other programs' APIs, which shims.test.ts and shims-pictures.test.ts hold by their reported cases. */

const init_images = [base64(plain())];
const warned = async (path: string, more: object) =>
  (await a1111(path, { prompt: 'unseen', seed: 1, ...more })).told.warnings?.join('\n') ?? '';
const hub = (parameters: object, more: object = {}, inputs = 'unseen') =>
  server.post('/models/any', { inputs, parameters: { seed: 1, ...parameters }, ...more });
const generated = async (more: object): Promise<string> =>
  JSON.stringify(await openai.images.generate({ prompt: 'unseen', ...more } as never));
const form = async (files: readonly (readonly [string, Buffer])[], fields: object = {}) => {
  const body = new FormData();
  for (const [name, value] of Object.entries({ prompt: 'unseen', seed: '1', ...fields }))
    body.append(name, String(value));
  for (const [name, bytes] of files) body.append(name, new Blob([new Uint8Array(bytes)]), 'a.png');
  const response = await server.get('/v1/images/edits', { method: 'POST', body });
  return { status: response.status, text: await response.text() };
};
/** How an edit under a mask is answered in which nothing could change; no job may come of it. */
const unchanging = async (image: Buffer, mask: Buffer) => {
  const files = [
    ['image', image],
    ['mask', mask],
  ] as const;
  const { status } = await form(files, { prompt: 'unchanging' });
  expect(await jobOf('unchanging')).toBeUndefined();
  return status;
};
const left = (a: Colour, b: Colour, width = 32, height = width) =>
  painted(width, height, (x) => (x < width / 2 ? a : b));
const clearLeft = left([9, 9, 9, 0], [200, 200, 200, 255]);
const edited = async (files: readonly (readonly [string, Buffer])[]) => {
  const { status, text } = await form(files);
  expect([status, text]).toEqual([200, expect.any(String)]);
  const { data, warnings = [] } = JSON.parse(text);
  const { at } = await pixels(data[0].b64_json);
  return { at, warnings: warnings.join('\n') as string };
};
const stripes = (width: number, height: number): Buffer =>
  painted(width, height, (x, y) => [(37 * x) % 256, (53 * y) % 256, 90]);
/** What is outside the square in the middle is what was sent, to the pixel, at its own size. */
async function keptAround(sent: Buffer, made: string | Buffer): Promise<void> {
  const [before, after] = [await pixels(sent), await pixels(made)];
  const { width, height } = before;
  expect(after).toMatchObject({ width, height });
  const side = Math.min(width, height);
  const [x0, y0] = [(width - side) >> 1, (height - side) >> 1];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (x < x0 || x >= x0 + side || y < y0 || y >= y0 + side)
        expect(after.at(x, y), `${x}, ${y}`).toEqual(before.at(x, y));
}
const painting = async (picture: Buffer) =>
  (await a1111('img2img', { prompt: 'unseen', init_images: [base64(picture)], denoising_strength: 1 }))
    .images[0]!;

unseenOf({
  '1: what a text costs grows with its length alone': {
    'a prompt that begins as a picture': async () => {
      expect((await hub({}, {}, `data:image/png;base64,${'A='.repeat(200_000)}`)).status).toBe(422);
    },
    'white space before and after a picture': async () => {
      const image = `${' '.repeat(300_000)}${base64(plain())}${'\n'.repeat(300_000)}`;
      expect((await a1111('png-info', { image })).status).toBe(200);
    },
    'a prompt of brackets, as long as one may be': async () => {
      expect((await hub({}, {}, '<('.repeat(1000))).status).toBe(200);
    },
    'a kind of content': async () => {
      const response = await server.post('/models/any', 'x', {
        'content-type': `image/${'a '.repeat(5_000)}`,
      });
      expect(response.status).toBe(415);
    },
  },
  '2: a field is honoured, or said to be passed over': {
    'nothing is a value, too: eta 0': async () => {
      expect(await warned('txt2img', { eta: 0 })).toContain('eta');
    },
    'masked content that is to be filled': async () => {
      expect(await warned('img2img', { init_images, inpainting_fill: 0 })).toContain('inpainting_fill');
    },
    'a shape that is to be stretched': async () => {
      const shape = { init_images, width: 64, height: 32 };
      expect(await warned('img2img', { ...shape, resize_mode: 0 })).toContain('resize_mode');
      expect(await warned('img2img', { ...shape, resize_mode: 1 })).toBe('');
      expect(await warned('img2img', { init_images, resize_mode: 0 })).toBe('');
    },
    'a picture where none is read': async () => {
      expect(await warned('txt2img', { init_images, mask: init_images[0] })).toMatch(
        /init_images[\s\S]*mask/,
      );
      expect(await warned('txt2img', { init_images: 5 })).toContain('init_images');
    },
    'a cache that is not to be used': async () => {
      const { headers } = await hub({}, { options: { use_cache: false, wait_for_model: true } });
      expect(headers.get('warning')).toMatch(/use_cache/);
      expect(headers.get('warning')).not.toMatch(/wait_for_model/);
    },
  },
  '3: strength, steps and guidance are what was asked, and so is the record': {
    'a strength of the hub, with steps': async () => {
      const drawn = async (strength: number) => {
        const parameters = { strength, num_inference_steps: 7 };
        const response = await hub(parameters, {}, base64(plain()));
        const bytes = Buffer.from(await response.arrayBuffer());
        expect(readRecipe(bytes)).toMatchObject({ params: { strength, steps: 7 } });
        return Math.abs((await pixels(bytes)).at(9, 9)[0]! - grey[0]);
      };
      expect(await drawn(0.1)).toBeLessThan(await drawn(1));
    },
    'a strength of OpenAI’s with a mask': async () => {
      const moved = async (strength: number) => {
        const { text } = await form(
          [
            ['image', plain()],
            ['mask', clearLeft],
          ],
          { strength },
        );
        const { at, bytes } = await pixels(JSON.parse(text).data[0].b64_json);
        expect(readRecipe(bytes)).toMatchObject({ params: { strength } });
        expect(at(29, 16)).toEqual(grey);
        return Math.abs(at(2, 16)[0]! - grey[0]);
      };
      expect(await moved(0.1)).toBeLessThan(await moved(1));
    },
    guidance: async () => {
      const { images, told } = await a1111('txt2img', { prompt: 'unseen', seed: 1, cfg_scale: 9 });
      expect(told.infotexts[0]).toContain('CFG scale: 9');
      expect(readRecipe(Buffer.from(images[0]!, 'base64'))).toMatchObject({ params: { guidanceScale: 9 } });
    },
  },
  '4: what is passed over is told': {
    'partial pictures where nothing is streamed': async () => {
      expect(await generated({ partial_images: 2 })).toContain('partial_images: passed over');
    },
    'a compression of nothing': async () => {
      expect(await generated({ output_compression: 0 })).toContain('output_compression: passed over');
    },
    'another model': async () => {
      expect(await generated({ model: 'dall-e-3' })).toContain('model: fake has drawn it');
      expect(await generated({ model: 'fake' })).not.toContain('warnings');
    },
    'an address for a picture that is streamed': async () => {
      const asked = { prompt: 'unseen', stream: true, response_format: 'url' };
      const told = await (await server.post('/v1/images/generations', asked)).text();
      expect(told).toContain('response_format: passed over');
    },
    'a second mask, and files that nothing reads': async () => {
      const { warnings } = await edited([
        ['image', plain()],
        ['mask', clearLeft],
        ['mask', plain()],
        ['depth', plain()],
      ]);
      expect(warnings).toMatch(/mask: the first counts, 1 more[\s\S]*depth: passed over/);
    },
    'a blur of the mask in one direction': async () => {
      const mask = base64(left([255, 255, 255], [0, 0, 0]));
      expect(await warned('img2img', { init_images, mask, mask_blur_x: 4 })).toContain('mask_blur_x');
    },
  },
  '5: nothing is stretched, moved or lost': {
    'a picture that stands': async () => {
      const sent = stripes(40, 96);
      await keptAround(sent, await painting(sent));
    },
    'sides that are odd': async () => {
      for (const [width, height] of [
        [65, 32],
        [32, 65],
        [33, 32],
      ] as const) {
        const sent = stripes(width, height);
        await keptAround(sent, await painting(sent));
      }
    },
    'to the hub': async () => {
      const sent = stripes(96, 40);
      const made = await (await hub({ strength: 1 }, {}, base64(sent))).arrayBuffer();
      await keptAround(sent, Buffer.from(made));
    },
    'turned by the camera': async () => {
      const sent = await sharp(stripes(96, 40))
        .jpeg({ quality: 100 })
        .withMetadata({ orientation: 6 })
        .toBuffer();
      expect(await pixels(await painting(sent))).toMatchObject({ width: 40, height: 96 });
    },
    'larger than is kept': async () => {
      const huge = await sharp({ create: { width: 3000, height: 30, channels: 3, background: '#c8c8c8' } })
        .png()
        .toBuffer();
      expect(await warned('img2img', { init_images: [base64(huge)] })).toContain('3000 × 30 pixels');
    },
  },
  '10: an edit in which nothing could change': {
    'a mask that is a JPEG': async () => {
      expect(await unchanging(plain(), await sharp(plain()).jpeg().toBuffer())).toBe(400);
    },
    'a mask that is hardly clear': async () => {
      const mask = painted(32, 32, () => [0, 0, 0, 254]);
      expect(await unchanging(plain(), mask)).toBe(400);
    },
    'a mask that is clear where the model does not look': async () => {
      const mask = painted(96, 32, (x) => [0, 0, 0, x < 20 ? 0 : 255]);
      expect(await unchanging(plain(96, 32), mask)).toBe(400);
    },
    'without a mask, what is clear in the picture is to be drawn': async () => {
      const { at } = await edited([['image', clearLeft]]);
      expect(at(29, 16)).toEqual(grey);
      expect(at(2, 16)).not.toEqual([255, 255, 255]);
    },
  },
  '16: the record is in every picture': {
    'at the end of a stream': async () => {
      const stream = await openai.images.generate({
        prompt: 'streamed record',
        stream: true,
        size: '256x256',
      });
      for await (const event of stream)
        if (event.type === 'image_generation.completed')
          expect(readRecipe(Buffer.from(event.b64_json, 'base64'))).toMatchObject({
            params: { prompts: ['streamed record'] },
          });
    },
    'of another size, from the hub': async () => {
      const response = await hub({ target_size: { width: 48, height: 24 } });
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(readRecipe(bytes)).toMatchObject({ params: { seed: 1 } });
      expect(await pixels(bytes)).toMatchObject({ width: 48, height: 24 });
    },
    'told without the pictures': async () => {
      const { images, told } = await a1111('txt2img', { prompt: 'unsent', seed: 8, send_images: false });
      expect([images, told.all_seeds]).toEqual([[], [8]]);
      expect(told.infotexts[0]).toContain('Seed: 8');
    },
    'of each of several': async () => {
      const { images } = await a1111('txt2img', { prompt: 'several', seed: 2 ** 32 - 1, n_iter: 2 });
      const seeds = images.map((image) => readRecipe(Buffer.from(image, 'base64')));
      expect(seeds).toMatchObject([{ params: { seed: 2 ** 32 - 1 } }, { params: { seed: 0 } }]);
    },
  },
  '19: what an official client sends is taken': {
    'a list of pictures, and a stream of their edit': async () => {
      const image = [await png(plain()), await png(plain())];
      const stream = await openai.images.edit({ image, prompt: 'unseen', stream: true, partial_images: 1 });
      const kinds = [];
      for await (const { type } of stream) kinds.push(type);
      expect(kinds.at(-1)).toBe('image_edit.completed');
    },
    'everything that OpenAI’s form has': async () => {
      const { data } = await openai.images.edit({
        image: await png(plain()),
        mask: await png(clearLeft),
        prompt: 'unseen',
        background: 'auto',
        input_fidelity: 'low',
        n: 2,
        output_format: 'png',
        quality: 'auto',
        size: '256x256',
        user: 'me',
      });
      expect(data).toHaveLength(2);
    },
    'everything that the hub’s client types': async () => {
      const client = new InferenceClient('any', { endpointUrl: `${server.url}/models/campanile` });
      const parameters = { guidance_scale: 5, negative_prompt: 'trees', num_inference_steps: 2, seed: 1 };
      const inputs = new Blob([new Uint8Array(plain(64, 32))], { type: 'image/png' });
      const made = await client.imageToImage({ inputs, parameters: { prompt: 'unseen', ...parameters } });
      expect(await pixels(Buffer.from(await made.arrayBuffer()))).toMatchObject({ width: 64, height: 32 });
    },
  },
  '20: a refusal has the shape that its client reads': {
    'an address that cannot be read': async () => {
      const response = await server.get('/v1/images/%E0%A4%A');
      const { error } = (await response.json()) as { error: { message: string } };
      expect([response.status, error.message]).toEqual([400, expect.stringContaining('not a valid')]);
    },
    'another method': async () => {
      const response = await server.get('/v1/images/generations', { method: 'DELETE' });
      expect(await response.json()).toMatchObject({ error: { code: 'route', message: expect.any(String) } });
    },
    'a text that is no JSON, and one that is too long': async () => {
      for (const body of ['{"prompt":', JSON.stringify({ prompt: 'x'.repeat(2_000_000) })]) {
        const response = await server.post('/v1/images/generations', body);
        const { error } = (await response.json()) as { error: { message: string } };
        expect([response.status < 500, error.message]).toEqual([true, expect.any(String)]);
      }
    },
    'a picture that is too large': async () => {
      const image = await toFile(Buffer.alloc(21_000_000, 1), 'a.png');
      await expect(openai.images.edit({ image, prompt: 'unseen' })).rejects.toMatchObject({ status: 413 });
    },
  },
});
