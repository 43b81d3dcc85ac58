import { files as stored } from '#platform/files';
import { CheckpointError } from '../errors.ts';
import { type WeightsName, weightFiles } from '../weight-files.ts';
import { findDuplicateName } from './json.ts';
import { openSafetensors, type TensorEntry } from './safetensors.ts';

/** The tensors of one component (a network, a text encoder), in one file or several. */
export interface Weights {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** Real paths, links followed: in the hub's cache every file is a link into a folder of blobs. */
  readonly files: readonly string[];
  /** The deepest folder that all files lie in. */
  readonly folder: string;
}

/**
 * Finds and opens the weights in a component's folder: one file or an index of several, full precision before halves, and these before bfloat16.
 *
 * @throws {CheckpointError} 'folder-missing', 'weights-missing', 'index', 'shard-missing', and those of `openSafetensors`
 */
export async function openWeights(folder: string, name: WeightsName): Promise<Weights> {
  const names = await filesOf(folder);
  const [found] = weightFiles(names, ['', 'fp16', 'bf16'], name);
  if (!found) throw weightsMissing(folder, name, names);
  if (found.entry.endsWith('.json')) return openSharded(folder, found.entry);
  return opened([await stored.real(stored.join(folder, found.entry))]);
}

async function filesOf(folder: string): Promise<string[]> {
  try {
    return [...(await stored.names(folder))];
  } catch (cause) {
    throw new CheckpointError('folder-missing', `there is no folder ${folder}`, {
      file: folder,
      cause,
      hint: 'check the path, or pull the model first',
    });
  }
}

function weightsMissing(folder: string, name: WeightsName, names: readonly string[]): CheckpointError {
  const pickled = names.find((file) => file.endsWith('.bin') || file.endsWith('.pth'));
  return new CheckpointError(
    'weights-missing',
    `${folder} has no ${name}.safetensors${pickled ? `, only ${pickled}` : ''}`,
    {
      file: folder,
      expected: `${name}.safetensors, or an index of several`,
      ...(pickled && { found: pickled }),
      hint: pickled
        ? 'a .bin file can run code when it is read and is not opened here: pull the .safetensors of the same repository'
        : 'pull the model again, or point at the folder that has model_index.json',
    },
  );
}

async function openSharded(folder: string, index: string): Promise<Weights> {
  const file = stored.join(folder, index);
  const places = parseIndex(await stored.text(file), file);
  const shards = [...new Set(places.values())];
  const paths = await Promise.all(
    shards.map((shard) =>
      stored.real(stored.join(folder, shard)).catch((cause: unknown) => {
        throw new CheckpointError('shard-missing', `${file} names ${shard}, which is not there`, {
          file,
          cause,
          hint: 'pull the model again',
        });
      }),
    ),
  );
  const weights = await opened(paths);
  for (const [tensor, shard] of places) {
    const found = weights.tensors.get(tensor);
    if (found?.file !== paths[shards.indexOf(shard)]) {
      throw new CheckpointError('index', `${file} promises "${tensor}" in ${shard}, where it is not`, {
        file,
        tensor,
      });
    }
  }
  return weights;
}

/** Tensor name → file name in the same folder. */
function parseIndex(text: string, file: string): Map<string, string> {
  let map: unknown;
  try {
    map = (JSON.parse(text) as { weight_map?: unknown }).weight_map;
  } catch (cause) {
    throw new CheckpointError('index', `${file} is not JSON`, { file, cause });
  }
  const entries = Object.entries((map ?? {}) as Record<string, unknown>);
  if (entries.length === 0) throw new CheckpointError('index', `${file} has no "weight_map"`, { file });
  const duplicate = findDuplicateName(text);
  if (duplicate !== undefined)
    throw new CheckpointError('duplicate-name', `${file}: "${duplicate}" stands twice`, {
      file,
      tensor: duplicate,
    });
  for (const [tensor, shard] of entries) {
    // Only plain names: an index must not be able to point out of its folder.
    if (typeof shard !== 'string' || !/^[\w][\w.-]*\.safetensors$/.test(shard)) {
      throw new CheckpointError(
        'index',
        `${file}: "${tensor}" lies in ${JSON.stringify(shard)}, expected a .safetensors file of the same folder`,
        { file, tensor },
      );
    }
  }
  return new Map(entries as [string, string][]);
}

async function opened(files: readonly string[]): Promise<Weights> {
  const tensors = new Map<string, TensorEntry>();
  for (const file of files) {
    for (const [name, entry] of (await openSafetensors(file)).tensors) {
      const other = tensors.get(name);
      if (other)
        throw new CheckpointError('duplicate-name', `"${name}" is in ${other.file} and in ${file}`, {
          file,
          tensor: name,
        });
      tensors.set(name, entry);
    }
  }
  return { tensors, files, folder: stored.commonFolder(files) };
}
