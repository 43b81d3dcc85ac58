import * as z from 'zod';
import { files } from '#platform/files';
import { readConfig } from '../checkpoint/config.ts';

const FILE = 'chosen.json';

const chosenSchema = z.looseObject({
  weights: z.string(),
  illusions: z.array(
    z.looseObject({ prompts: z.array(z.string()).min(1), views: z.array(z.string()).min(1) }),
  ),
});

/** The parameters of an illusion that somebody chose among many: what `illusion` draws it from. */
export interface ChosenIllusion {
  readonly prompts: readonly string[];
  readonly views: readonly string[];
  readonly [parameter: string]: unknown;
}

/**
 * What was chosen among the pictures of a checkpoint, by its own chosen.json; nothing where it has none, or where that is of
 * other weights, which draw other pictures.
 *
 * @param fingerprint  of the checkpoint as it is now
 * @throws {CheckpointError} 'config' when the list is not what it should be
 */
export async function chosenOf(folder: string, fingerprint: string): Promise<readonly ChosenIllusion[]> {
  if (!(await files.names(folder)).includes(FILE)) return [];
  const { weights, illusions } = await readConfig(files.join(folder, FILE), chosenSchema);
  return weights === fingerprint ? illusions : [];
}
