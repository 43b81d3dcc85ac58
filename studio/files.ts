import type { FigureInfo, Job, Upload } from '../src/server/api-types.ts';
import { slug } from '../src/words.ts';
import { backend } from './backend.ts';
import { canvasOf, toBlob } from './canvas/canvas.ts';
import { nameOf } from './figure-table.ts';
import { rememberName } from './names.ts';
import { forgive, notify } from './notices.ts';
import { offerRecipe } from './offer.ts';

/** The pictures among what is dropped or pasted. */
export const picturesIn = (data: DataTransfer | null): File[] =>
  [...(data?.files ?? [])].filter(({ type }) => type.startsWith('image/'));

/** The first picture of what was dropped; where it holds other files alone, a word about them. */
export function droppedPicture(data: DataTransfer | null): File | undefined {
  const [picture] = picturesIn(data);
  const [other] = data?.files ?? [];
  if (!picture && other) notify(`“${other.name}” is no picture.`, { tone: 'bad' });
  return picture;
}

/** Hands a picture over to be kept. If campanile made it, its recipe is offered, and nothing more. */
export async function sendPicture(file: Blob): Promise<Upload> {
  const upload = await backend.keep(await readable(file));
  if (file instanceof File) rememberName(upload.reference, file.name);
  forgive();
  const { recipe } = upload;
  if (recipe) {
    notify('This picture says how it was made.', {
      action: { label: 'Show the recipe', run: () => offerRecipe(recipe, 'the picture') },
    });
  }
  return upload;
}

/** Asks for a file the usual way, or for several. */
export const chooseFiles = (accept: string, several = false): Promise<File[]> =>
  new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept;
    input.multiple = several;
    input.onchange = () => resolve([...(input.files ?? [])]);
    input.oncancel = () => resolve([]);
    input.click();
  });

const READ_EVERYWHERE = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];
/** What is asked for; a phone that keeps its photos otherwise hands them over as one of these. */
export const PICTURE_TYPES = [...READ_EVERYWHERE, 'image/avif', 'image/bmp'].join();
const LONGEST_SIDE = 2048;

/** What only this browser can read, as PNG; of what it cannot read either, the backend says what it expected. */
async function readable(file: Blob): Promise<Blob> {
  if (READ_EVERYWHERE.includes(file.type)) return file;
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) return file;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const { canvas, pen } = canvasOf(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const png = await toBlob(canvas);
  return file instanceof File ? new File([png], file.name, { type: png.type }) : png;
}

/** Hands a file to the reader. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A figure as a file that is named by what it shows, its recipe inside. */
export async function saveFigure({ recipe }: Job, figure: FigureInfo): Promise<void> {
  const response = await fetch(figure.url);
  if (!response.ok) throw new Error(`The picture of ${nameOf(figure)} is not there any more.`);
  save(
    await response.blob(),
    `${fileName(recipe.experiment, nameOf(figure) || figure.caption, seedOf(figure))}.png`,
  );
}

const seedOf = ({ seed }: FigureInfo): string | undefined =>
  seed === undefined ? undefined : `seed ${seed}`;

/** Words as a file's name. */
export const fileName = (...words: readonly (string | undefined)[]): string =>
  slug(words.filter(Boolean).join(' ')) || 'campanile';
