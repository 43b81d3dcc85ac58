import sharp, { type Sharp } from 'sharp';
import type { Pictures } from '../pictures.ts';

/** What every viewer shows is a picture, though its maker was careless; what is cut off or damaged is none. */
const opened = (file: Uint8Array): Sharp =>
  sharp(file, { limitInputPixels: false, pages: 1, failOn: 'error' }).timeout({ seconds: 10 });

/** A picture file for sharp to go on with: upright, in sRGB, not yet unpacked. Look at it first (`checkPicture`). */
export const upright = (file: Uint8Array): Sharp => opened(file).autoOrient().toColourspace('srgb');

export const pictureFiles: Pictures = {
  async lookAt(file) {
    const { width, height, pages = 1, space, format } = await opened(file).metadata();
    return { format, width, height, frames: pages, isCmyk: space === 'cmyk' };
  },
  async unpack(file) {
    const { data, info } = await upright(file)
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  },
  async animatedWebp({ width, height, frames, delaysMs, quality }) {
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
