import type { Pictures, Pixels } from '../pictures.ts';

/** What reads files and writes films comes with the first of them: most runs draw from noise. */
export const pictureFiles: Pictures = {
  lookAt: async (file) => (await import('./picture-head.ts')).lookAt(file),
  unpack,
  animatedWebp: async (animation) => (await import('./animated-webp.ts')).animatedWebp(animation),
};

/** More pixels than this the canvas of some phones does not hold. */
const MOST_ON_CANVAS = 4096 * 4096;

async function unpack(file: Uint8Array): Promise<Pixels> {
  const options = { imageOrientation: 'from-image', premultiplyAlpha: 'none' } as const;
  const whole = await createImageBitmap(new Blob([file as Uint8Array<ArrayBuffer>]), options);
  const scale = Math.min(1, Math.sqrt(MOST_ON_CANVAS / (whole.width * whole.height)));
  const [width, height] = [Math.floor(whole.width * scale), Math.floor(whole.height * scale)];
  const bitmap =
    scale === 1
      ? whole
      : await createImageBitmap(whole, {
          ...options,
          resizeWidth: width,
          resizeHeight: height,
          resizeQuality: 'high',
        });
  if (bitmap !== whole) whole.close();
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('this browser has no canvas to decode pictures with');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, data: new Uint8Array(context.getImageData(0, 0, width, height).data.buffer) };
}
