import { files } from '#platform/files';
import type { Dtype } from '../checkpoint/dtypes.ts';
import type { Weights } from '../checkpoint/weights.ts';
import { UnsupportedModelError } from '../errors.ts';
import type { GraphWeights } from '../graph/builder.ts';
import type { DataType } from '../graph/onnx.ts';

const types: Partial<Record<Dtype, DataType>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

/**
 * The weights of a checkpoint as a graph wants them: byte ranges of the files themselves, nothing copied. Sessions are
 * opened with `folder: weights.folder`.
 *
 * @throws {UnsupportedModelError} when a weight is of another type than F32, F16 and BF16
 */
export function graphWeights(weights: Weights): GraphWeights {
  return new Map(
    [...weights.tensors].map(([name, { dtype, shape, file, offset, length }]) => {
      const type = types[dtype];
      if (!type)
        throw new UnsupportedModelError('dtype', `${file}: "${name}" is ${dtype}, expected F32, F16 or BF16`);
      const location = files.within(weights.folder, file);
      return [name, { type, shape, bytes: { location, offset, length } }];
    }),
  );
}
