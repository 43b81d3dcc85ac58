import { files } from '#platform/files';
import { modelIndexSchema, readConfig } from '../checkpoint/config.ts';
import { CheckpointError, UnsupportedModelError } from '../errors.ts';

export type StageName = 'base' | 'upscaler';

/** diffusers' pipelines of the family: the same folder serves all tasks of its stage. */
const pipelines: Readonly<Record<string, StageName>> = {
  IFPipeline: 'base',
  IFImg2ImgPipeline: 'base',
  IFInpaintingPipeline: 'base',
  IFSuperResolutionPipeline: 'upscaler',
  IFImg2ImgSuperResolutionPipeline: 'upscaler',
  IFInpaintingSuperResolutionPipeline: 'upscaler',
};
const words: Record<StageName, string> = {
  base: 'stage I (text to picture)',
  upscaler: 'stage II (small picture to large)',
};

/**
 * What a model's folder is, by its model_index.json.
 *
 * @throws {CheckpointError} 'folder-missing' or 'not-a-model', saying what the folder is instead
 * @throws {UnsupportedModelError} when it is another pipeline's
 */
export async function stageOf(folder: string): Promise<StageName> {
  const names = await files.names(folder).catch((cause: unknown) => {
    throw new CheckpointError('folder-missing', `there is no folder ${folder}`, {
      file: folder,
      cause,
      hint: 'check the path, or pull the model first',
    });
  });
  if (!names.includes('model_index.json')) throw notAModel(folder, names);
  const index = await readConfig(files.join(folder, 'model_index.json'), modelIndexSchema);
  const stage = Object.hasOwn(pipelines, index._class_name) ? pipelines[index._class_name] : undefined;
  if (stage) return stage;
  throw new UnsupportedModelError(
    'unsupported-pipeline',
    `${folder} is a ${index._class_name}, expected one of ${Object.keys(pipelines).join(', ')}`,
    {
      hint: 'this program opens pixel models of the DeepFloyd IF kind, stages I and II',
    },
  );
}

/** @throws {CheckpointError} 'wrong-stage' when the folder is of the other stage */
export async function expectStage(folder: string, expected: StageName): Promise<void> {
  const found = await stageOf(folder);
  if (found === expected) return;
  throw new CheckpointError('wrong-stage', `${folder} is of ${words[found]}, expected ${words[expected]}`, {
    file: folder,
    expected: words[expected],
    found: words[found],
    hint:
      found === 'upscaler'
        ? 'give it as --upscaler, and a stage I model as --checkpoint'
        : 'give it as --checkpoint, and a stage II model as --upscaler',
  });
}

function notAModel(folder: string, names: readonly string[]): CheckpointError {
  const fail = (found: string, hint: string) =>
    new CheckpointError('not-a-model', `${folder} has no model_index.json: ${found}`, {
      file: folder,
      found,
      hint,
    });
  if (names.length === 0) return fail('the folder is empty', 'pull the model again');
  if (names.includes('pytorch_model.bin')) {
    return fail(
      'it is an original deep-floyd checkpoint (pytorch_model.bin)',
      "pull the same repository's diffusers files: campanile model pull <name>",
    );
  }
  if (names.includes('config.json'))
    return fail('it is one component of a model', 'give the folder above it');
  return fail(
    `it holds ${names.slice(0, 4).join(', ')}`,
    'give a folder in the layout of diffusers: model_index.json, unet/, scheduler/, …',
  );
}
