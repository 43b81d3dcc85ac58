import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nameOfModel } from '../../hub/names.ts';
import type { EmbeddedModels } from '../embedded.ts';

const around = fileURLToPath(new URL('../../..', import.meta.url));

/** The package: around this code, or where a program finds it that this code was bundled into. */
function packageFolder(): string {
  if (existsSync(join(around, 'checkpoints/campanile/model_index.json'))) return around;
  try {
    return dirname(createRequire(import.meta.url).resolve('campanile/package.json'));
  } catch {
    return around;
  }
}

const checkpoints = join(packageFolder(), 'checkpoints');

export const embedded: EmbeddedModels = {
  base: join(checkpoints, 'campanile'),
  upscaler: join(checkpoints, 'campanile-ii'),
  // The embedded ones need none of the hub's code.
  find: async (nameOrFolder) => (await import('../../hub/find-model.ts')).findModel(nameOrFolder),
  nameOf: nameOfModel,
};
