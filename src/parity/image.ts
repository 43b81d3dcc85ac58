import { join } from 'node:path';
import { readSafetensors } from '../checkpoint/safetensors.ts';
import { grey, type Picture, toPicture } from '../images/picture.ts';
import { type FilterName, filterNames, pipelineResize, resize } from '../images/resize.ts';
import { relativeError } from '../tensor/difference.ts';
import { bilinearAligned } from '../tensor/scaling.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { type ParityResult, tensorNamed } from './compare.ts';

/** torch finds the places between pixels in float32: up to 2e-6 on noise. */
const FLOAT_TOLERANCE = 1e-5;

interface Group {
  readonly group: string;
  /** Matches the names of the expected tensors; what it captures goes to `compute`. */
  readonly name: RegExp;
  readonly tolerance: number;
  compute(fixture: Fixture, captured: readonly string[]): Tensor;
}

/** Looks a tensor of the file up, or a picture. */
interface Fixture {
  tensor(name: string): Tensor;
  picture(name: string): Picture;
}

/** The layout of numpy: rows, columns, channels. */
const array = ({ data, width, height, channels }: Picture, batch: number[] = []): Tensor =>
  tensor(Float32Array.from(data), [...batch, height, width, ...(channels === 1 ? [] : [channels])]);

const groups: readonly Group[] = [
  {
    group: 'resizing as Pillow does',
    name: new RegExp(`^(\\d+)\\.(${filterNames.join('|')})(\\d+)$`),
    tolerance: 0,
    compute: ({ picture }, [id, filter, size]) =>
      array(resize(picture(`${id}.src`), Number(size), Number(size), filter as FilterName)),
  },
  {
    group: "resizing by the pipelines' rule",
    name: /^(\d+)\.if_resize(\d+)$/,
    tolerance: 0,
    compute: ({ picture }, [id, size]) => array(pipelineResize(picture(`${id}.src`), Number(size))),
  },
  {
    group: 'grey',
    name: /^(\d+)\.gray$/,
    tolerance: 0,
    compute: ({ picture }, [id]) => array(grey(picture(`${id}.src`))),
  },
  {
    group: 'conversion to 8 bits',
    name: /^post\.uint8$/,
    tolerance: 0,
    compute: ({ tensor }) => array(toPicture(tensor('post.in')), [1]),
  },
  {
    group: 'bilinear with aligned corners',
    name: /^up\.bilinear_align\.(\d+)x(\d+)$/,
    tolerance: FLOAT_TOLERANCE,
    compute: ({ tensor }, [height, width]) =>
      bilinearAligned(tensor('post.in'), Number(height), Number(width)),
  },
];

/**
 * The picture conversions of a reference folder's `image/image.safetensors`, whatever pictures and sizes it holds.
 */
export async function* checkImage(folder: string): AsyncGenerator<ParityResult> {
  const tensors = await readSafetensors(join(folder, 'image', 'image.safetensors'));
  const fixture: Fixture = {
    tensor: (name) => tensorNamed(tensors, name),
    picture: (name) => {
      const { data, shape } = tensorNamed(tensors, name);
      const [height, width, channels] = shape as [number, number, number];
      return { width, height, channels, data: Uint8Array.from(data) };
    },
  };
  for (const { group, name, tolerance, compute } of groups) {
    const errors = [...tensors].flatMap(([key, expected]) => {
      const match = name.exec(key);
      return match ? [relativeError(compute(fixture, match.slice(1)), expected)] : [];
    });
    if (errors.length > 0) yield { group: `image: ${group}`, worst: Math.max(...errors), tolerance };
  }
}
