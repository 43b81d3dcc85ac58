import type { StepEvent } from '../../src/server/api-types.ts';
import type { Walk } from '../runs.ts';
import { canvasOf, loadImage, toBlob } from './canvas.ts';
import { animatedWebp } from './webp.ts';

const SCALE = 3;
const GAP = 6;
const FRAME_MS = 90;
const LAST_FRAME_MS = 1500;

/**
 * x_t beside x̂₀, step by step, three times the size.
 *
 * @throws {Error} when the browser cannot write WebP
 */
export async function animationOf({ steps }: Walk): Promise<Blob> {
  const frames: Uint8Array[] = [];
  for (const step of steps) frames.push(await frameOf(step));
  const { x } = steps[0]!;
  return animatedWebp(frames, {
    width: 2 * x.width * SCALE + GAP,
    height: x.height * SCALE,
    durationsMs: steps.map((_, i) => (i === steps.length - 1 ? LAST_FRAME_MS : FRAME_MS)),
  });
}

async function frameOf({ x, x0 }: StepEvent): Promise<Uint8Array> {
  const [noisy, clean] = await Promise.all([loadImage(x.url), loadImage(x0.url)]);
  const [width, height] = [x.width * SCALE, x.height * SCALE];
  const { canvas, pen } = canvasOf(2 * width + GAP, height);
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(noisy, 0, 0, width, height);
  pen.drawImage(clean, width + GAP, 0, width, height);
  return webpOf(canvas);
}

/** @throws {Error} when the browser cannot write WebP */
export async function webpOf(canvas: HTMLCanvasElement): Promise<Uint8Array> {
  const blob = await toBlob(canvas, 'image/webp');
  if (blob.type !== 'image/webp')
    throw new Error('This browser cannot write WebP. Chrome, Edge and Firefox can.');
  return new Uint8Array(await blob.arrayBuffer());
}
