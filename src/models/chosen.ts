import * as z from 'zod';
import { files } from '#platform/files';
import { readConfig } from '../checkpoint/config.ts';

const FILE = 'chosen.json';

const chosenSchema = z.looseObject({
  weights: z.string(),
  illusions: z.array(
    z.looseObject({
      prompts: z.array(z.string()).min(1),
      views: z.array(z.string()).min(1),
      near: z.array(z.string()).optional(),
    }),
  ),
});

/** The parameters of an illusion that somebody chose among many: what `illusion` draws it from. */
export interface ChosenIllusion {
  readonly prompts: readonly string[];
  readonly views: readonly string[];
  /** What is seen from near, where the prompts are seen from afar. */
  readonly near?: readonly string[] | undefined;
  readonly [parameter: string]: unknown;
}

/**
 * What was chosen among the pictures of a checkpoint, by its own chosen.json; nothing where it has none, or where that is of
 * other weights, which draw other pictures.
 *
 * @param fingerprint  of the checkpoint as it is now
 * @throws {CheckpointError} 'config' when the list is not what it should be
 */
export const chosenOf = async (folder: string, fingerprint: string): Promise<readonly ChosenIllusion[]> =>
  ofWeights(await chosenIn(folder), fingerprint)?.illusions ?? [];

/** A checkpoint's list of what was chosen, of whatever weights; `chosenOf` throws as this does. */
export async function chosenIn(
  folder: string,
): Promise<{ readonly weights: string; readonly illusions: readonly ChosenIllusion[] } | undefined> {
  if (!(await files.names(folder)).includes(FILE)) return undefined;
  return readConfig(files.join(folder, FILE), chosenSchema);
}

/** A table, where it is of these weights: others draw other pictures. */
export const ofWeights = <T extends { readonly weights: string }>(
  table: T | undefined,
  fingerprint: string,
): T | undefined => (table?.weights === fingerprint ? table : undefined);

/** Those in whose prompts all words are, from afar or near, in their order. */
export const chosenWith = (
  chosen: readonly ChosenIllusion[],
  words: readonly string[] = [],
): ChosenIllusion[] => chosen.filter(({ prompts, near = [] }) => mentioned([...prompts, ...near], words));

/** Whether each of the words is in one of the prompts, in capitals or not. */
export const mentioned = (prompts: readonly string[], words: readonly string[]): boolean =>
  words.every((word) => prompts.some((prompt) => prompt.toLowerCase().includes(word.toLowerCase())));
