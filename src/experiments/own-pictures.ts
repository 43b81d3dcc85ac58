/** The project's own pictures and masks: files of the package, drawn once by training/pictures.mjs. */
import { files } from '#platform/files';
import { maskFromPicture, type Picture } from '../images/picture.ts';
import { resize } from '../images/resize.ts';
import type { Tensor } from '../tensor/tensor.ts';

// Whole addresses, since bundlers take along the files of those that they can read.
const pictures = {
  campanile: {
    64: new URL('../../pictures/campanile-64.png', import.meta.url),
    256: new URL('../../pictures/campanile-256.png', import.meta.url),
  },
  'drawing-house': {
    64: new URL('../../pictures/drawing-house-64.png', import.meta.url),
    256: new URL('../../pictures/drawing-house-256.png', import.meta.url),
  },
  'drawing-person': {
    64: new URL('../../pictures/drawing-person-64.png', import.meta.url),
    256: new URL('../../pictures/drawing-person-256.png', import.meta.url),
  },
  'drawing-volcano': {
    64: new URL('../../pictures/drawing-volcano-64.png', import.meta.url),
    256: new URL('../../pictures/drawing-volcano-256.png', import.meta.url),
  },
  'web-lighthouse': {
    64: new URL('../../pictures/web-lighthouse-64.png', import.meta.url),
    256: new URL('../../pictures/web-lighthouse-256.png', import.meta.url),
  },
  'web-dog': {
    64: new URL('../../pictures/web-dog-64.png', import.meta.url),
    256: new URL('../../pictures/web-dog-256.png', import.meta.url),
  },
  meadow: {
    64: new URL('../../pictures/meadow-64.png', import.meta.url),
    256: new URL('../../pictures/meadow-256.png', import.meta.url),
  },
  beach: {
    64: new URL('../../pictures/beach-64.png', import.meta.url),
    256: new URL('../../pictures/beach-256.png', import.meta.url),
  },
};

const masks = {
  'campanile-top': {
    64: new URL('../../pictures/campanile-top-64.png', import.meta.url),
    256: new URL('../../pictures/campanile-top-256.png', import.meta.url),
  },
  'meadow-centre': {
    64: new URL('../../pictures/meadow-centre-64.png', import.meta.url),
    256: new URL('../../pictures/meadow-centre-256.png', import.meta.url),
  },
  'beach-centre': {
    64: new URL('../../pictures/beach-centre-64.png', import.meta.url),
    256: new URL('../../pictures/beach-centre-256.png', import.meta.url),
  },
};

/** Name of one of the project's own pictures. */
export type OwnPicture = keyof typeof pictures;
/** Name of one of the project's own masks. */
export type OwnMask = keyof typeof masks;
/** The project's own pictures. */
export const ownPictures = Object.keys(pictures) as readonly OwnPicture[];
/** The project's own masks. */
export const ownMasks = Object.keys(masks) as readonly OwnMask[];

type Sizes = Readonly<Record<64 | 256, URL>>;

/** The file of this size, or the next larger one made smaller. */
async function sized(sizes: Sizes, size: number): Promise<Picture> {
  const { readPicture } = await import('../images/load.ts');
  const picture = await readPicture(await files.read(files.at(sizes[size <= 64 ? 64 : 256])));
  return picture.width === size ? picture : resize(picture, size, size);
}

/** The file of one of the project's own pictures or masks. */
export const ownPictureUrl = (name: OwnPicture | OwnMask, size: 64 | 256): string =>
  ({ ...pictures, ...masks })[name][size].href;

/**
 * One of the project's own pictures, RGB, size × size: a file where there is one of the size, else scaled.
 */
export const ownPicture = (name: OwnPicture, size: number): Promise<Picture> => sized(pictures[name], size);

/** [1, 1, size, size], 1 where the picture may change, else 0. */
export const ownMask = async (name: OwnMask, size: number): Promise<Tensor> =>
  maskFromPicture(await sized(masks[name], size));
