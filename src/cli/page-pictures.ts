import { mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { RecipeError } from '../errors.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { fieldsOf, holdsPicture } from '../experiments/field.ts';
import { ownMasks, ownPictures } from '../experiments/own-pictures.ts';
import { writeWhole } from '../files/whole.ts';
import { CARRIED } from '../gallery/document.ts';
import { isPicture } from '../images/codec.ts';
import { freeName } from '../words.ts';
import { writing } from '../writing.ts';
import { inOut } from './figure-folder.ts';

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
    const [head, type] = CARRIED.exec(address) ?? [];
    if (head === undefined) return [];
    const bytes = Buffer.from(address.slice(head.length), 'base64');
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

/** The file that a reference stands for: by its name, else beside the page. The project's own pictures stay names. */
export type FileOf = (reference: string) => string;

/**
 * @param from  the page
 * @param pictures  names → files beside the page
 */
export function filesOf(
  from: string,
  pictures: Readonly<Record<string, string>>,
  carried: readonly CarriedPicture[],
): FileOf {
  const beside = (path: string) => (isAbsolute(path) ? path : join(dirname(from), path));
  const own = new Set<string>([...ownPictures, ...ownMasks]);
  return (reference) => {
    if (/^https?:/i.test(reference)) return reference;
    const written = carried.find(({ name }) => name === reference);
    if (written) return written.file;
    if (Object.hasOwn(pictures, reference)) return beside(pictures[reference]!);
    return own.has(reference) ? reference : beside(reference);
  };
}

/** Parameters with files in the place of the references of pictures and masks. */
export function withFiles(
  experiment: Experiment,
  params: Readonly<Record<string, unknown>>,
  fileOf: FileOf,
): Record<string, unknown> {
  const { properties } = fieldsOf(experiment);
  const file = (reference: unknown) => (typeof reference === 'string' ? fileOf(reference) : reference);
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const field = properties[name];
      if (!field || !holdsPicture(field)) return [name, value];
      return [name, Array.isArray(value) ? value.map(file) : file(value)];
    }),
  );
}
