import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSafetensors, readBytes, type TensorEntry } from '../checkpoint/safetensors.ts';
import { readTorch, type TorchTensor, tensorsOf } from '../checkpoint/torch-zip.ts';
import { CheckpointError } from '../errors.ts';
import { sameShape } from '../tensor/tensor.ts';
import { type ParityResult, readListing } from './compare.ts';

/** Files that must be refused, by the beginning of their names. */
const REFUSED = /^(malicious|truncated|short)/;

/**
 * The reader of `torch.save` files against `pth/` of a reference folder. Good files must hold every expected tensor bit for bit
 * (`expected.safetensors`: `dict.<i>` is the i-th prompt, `odd.<name>` a tensor of odd.pth), the others must be refused.
 */
export async function* checkPth(folder: string): AsyncGenerator<ParityResult> {
  const pth = join(folder, 'pth');
  const names = (await readdir(pth)).filter((name) => name.endsWith('.pth')).sort();
  const { prompts } = await readListing<{ prompts: string[] }>(join(pth, 'contents.json'));
  const { tensors } = await openSafetensors(join(pth, 'expected.safetensors'));
  const expected = (prefix: string) =>
    [...tensors]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, entry]) => [name.slice(prefix.length), entry] as const);

  let [wrongTensors, notRefused] = [0, 0];
  for (const name of names) {
    const found = await read(join(pth, name));
    if (REFUSED.test(name)) {
      notRefused += found ? 1 : 0;
    } else if (name.startsWith('bare')) {
      wrongTensors += await mismatchOfRows(
        found?.get(''),
        expected('dict.').map(([, entry]) => entry),
      );
    } else {
      const isOdd = name.startsWith('odd');
      for (const [key, entry] of expected(isOdd ? 'odd.' : 'dict.'))
        wrongTensors += (await isSame(found?.get(isOdd ? key : prompts[Number(key)]!), entry)) ? 0 : 1;
    }
  }
  yield { group: 'torch.save files, tensors', worst: wrongTensors, tolerance: 0 };
  yield { group: 'torch.save files, refused ones', worst: notRefused, tolerance: 0 };
}

/** The tensors of a file, or nothing when it was refused with a reason. */
async function read(file: string): Promise<Map<string, TorchTensor> | undefined> {
  try {
    return tensorsOf(readTorch(await readFile(file), file));
  } catch (error) {
    if (error instanceof CheckpointError) return undefined;
    throw error;
  }
}

async function isSame(found: TorchTensor | undefined, expected: TensorEntry): Promise<boolean> {
  if (found?.dtype !== expected.dtype || !sameShape(found.shape, expected.shape)) return false;
  return Buffer.from(found.bytes()).equals(Buffer.from(await readBytes(expected)));
}

/** A tensor alone holds the embeddings of all prompts, one below the other. */
async function mismatchOfRows(
  found: TorchTensor | undefined,
  expected: readonly TensorEntry[],
): Promise<number> {
  const rows = await Promise.all(expected.map(async (entry) => Buffer.from(await readBytes(entry))));
  return found && Buffer.from(found.bytes()).equals(Buffer.concat(rows)) ? 0 : 1;
}
