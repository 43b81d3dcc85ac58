import type { Upload } from '../src/server/api-types.ts';
import { slug } from '../src/words.ts';
import { backend } from './backend.ts';
import { notify } from './notices.ts';
import { offerRecipe } from './offer.ts';

/** The pictures among what is dropped or pasted. */
export const picturesIn = (data: DataTransfer | null): File[] =>
  [...(data?.files ?? [])].filter(({ type }) => type.startsWith('image/'));

/** Hands a picture over to be kept. If campanile made it, its recipe is offered, and nothing more. */
export async function sendPicture(file: Blob): Promise<Upload> {
  const upload = await backend.keep(file);
  const { recipe } = upload;
  if (recipe) {
    notify('This picture says how it was made.', {
      action: { label: 'Show the recipe', run: () => offerRecipe(recipe, 'the picture') },
    });
  }
  return upload;
}

/** Asks for files the usual way. */
export const chooseFiles = (accept: string): Promise<File[]> =>
  new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept;
    input.onchange = () => resolve([...(input.files ?? [])]);
    input.oncancel = () => resolve([]);
    input.click();
  });

export const PICTURE_TYPES = 'image/png,image/jpeg,image/webp,image/heif,image/heic,image/avif';

/** Hands a file to the reader. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  saveFrom(url, name);
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function saveFrom(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

/** Words as a file's name. */
export const fileName = (...words: readonly (string | undefined)[]): string =>
  slug(words.filter(Boolean).join(' ')) || 'campanile';
