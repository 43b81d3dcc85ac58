import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { PictureError, RecipeError } from '../errors.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { fieldsOf, holdsPicture } from '../experiments/field.ts';
import { ownMasks, ownPictures } from '../experiments/own-pictures.ts';
import type { PictureBook } from '../experiments/pictures.ts';
import { writeWhole } from '../files/whole.ts';
import { carriedPicture } from '../gallery/html.ts';
import { isPicture } from '../images/codec.ts';
import { freeName } from '../words.ts';
import { writing } from '../writing.ts';
import { inOut } from './figure-folder.ts';
import type { Work } from './run.ts';

/** A picture that a page has in its own file, and the file it becomes: commands and sites name that one. */
export interface CarriedPicture {
  readonly name: string;
  readonly file: string;
  readonly bytes: Uint8Array;
}

/**
 * The pictures that a page carries.
 *
 * @param out  where the page goes: they become files of its `pictures/`
 * @throws {RecipeError} naming one that holds no picture
 */
export function carriedPictures(pictures: Readonly<Record<string, string>>, out: string): CarriedPicture[] {
  const taken = new Set<string>();
  return Object.entries(pictures).flatMap(([name, address]) => {
    const carried = carriedPicture(address);
    if (!carried) return [];
    const { type, bytes } = carried;
    if (!isPicture(bytes))
      throw new RecipeError(
        `pictures.${name}`,
        'what it carries is no picture',
        'copy it whole, or name a file',
      );
    return [{ name, bytes, file: join(out, 'pictures', `${freeName(name, taken)}.${type}`) }];
  });
}

/** @throws {OutputError} when they cannot be written */
export async function writeCarried(carried: readonly CarriedPicture[]): Promise<void> {
  for (const { file, bytes } of carried) {
    await writing(dirname(file), () => mkdir(dirname(file), { recursive: true }), inOut);
    await writeWhole(file, bytes, inOut);
  }
}

/**
 * The file that a reference stands for: by its name, else beside the page. The project's own pictures stay names.
 *
 * @param place  where it stands, for who has to mend it
 */
export type FileOf = (reference: string, place: string) => string;

/**
 * @param from  the page
 * @param pictures  names → files beside the page
 * @throws {RecipeError} from what it gives, when there is no such file: now, and not when the turn comes to it
 */
export function filesOf(
  from: string,
  pictures: Readonly<Record<string, string>>,
  carried: readonly CarriedPicture[],
): FileOf {
  const own = new Set<string>([...ownPictures, ...ownMasks]);
  const beside = (path: string, place: string): string => {
    const file = isAbsolute(path) ? path : join(dirname(from), path);
    if (existsSync(file)) return file;
    const hint = `a path is one from where ${from} lies; without a file there are ${[...own].join(', ')}`;
    throw new RecipeError(place, `there is no picture ${file}`, hint);
  };
  return (reference, place) => {
    if (/^https?:/i.test(reference)) return reference;
    const written = carried.find(({ name }) => name === reference);
    if (written) return written.file;
    if (Object.hasOwn(pictures, reference)) return beside(pictures[reference]!, `pictures.${reference}`);
    return own.has(reference) ? reference : beside(reference, place);
  };
}

/**
 * Of what `--image` puts in the place of built-in pictures, each has to be in what is made.
 *
 * @throws {RecipeError} naming one that is not
 */
export function checkInstead(
  instead: Readonly<Record<string, string>>,
  made: readonly { readonly experiment: Experiment; readonly params: Readonly<Record<string, unknown>> }[],
): void {
  const used = new Set<string>();
  const note = (reference: string) => {
    used.add(reference);
    return reference;
  };
  for (const { experiment, params } of made) withFiles(experiment, params, note);
  const [idle] = Object.keys(instead).filter((name) => !used.has(name));
  if (idle !== undefined)
    throw new RecipeError(
      '--image',
      `it does nothing: "${idle}" is not among the pictures here`,
      used.size > 0 ? `there are ${[...used].join(', ')}` : 'there are none',
    );
}

/**
 * Opens every picture and mask of a page: what cannot be used is said before anything is made, which takes minutes.
 *
 * @throws {RecipeError} naming the section and the parameter
 */
export async function checkPictures(
  sections: readonly { readonly text: { readonly id: string }; readonly work?: Work | undefined }[],
  book: PictureBook,
): Promise<void> {
  for (const { text, work } of sections) {
    if (!work) continue;
    const { properties } = fieldsOf(work.experiment);
    const named: Record<'picture' | 'mask', { reference: string; place: string }[]> = {
      picture: [],
      mask: [],
    };
    withFiles(work.experiment, work.params, (reference, place) => {
      const { kind } = properties[place.replace(/\[\d+\]$/, '')]!;
      named[kind as keyof typeof named].push({ reference, place });
      return reference;
    });
    const opened = (place: string, open: Promise<unknown>) =>
      open.catch((error: unknown) => {
        if (!(error instanceof PictureError)) throw error;
        throw new RecipeError(`section "${text.id}", ${place}`, error.message, error.hint);
      });
    for (const { reference, place } of named.picture) await opened(place, book.picture(reference, 64));
    // One mask for several pictures is held against the first.
    for (const [i, { reference, place }] of named.mask.entries())
      await opened(place, book.mask(reference, 64, named.picture[i]?.reference));
  }
}

/** Parameters with files in the place of the references of pictures and masks. */
export function withFiles(
  experiment: Experiment,
  params: Readonly<Record<string, unknown>>,
  fileOf: FileOf,
): Record<string, unknown> {
  const { properties } = fieldsOf(experiment);
  const file = (reference: unknown, place: string) =>
    typeof reference === 'string' ? fileOf(reference, place) : reference;
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const field = properties[name];
      if (!field || !holdsPicture(field)) return [name, value];
      const files = Array.isArray(value)
        ? value.map((one, i) => file(one, `${name}[${i}]`))
        : file(value, name);
      return [name, files];
    }),
  );
}
