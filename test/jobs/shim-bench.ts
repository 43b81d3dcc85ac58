import OpenAI, { toFile } from 'openai';
import sharp from 'sharp';
import { afterAll, beforeAll, vi } from 'vitest';
import { encodePng } from '../../src/images/png.ts';
import type { Job } from '../../src/server/api-types.ts';
import { type FakeServer, startFake } from './fake-server.ts';

/** A server for the clients of others, and pictures to send. Whoever imports this has it while its tests run. */

vi.setConfig({ testTimeout: 60_000, hookTimeout: 240_000 });

export let server: FakeServer;
export let openai: OpenAI;
beforeAll(async () => {
  server = await startFake();
  openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });
});
afterAll(() => server.close());

export type Colour = readonly [number, number, number, number?];
/** A picture by the colour of each pixel. */
export const painted = (width: number, height: number, colour: (x: number, y: number) => Colour): Buffer => {
  const [, , , alpha] = colour(0, 0);
  const channels = alpha === undefined ? 3 : 4;
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    return colour(pixel % width, Math.floor(pixel / width))[i % channels]!;
  });
  return Buffer.from(encodePng({ width, height, channels, data }));
};
export const grey: Colour = [200, 200, 200];
export const plain = (width = 32, height = width) => painted(width, height, () => grey);
export const png = (bytes: Buffer) => toFile(bytes, 'picture.png', { type: 'image/png' });
export const base64 = (bytes: Buffer) => bytes.toString('base64');

export async function pixels(image: string | Buffer) {
  const bytes = typeof image === 'string' ? Buffer.from(image, 'base64') : image;
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [
    ...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3),
  ];
  return { width: info.width, height: info.height, at, bytes };
}

export interface A1111Answer {
  readonly images: string[];
  readonly parameters: Record<string, unknown>;
  readonly told: { infotexts: string[]; all_seeds: number[]; warnings?: string[] };
}
export async function a1111(path: string, body: unknown): Promise<A1111Answer & { status: number }> {
  const response = await server.post(`/sdapi/v1/${path}`, body);
  const answer = (await response.json()) as A1111Answer & { info: string };
  return { ...answer, status: response.status, told: answer.info ? JSON.parse(answer.info) : undefined };
}
export const jobs = async (): Promise<Job[]> =>
  ((await (await server.get('/v1/jobs?limit=200')).json()) as { jobs: Job[] }).jobs;
export const jobOf = async (prompt: string, seed?: number): Promise<Job | undefined> =>
  (await jobs()).find(
    ({ recipe: { params } }) =>
      [params['prompts']].flat()[0] === prompt && (seed === undefined || params['seed'] === seed),
  );
export const until = async (true_: () => Promise<unknown>) => {
  while (!(await true_())) await new Promise((resolve) => setTimeout(resolve, 20));
};
