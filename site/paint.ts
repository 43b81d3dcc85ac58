import { type Picture, toPicture } from '../src/images/picture.ts';
import type { Tensor } from '../src/tensor/tensor.ts';

/** Puts a picture, or [1, 3, H, W] or [1, 1, H, W] in [-1, 1], on a canvas. */
export function paint(canvas: HTMLCanvasElement, image: Tensor | Picture): void {
  const { width, height, channels, data } = 'shape' in image ? toPicture(image) : image;
  const pixels = new ImageData(width, height);
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 4; c++)
      pixels.data[4 * i + c] = c === 3 ? 255 : data[i * channels + Math.min(c, channels - 1)]!;
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
}
