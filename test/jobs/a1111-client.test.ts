import sharp, { type Sharp } from 'sharp';
import { StableDiffusionApi } from 'stable-diffusion-api';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readRecipe } from '../../src/images/png.ts';
import { type FakeServer, startFake } from './fake-server.ts';

/** A client library of A1111's API, as it is on npm, with all that it sends by itself. */

// Processes are started from the sources: seconds each on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let server: FakeServer;
let client: StableDiffusionApi;
beforeAll(async () => {
  server = await startFake();
  client = new StableDiffusionApi({ baseUrl: server.url, timeout: 200_000 });
});
afterAll(() => server.close());

const grey = () => sharp({ create: { width: 32, height: 32, channels: 3, background: '#c8c8c8' } });
const middle = async (picture: Sharp) => {
  const { data, info } = await picture.clone().removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return data[3 * (info.width * 16 + 16)]!;
};

test('draws as many pictures as it is asked for, of the size and the seeds asked for', async () => {
  const size = { width: 32, height: 32 };
  const asked = { prompt: 'a lighthouse', steps: 2, seed: 5, batch_size: 2, ...size };
  const { images, info, parameters } = await client.txt2img(asked);
  expect(images).toHaveLength(2);
  for (const image of images) expect(await image.metadata()).toMatchObject({ ...size, format: 'png' });
  expect(parameters).toMatchObject({ prompt: 'a lighthouse', steps: 2 });
  const told = JSON.parse(info);
  expect(told.all_seeds).toEqual([5, 6]);
  // What it sends by itself and nothing here does is said.
  expect(told.warnings.join(' ')).toMatch(/sampler_name/);
});

test('edits by as much as it says, and only where the mask is white', async () => {
  const edited = async (more: object) => {
    const asked = { init_images: [grey()], prompt: 'a fog', steps: 4, seed: 1, width: 32, height: 32 };
    const { image } = await client.img2img({ ...asked, ...more });
    return Math.abs((await middle(image)) - 200);
  };
  const [weak, strong] = [await edited({ denoising_strength: 0.1 }), await edited({ denoising_strength: 1 })];
  expect(weak).toBeLessThan(strong);
  const black = sharp({ create: { width: 32, height: 32, channels: 3, background: '#000' } }).composite([
    {
      input: await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
        .png()
        .toBuffer(),
      left: 0,
      top: 0,
    },
  ]);
  expect(await edited({ denoising_strength: 1, mask_image: black, mask_blur: 0 })).toBe(0);
});

test('reads what there is: the checkpoint, the samplers, settings, progress, the texts in a picture', async () => {
  expect(await client.getSdModels()).toHaveLength(1);
  expect(await client.getSamplers()).toBeInstanceOf(Array);
  expect(await client.getOptions()).toMatchObject({ samples_format: 'png' });
  expect(await client.getProgress()).toMatchObject({ progress: 0 });
  const { response } = await client.txt2img({ prompt: 'a tower', steps: 2, width: 32, height: 32 });
  const png = Buffer.from((response.data as { images: string[] }).images[0]!, 'base64');
  expect(readRecipe(png)).toMatchObject({ params: { prompts: ['a tower'] } });
});

test('what is not there is said to be not there', async () => {
  await expect(client.getUpscalers()).rejects.toMatchObject({ response: { status: 404 } });
  await expect(client.interrogate(grey(), 'any')).rejects.toMatchObject({
    response: { status: 404 },
  });
});
