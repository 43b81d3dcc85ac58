import { fileURLToPath } from 'node:url';
import { nameOfModel } from '../../hub/names.ts';
import type { EmbeddedModels } from '../embedded.ts';

const folderOf = (name: string): string =>
  fileURLToPath(new URL(`../../../checkpoints/${name}`, import.meta.url));

export const embedded: EmbeddedModels = {
  base: folderOf('campanile'),
  upscaler: folderOf('campanile-ii'),
  // The embedded ones need none of the hub's code.
  find: async (nameOrFolder) => (await import('../../hub/find-model.ts')).findModel(nameOrFolder),
  nameOf: nameOfModel,
};
