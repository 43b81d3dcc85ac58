import type { Pictures, Pixels } from '../pictures.ts';

/** What reads files and writes films comes with the first of them: most runs draw from noise. */
export const pictureFiles: Pictures = {
  lookAt: async (file) => (await import('./picture-head.ts')).lookAt(file),
  unpack,
  animatedWebp: async (animation) => (await import('./animated-webp.ts')).animatedWebp(animation),
};

async function unpack(file: Uint8Array): Promise<Pixels> {
  const bitmap = await createImageBitmap(new Blob([file as Uint8Array<ArrayBuffer>]), {
    imageOrientation: 'from-image',
    premultiplyAlpha: 'none',
  });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('this browser has no canvas to decode pictures with');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, data: new Uint8Array(context.getImageData(0, 0, width, height).data.buffer) };
}
