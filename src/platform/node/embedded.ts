import { fileURLToPath } from 'node:url';
import { findModel, nameOfModel } from '../../hub/find-model.ts';
import type { EmbeddedModels } from '../embedded.ts';

const folderOf = (name: string): string =>
  fileURLToPath(new URL(`../../../checkpoints/${name}`, import.meta.url));

export const embedded: EmbeddedModels = {
  base: folderOf('campanile'),
  upscaler: folderOf('campanile-ii'),
  find: (nameOrFolder) => findModel(nameOrFolder),
  nameOf: nameOfModel,
};
