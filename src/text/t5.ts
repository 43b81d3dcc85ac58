import { files } from '#platform/files';
import { dtypeOf } from '../checkpoint/dtypes.ts';
import { readTensor, type TensorEntry } from '../checkpoint/safetensors.ts';
import { openWeights, type Weights } from '../checkpoint/weights.ts';
import { type Closable, closedBy } from '../closable.ts';
import { type Engine, openEngine, type Session } from '../engine/session.ts';
import { graphWeights } from '../engine/weights.ts';
import { CheckpointError, NumericError } from '../errors.ts';
import type { Feeds } from '../platform/engine.ts';
import { findNonFinite, sameShape, sizeOf, type Tensor } from '../tensor/tensor.ts';
import { positionBias } from './relative-position.ts';
import { readT5Config, type T5Config } from './t5-config.ts';
import { blockName, t5Graph } from './t5-graph.ts';

export interface T5Options {
  readonly threads?: number | undefined;
  /** Runs in this engine, which stays open, instead of in one of its own. */
  readonly engine?: Engine | undefined;
  /**
   * Whether blocks are opened one after the other and closed again, their weights staying in the file, so that the memory of one
   * is enough for all. By default from 1 GB of weights (as float32) on.
   */
  readonly streaming?: boolean | undefined;
}

export interface T5RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** After every block when streaming, else after the last. */
  readonly onBlock?: ((done: number, of: number) => void) | undefined;
  /** The state before every block, when streaming: [B, S, E]. */
  readonly onHidden?: ((hidden: Tensor) => void) | undefined;
}

/** T5's encoder: ids of tokens → one vector per token. */
export interface T5 extends Closable {
  readonly config: T5Config;
  readonly weights: Weights;
  readonly streaming: boolean;
  /** What the heads add to the scores for the distance of two tokens: [1, heads, length, length]. */
  positionBias(length: number): Promise<Tensor>;
  /**
   * @param ids  B rows of S ids
   * @param mask  for each id whether it is a token (true) or padding, which no token looks at
   * @returns [B, S, E], padding included
   * @throws {NumericError} when the result is not finite
   */
  run(
    ids: readonly (readonly number[])[],
    mask: readonly (readonly boolean[])[],
    options?: T5RunOptions,
  ): Promise<Tensor>;
}

const STREAMING_BYTES = 2 ** 30;
/** What hides a padded key: the most negative float32, as transformers has it. */
const HIDDEN = -3.4028234663852886e38;
const EMBEDDINGS = ['shared.weight', 'encoder.embed_tokens.weight'];
const BIAS_TABLE = `${blockName(0)}.layer.0.SelfAttention.relative_attention_bias.weight`;

/**
 * Opens a `text_encoder/` folder: config.json and the safetensors beside it, whole or in shards, F32, F16, BF16 or mixed. Weights
 * are not read before the first run.
 *
 * @throws {CheckpointError} 'config', 'tensor-missing', 'tensor-shape', 'tensor-extra' and those of `openWeights`
 * @throws {UnsupportedModelError} when it is not a T5 v1.1
 */
export async function openT5(
  folder: string,
  { threads, engine: shared, streaming }: T5Options = {},
): Promise<T5> {
  const config = await readT5Config(files.join(folder, 'config.json'));
  const weights = await openWeights(folder, 'model');
  checkTensors(config, weights);
  const floats = [...weights.tensors.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const streams = streaming ?? 4 * floats >= STREAMING_BYTES;

  const table = weights.tensors.get(EMBEDDINGS.find((name) => weights.tensors.has(name))!)!;
  let biasTable: Promise<Tensor> | undefined;
  let own: Engine | undefined;
  let whole: Promise<Session> | undefined;
  const openBlocks = (from: number, to: number): Promise<Session> => {
    own ??= shared ? undefined : openEngine({ threads });
    return (shared ?? own!).open(t5Graph(config, graphWeights(weights), from, to).encode(), {
      ...weights,
      memory: streams ? 'low' : 'fast',
    });
  };

  const opened = (): Promise<Session> => {
    whole ??= openBlocks(0, config.blocks);
    return whole;
  };

  const distances = async (length: number): Promise<Tensor> => {
    biasTable ??= readTensor(weights.tensors.get(BIAS_TABLE)!);
    return positionBias(await biasTable, length, config.maxDistance);
  };

  return {
    config,
    weights,
    streaming: streams,
    positionBias: distances,
    async run(ids, mask, { signal, onBlock, onHidden } = {}) {
      const length = ids[0]!.length;
      const bias = await distances(length);
      const hides = Float32Array.from(mask.flat(), (isToken) => (isToken ? 0 : HIDDEN));
      const fixed = { bias, mask: { data: hides, shape: [ids.length, 1, 1, length] } };
      let hidden = await readRows(table, ids);
      if (streams) {
        for (let block = 0; block < config.blocks; block++) {
          signal?.throwIfAborted();
          onHidden?.(hidden);
          hidden = await runOnce(await openBlocks(block, block + 1), { hidden, ...fixed });
          onBlock?.(block + 1, config.blocks);
        }
      } else {
        hidden = (await (await opened()).run({ hidden, ...fixed }))['result']!;
        onBlock?.(config.blocks, config.blocks);
      }
      signal?.throwIfAborted();
      if (findNonFinite(hidden) >= 0)
        throw new NumericError(
          'not-finite',
          `the text encoder of ${folder} gives a number that is not finite`,
          {
            hint: 'its weights are damaged: run `campanile model check`, or pull them again',
          },
        );
      return hidden;
    },
    ...closedBy(async () => {
      const session = whole;
      whole = undefined;
      if (shared) await (await session)?.close();
      await own?.close();
      own = undefined;
    }),
  };
}

async function runOnce(session: Session, feeds: Feeds): Promise<Tensor> {
  try {
    return (await session.run(feeds))['result']!;
  } finally {
    await session.close();
  }
}

/** The rows of the embedding table that ids name, read from the file one by one: the table alone has 0.5 GB in T5-XXL. */
async function readRows(table: TensorEntry, ids: readonly (readonly number[])[]): Promise<Tensor> {
  const [rows, width] = table.shape as [number, number];
  const { toFloats } = dtypeOf(table.dtype);
  const rowBytes = table.length / rows;
  const data = new Float32Array(ids.length * ids[0]!.length * width);
  const known = new Map<number, Float32Array>();
  const file = await files.open(table.file);
  try {
    for (const [i, id] of ids.flat().entries()) {
      if (!(id >= 0 && id < rows)) throw new RangeError(`token ${id} is not in a table of ${rows}`);
      let row = known.get(id);
      if (!row) {
        const bytes = await file.read(table.offset + id * rowBytes, rowBytes);
        row = toFloats!(bytes.buffer);
        known.set(id, row);
      }
      data.set(row, i * width);
    }
  } finally {
    await file.close();
  }
  return { data, shape: [ids.length, ids[0]!.length, width] };
}

/** Name → shape of everything a T5 encoder has, but for the embedding table, which goes by two names. */
export function t5Tensors({
  width,
  heads,
  headWidth,
  feedForwardWidth,
  blocks,
  buckets,
}: T5Config): Map<string, readonly number[]> {
  const inner = heads * headWidth;
  const shapes = new Map<string, readonly number[]>([
    [BIAS_TABLE, [buckets, heads]],
    ['encoder.final_layer_norm.weight', [width]],
  ]);
  for (let block = 0; block < blocks; block++) {
    const name = blockName(block);
    for (const projection of ['q', 'k', 'v'])
      shapes.set(`${name}.layer.0.SelfAttention.${projection}.weight`, [inner, width]);
    shapes.set(`${name}.layer.0.SelfAttention.o.weight`, [width, inner]);
    shapes.set(`${name}.layer.0.layer_norm.weight`, [width]);
    for (const projection of ['wi_0', 'wi_1'])
      shapes.set(`${name}.layer.1.DenseReluDense.${projection}.weight`, [feedForwardWidth, width]);
    shapes.set(`${name}.layer.1.DenseReluDense.wo.weight`, [width, feedForwardWidth]);
    shapes.set(`${name}.layer.1.layer_norm.weight`, [width]);
  }
  return shapes;
}

function checkTensors(config: T5Config, { tensors, folder }: Weights): void {
  const expected = t5Tensors(config);
  const tables = EMBEDDINGS.filter((name) => tensors.has(name));
  for (const name of tables.length ? tables : EMBEDDINGS.slice(0, 1))
    expected.set(name, [config.vocabularySize, config.width]);
  for (const [name, shape] of expected) {
    const found = tensors.get(name);
    if (!found)
      throw new CheckpointError('tensor-missing', `the text encoder in ${folder} has no "${name}"`, {
        tensor: name,
        hint: 'pull the model again; a T5 with its decoder left out must still have the whole encoder',
      });
    if (!sameShape(found.shape, shape))
      throw new CheckpointError(
        'tensor-shape',
        `${found.file}: "${name}" is [${found.shape.join(', ')}], expected [${shape.join(', ')}] by config.json`,
        {
          file: found.file,
          tensor: name,
          expected: `[${shape.join(', ')}]`,
          found: `[${found.shape.join(', ')}]`,
        },
      );
    if (!['F32', 'F16', 'BF16'].includes(found.dtype))
      throw new CheckpointError(
        'dtype',
        `${found.file}: "${name}" is ${found.dtype}, expected F32, F16 or BF16`,
        { file: found.file, tensor: name },
      );
  }
  const extra = [...tensors.keys()].find((name) => !expected.has(name));
  if (extra)
    throw new CheckpointError(
      'tensor-extra',
      `the text encoder in ${folder} has a tensor "${extra}", which config.json does not explain`,
      {
        tensor: extra,
        hint: 'is the config.json of another model? A full T5 must have its decoder removed',
      },
    );
}
