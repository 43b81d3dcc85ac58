import sharp from 'sharp';
import { PictureError } from '../../errors.ts';
import { loadMask } from '../../images/load.ts';
import { encodePng, encodeWithRecipe } from '../../images/png.ts';
import type { Job, StoredObject } from '../../jobs/job.ts';
import type { Upload } from '../api-types.ts';
import { infoOf, type ServerContext } from '../context.ts';
import { RefusedError } from '../problem.ts';
import { type MaskOptions, storeMask, storeUpload } from '../uploads.ts';

/** What a drawn picture is given back in. */
export interface Framing {
  readonly size?: { readonly width: number; readonly height: number } | undefined;
  /** The picture that was edited: the model sees the square in its middle, what lies outside comes back as it was. */
  readonly original?: StoredObject | undefined;
  /** White where it was to change: the rest comes back as it was. */
  readonly mask?: StoredObject | undefined;
  /** σ in pixels of the edge between the two. */
  readonly blur?: number | undefined;
}

/** What is written into the file. */
export interface Inscription {
  readonly job?: Job | undefined;
  /** A line for people. */
  readonly readable: string;
}

/** A picture to be edited, and its mask, from a client's files. */
export async function received(
  context: ServerContext,
  picture: Buffer,
  mask?: { readonly bytes: Buffer } & MaskOptions,
): Promise<{ original: Upload; mask?: Upload; warnings: readonly string[] }> {
  const { store } = context;
  const original = await storeUpload(picture, store);
  const warnings = await shrunkBy(picture, original);
  if (!mask) return { original, warnings };
  const stored = await storeMask(mask.bytes, store, mask);
  const { sampleSize } = infoOf(context).models[0]!;
  await loadMask((await store.get(stored.object))!, sampleSize, original).catch((error: unknown) => {
    if (!mask.transparent || !(error instanceof PictureError) || error.code !== 'mask-empty') throw error;
    throw new RefusedError(400, 'mask-empty', 'the mask has no transparent part: nothing would change', {
      hint: `the model sees the square in the middle, at ${sampleSize} × ${sampleSize} pixels`,
    });
  });
  return { original, mask: stored, warnings };
}

/** Of a picture that was too large to be kept as it came. */
async function shrunkBy(bytes: Buffer, { width, height }: Upload): Promise<string[]> {
  const { width: w, height: h } = await sharp(bytes).metadata();
  return w * h === width * height
    ? []
    : [
        `image: a picture of ${w} × ${h} pixels is more than is kept here, it was shrunk to ${width} × ${height}`,
      ];
}

/**
 * A drawn picture as the client gets it: PNG, with the recipe and a line for people inside. Nothing is stretched: what has
 * another shape than was asked for is cut in its middle.
 */
export async function given(
  { store }: Pick<ServerContext, 'store'>,
  drawn: StoredObject | undefined,
  { size, original, mask, blur }: Framing,
  { job, readable }: Inscription,
): Promise<Buffer> {
  const read = async ({ object }: StoredObject): Promise<Buffer> => {
    const bytes = await store.get(object);
    if (bytes) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    throw new RefusedError(500, 'object', `the picture ${object} is not there`);
  };
  let picture: Buffer;
  if (original) {
    const paper = await sharp(await read(original))
      .flatten({ background: '#ffffff' })
      .png()
      .toBuffer();
    const square = drawn && (await squareOf(await read(drawn), original, mask && (await read(mask)), blur));
    picture = square ? await sharp(paper).composite([square]).png().toBuffer() : paper;
  } else picture = await read(drawn!);
  const sized = size ? sharp(picture).resize({ ...size, fit: 'cover', kernel: 'cubic' }) : sharp(picture);
  const { data, info } = await sized
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const drawnAs = { width, height, channels, data };
  const png = job
    ? encodeWithRecipe(drawnAs, job.recipe, readable)
    : encodePng(drawnAs, { parameters: readable });
  return Buffer.from(png);
}

/** What the model drew, at the place in the original that it saw, opaque where it may show. */
async function squareOf(
  drawn: Buffer,
  { width, height }: StoredObject,
  mask: Buffer | undefined,
  blur = 0,
): Promise<{ input: Buffer; left: number; top: number }> {
  const side = Math.min(width, height);
  const [left, top] = [(width - side) >> 1, (height - side) >> 1];
  const whole = sharp(drawn).resize(side, side, { fit: 'fill', kernel: 'cubic' }).removeAlpha();
  if (!mask) return { input: await whole.png().toBuffer(), left, top };
  const shape = sharp(mask).extract({ left, top, width: side, height: side }).toColourspace('b-w');
  if (blur >= 0.3) shape.blur(blur);
  const alpha = await shape.raw().toBuffer();
  const pixels = await whole.toColourspace('srgb').raw().toBuffer();
  const rgba = await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .joinChannel(alpha, { raw: { width: side, height: side, channels: 1 } })
    .png()
    .toBuffer();
  return { input: rgba, left, top };
}
