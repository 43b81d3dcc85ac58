import { noiseStream } from '../src/diffusion/noise.ts';
import { addNoise } from '../src/diffusion/process.ts';
import type { Tensor } from '../src/tensor/tensor.ts';
import { canvasOf, drawSquare, loadImage } from './canvas/canvas.ts';

/** Pixels → values in [-1, 1], [1, 3, H, W]. */
export function tensorOf({ data, width, height }: ImageData): Tensor {
  const plane = width * height;
  const x = new Float32Array(3 * plane);
  for (let i = 0; i < plane; i++) for (let c = 0; c < 3; c++) x[c * plane + i] = data[4 * i + c]! / 127.5 - 1;
  return { data: x, shape: [1, 3, height, width] };
}

/** Values in [-1, 1] → pixels; what is beyond is cut. */
export function pixelsOf({ data, shape }: Tensor): ImageData {
  const [height, width] = shape.slice(-2) as [number, number];
  const plane = width * height;
  const pixels = new ImageData(width, height);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) pixels.data[4 * i + c] = (data[c * plane + i]! + 1) * 127.5;
    pixels.data[4 * i + 3] = 255;
  }
  return pixels;
}

/** The middle square of a picture at the model's size. */
export async function pictureTensor(url: string, size: number): Promise<Tensor> {
  const { pen } = canvasOf(size, size);
  pen.imageSmoothingQuality = 'high';
  drawSquare(pen, await loadImage(url));
  return tensorOf(pen.getImageData(0, 0, size, size));
}

/** All pixels of a picture as values around 0: a negative is a change of sign. */
export function wholeTensor(image: HTMLImageElement): Tensor {
  const { naturalWidth, naturalHeight } = image;
  const { pen } = canvasOf(naturalWidth, naturalHeight);
  pen.drawImage(image, 0, 0);
  return tensorOf(pen.getImageData(0, 0, naturalWidth, naturalHeight));
}

const draws = new Map<string, Tensor>();

/** What a run with this seed draws first: torch's own numbers, so a picture noised here is the one a run begins with. */
export function firstNoise(seed: number, size: number): Tensor {
  const key = `${seed} ${size}`;
  const known = draws.get(key) ?? noiseStream(seed, [3, size, size])('forward', 0);
  if (draws.size > 8) draws.clear();
  draws.set(key, known);
  return known;
}

/** x_t of a picture; without one, or where nothing of it is left, pure noise. */
export const noised = (x0: Tensor | undefined, noise: Tensor, alphaBar: number): Tensor =>
  x0 && alphaBar > 0 ? addNoise(x0, noise, alphaBar) : noise;
