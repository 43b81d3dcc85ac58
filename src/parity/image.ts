import { join } from 'node:path';
import { readSafetensors } from '../checkpoint/safetensors.ts';
import { CheckpointError } from '../errors.ts';
import { grey, type Picture, toPicture } from '../images/picture.ts';
import { type FilterName, filterNames, pipelineResize, resize } from '../images/resize.ts';
import { bilinearAligned } from '../tensor/resize.ts';
import type { Tensor } from '../tensor/tensor.ts';

type Numbers = ArrayLike<number>;

/** torch finds the places between pixels in float32: up to 2e-6 on noise. */
const FLOAT_TOLERANCE = 1e-5;

interface Group {
  readonly group: string;
  /** Matches the names of the expected tensors; what it captures goes to `compute`. */
  readonly name: RegExp;
  readonly tolerance: number;
  compute(fixture: Fixture, captured: readonly string[]): Numbers;
}

/** Looks a tensor of the file up, or a picture. */
interface Fixture {
  tensor(name: string): Tensor;
  picture(name: string): Picture;
}

const groups: readonly Group[] = [
  {
    group: 'resizing as Pillow does',
    name: new RegExp(`^(\\d+)\\.(${filterNames.join('|')})(\\d+)$`),
    tolerance: 0,
    compute: ({ picture }, [id, filter, size]) =>
      resize(picture(`${id}.src`), Number(size), Number(size), filter as FilterName).data,
  },
  {
    group: "resizing by the pipelines' rule",
    name: /^(\d+)\.if_resize(\d+)$/,
    tolerance: 0,
    compute: ({ picture }, [id, size]) => pipelineResize(picture(`${id}.src`), Number(size)).data,
  },
  {
    group: 'grey',
    name: /^(\d+)\.gray$/,
    tolerance: 0,
    compute: ({ picture }, [id]) => grey(picture(`${id}.src`)).data,
  },
  {
    group: 'conversion to 8 bits',
    name: /^post\.uint8$/,
    tolerance: 0,
    compute: ({ tensor }) => toPicture(tensor('post.in')).data,
  },
  {
    group: 'bilinear with aligned corners',
    name: /^up\.bilinear_align\.(\d+)x(\d+)$/,
    tolerance: FLOAT_TOLERANCE,
    compute: ({ tensor }, [height, width]) =>
      bilinearAligned(tensor('post.in'), Number(height), Number(width)).data,
  },
];

/**
 * Runs the picture conversions of a reference folder's `image/image.safetensors`, whatever pictures and sizes it holds.
 *
 * @returns per group the largest difference over the largest expected value
 */
export async function* checkImage(
  folder: string,
): AsyncGenerator<{ group: string; worst: number; tolerance: number }> {
  const file = join(folder, 'image', 'image.safetensors');
  const tensors = await readSafetensors(file);
  const tensor = (name: string): Tensor => {
    const found = tensors.get(name);
    if (!found) throw new CheckpointError('tensor-missing', `${file} has no "${name}"`);
    return found;
  };
  const picture = (name: string): Picture => {
    const { data, shape } = tensor(name);
    const [height, width, channels] = shape as [number, number, number];
    return { width, height, channels, data: Uint8Array.from(data) };
  };
  for (const { group, name, tolerance, compute } of groups) {
    const errors = [...tensors].flatMap(([key, expected]) => {
      const match = name.exec(key);
      return match ? [relativeError(compute({ tensor, picture }, match.slice(1)), expected.data)] : [];
    });
    if (errors.length > 0) yield { group: `image: ${group}`, worst: Math.max(...errors), tolerance };
  }
}

/** Largest difference over the largest expected value; infinite when the sizes differ. */
function relativeError(found: Numbers, expected: Numbers): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let largest = Number.MIN_VALUE;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(found[i]! - expected[i]!));
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return difference / largest;
}
