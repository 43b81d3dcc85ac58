import { dataUri } from '../src/gallery/html.ts';
import type { Job, Recipe } from '../src/server/api-types.ts';
import { backend, pictureUrl } from './backend.ts';
import { canvasOf, drawSquare, loadImage, toBlob } from './canvas/canvas.ts';
import { ownPicturesOf } from './code.ts';
import { givenOf } from './figure-table.ts';
import { pictureName, rememberName } from './names.ts';

/** A recipe that brings its own pictures along, so that it works on another server too. */
export interface SharedRecipe extends Recipe {
  readonly pictures?: Readonly<Record<string, { readonly name: string; readonly data: string }>>;
}

/** Files up to this size go along as they are; of larger ones the square that the model sees. */
const WHOLE_BYTES = 48 << 10;
const SQUARE = 256;

export async function withPictures(recipe: Recipe, job: Job): Promise<SharedRecipe> {
  const own = ownPicturesOf(recipe);
  if (own.length === 0) return recipe;
  const files = await Promise.all(
    own.map(async (reference) => (await fetch(pictureUrl(reference, [])!)).blob()),
  );
  const whole = files.every(({ size }) => size <= WHOLE_BYTES);
  // What the model saw of a single picture is a figure of the job, to the byte.
  const seen = own.length === 1 && job.figures[0] ? givenOf(job.figures, job.figures[0]) : undefined;
  const pictures = await Promise.all(
    own.map(async (reference, i) => {
      const file = whole ? files[i]! : seen ? await (await fetch(seen.url)).blob() : await square(files[i]!);
      const data = dataUri(new Uint8Array(await file.arrayBuffer()), file.type || 'image/png');
      return [reference, { name: pictureName(reference), data }] as const;
    }),
  );
  return { ...recipe, pictures: Object.fromEntries(pictures) };
}

async function square(file: Blob): Promise<Blob> {
  const url = URL.createObjectURL(file);
  const { canvas, pen } = canvasOf(SQUARE, SQUARE);
  pen.imageSmoothingQuality = 'high';
  drawSquare(pen, await loadImage(url));
  URL.revokeObjectURL(url);
  return toBlob(canvas, 'image/jpeg');
}

/** Hands the pictures that came along over to be kept here; the recipe then names them as this backend does. */
export async function settled({ pictures = {}, ...recipe }: SharedRecipe): Promise<Recipe> {
  const here = new Map<string, string>();
  for (const [reference, { name, data }] of Object.entries(pictures)) {
    if (!/^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/=]*$/.test(data)) continue;
    const bytes = Uint8Array.from(atob(data.slice(data.indexOf(',') + 1)), (c) => c.charCodeAt(0));
    const upload = await backend.keep(new File([bytes], name));
    here.set(reference, upload.reference);
    rememberName(upload.reference, name);
  }
  const put = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(put) : (here.get(value as string) ?? value);
  const among = (params: Recipe['params']) =>
    Object.fromEntries(Object.entries(params).map(([name, value]) => [name, put(value)]));
  const { params, from } = recipe;
  return {
    ...recipe,
    params: among(params),
    ...(from ? { from: from.map((fork) => ({ ...fork, params: among(fork.params) })) } : {}),
  };
}
