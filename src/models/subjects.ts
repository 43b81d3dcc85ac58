import * as z from 'zod';
import { files } from '#platform/files';
import { readConfig } from '../checkpoint/config.ts';

export const subjectKinds = ['drawn', 'photographed'] as const;

const subjectsSchema = z.array(
  z.looseObject({ name: z.string(), prompt: z.string(), kind: z.enum(subjectKinds) }),
);

/** What a checkpoint has learned: its name, words that ask for it, and what it learned it from. */
export interface Subject {
  readonly name: string;
  readonly prompt: string;
  readonly kind: (typeof subjectKinds)[number];
}

/**
 * What the checkpoint of a folder knows, by its own subjects.json; nothing where it has none.
 *
 * @throws {CheckpointError} 'config' when the list is not what it should be
 */
export async function subjectsOf(folder: string): Promise<readonly Subject[]> {
  if (!(await files.names(folder)).includes('subjects.json')) return [];
  return readConfig(files.join(folder, 'subjects.json'), subjectsSchema);
}
