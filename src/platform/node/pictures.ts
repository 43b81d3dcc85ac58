import type { Sharp } from 'sharp';
import type { Pictures } from '../pictures.ts';

/** It takes longer to load than a step to compute: only who opens a picture waits for it. */
const library = async () => (await import('sharp')).default;

/** What every viewer shows is a picture, though its maker was careless; what is cut off or damaged is none. */
const opened = async (file: Uint8Array): Promise<Sharp> =>
  (await library())(file, { limitInputPixels: false, pages: 1, failOn: 'error' }).timeout({ seconds: 10 });

/** A picture file for sharp to go on with: upright, in sRGB, not yet unpacked. Look at it first (`checkPicture`). */
export const upright = async (file: Uint8Array): Promise<Sharp> =>
  (await opened(file)).autoOrient().toColourspace('srgb');

export const pictureFiles: Pictures = {
  async lookAt(file) {
    const { width, height, pages = 1, space, format } = await (await opened(file)).metadata();
    return { format, width, height, frames: pages, isCmyk: space === 'cmyk' };
  },
  async unpack(file) {
    const { data, info } = await (await upright(file))
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  },
  async animatedWebp({ width, height, frames, delaysMs, quality }) {
    const sharp = await library();
    const images = await Promise.all(
      frames.map((data) =>
        sharp(data, { raw: { width, height, channels: 3 } })
          .png()
          .toBuffer(),
      ),
    );
    return await sharp(images, { join: { animated: true } })
      .webp({ loop: 0, delay: [...delaysMs], quality })
      .toBuffer();
  },
};
