import { carriedPicture, dataUri } from '../src/gallery/html.ts';
import { loadPicture } from '../src/images/load.ts';
import { type Picture, toPicture } from '../src/images/picture.ts';
import { encodePng } from '../src/images/png.ts';

/** What the network sees of a picture is so many pixels wide. */
export const SEEN = 64;

/** A picture as an address that carries it: a link to the figure brings it along. */
export const carried = (picture: Picture): string => dataUri(encodePng(picture));

/** A photograph, as the network sees it. */
export const photographed = async (file: Blob): Promise<string> =>
  carried(toPicture(await loadPicture(new Uint8Array(await file.arrayBuffer()), SEEN)));

/** The bytes behind a reference that carries them; undefined for a name. */
export const carriedBytes = async (reference: string): Promise<Uint8Array | undefined> =>
  carriedPicture(reference)?.bytes;
