import { files } from '#platform/files';
import type { Dtype } from '../checkpoint/dtypes.ts';
import type { Weights } from '../checkpoint/weights.ts';
import { UnsupportedModelError } from '../errors.ts';
import type { GraphWeights } from '../graph/builder.ts';
import type { DataType } from '../graph/onnx.ts';

const types: Partial<Record<Dtype, DataType>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

/** Whether all that lies in the files are float16 numbers, so that a whole file can be read as float32. */
export const areHalves = ({ tensors }: Weights): boolean =>
  [...tensors.values()].every(({ dtype, offset }) => dtype === 'F16' && offset % 2 === 0);

/**
 * The weights of a checkpoint as a graph wants them: byte ranges of the files themselves, nothing copied. Sessions are
 * opened with `folder: weights.folder`.
 *
 * @param widened  they are halves, and the session is opened with float32 in their place
 * @throws {UnsupportedModelError} when a weight is of another type than F32, F16 and BF16
 */
export function graphWeights(weights: Weights, widened = false): GraphWeights {
  return new Map(
    [...weights.tensors].map(([name, { dtype, shape, file, offset, length }]) => {
      const type = types[dtype];
      if (!type)
        throw new UnsupportedModelError('dtype', `${file}: "${name}" is ${dtype}, expected F32, F16 or BF16`);
      const location = files.within(weights.folder, file);
      if (widened)
        return [
          name,
          { type: 'float32', shape, bytes: { location, offset: 2 * offset, length: 2 * length } },
        ];
      return [name, { type, shape, bytes: { location, offset, length } }];
    }),
  );
}
