import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Graph, type GraphWeights, type StoredTensor } from '../../graph/builder.ts';
import { add, concat, conv } from '../../graph/ops.ts';
import { runtime } from './engine.ts';

/** More than ONNX Runtime looks at when it merges equal constants. */
const CHANNELS = 16;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campanile-low-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Weights in halves of convolutions, all of them the same bytes of one file. */
async function halves(names: readonly string[]): Promise<GraphWeights> {
  await writeFile(join(folder, 'weights'), new Uint8Array(2 * 2 * CHANNELS * CHANNELS * 9));
  const stored = (shape: readonly number[]): StoredTensor => {
    const length = 2 * shape.reduce((a, b) => a * b);
    return { type: 'float16', shape, bytes: { location: 'weights', offset: 0, length } };
  };
  const shapeOf = (name: string): number[] => {
    if (name.startsWith('linear')) return [CHANNELS, CHANNELS];
    return [CHANNELS, name.startsWith('up') ? 2 * CHANNELS : CHANNELS, 3, 3];
  };
  return new Map(
    names.flatMap((name) => [
      [`${name}.weight`, stored(shapeOf(name))],
      [`${name}.bias`, stored([CHANNELS])],
    ]),
  );
}

test('with little memory, a weight is widened once, when its layer is next and not before', async () => {
  const levels = [0, 1, 2, 3];
  const graph = new Graph(await halves(levels.flatMap((i) => [`down${i}`, `up${i}`, `linear${i}`])));
  const skips = [graph.input('x', [1, CHANNELS, 8, 8])];
  for (const i of levels) skips.push(add(conv(skips.at(-1)!, `linear${i}`), conv(skips.at(-1)!, `down${i}`)));
  let h = skips.pop()!;
  for (const i of levels) h = conv(concat([h, skips.pop()!], 1), `up${i}`);
  graph.output('y', h);

  const session = await InferenceSession.create(graph.encode(), {
    ...(await runtime.sessionOptions({ folder, memory: 'low' }, 1, 'cpu')),
    enableProfiling: true,
    profileFilePrefix: join(folder, 'profile'),
  });
  await session.run({ x: new Tensor('float32', new Float32Array(CHANNELS * 64), [1, CHANNELS, 8, 8]) });
  session.endProfiling();
  await session.release();
  const ran = await operators();
  expect(ran.filter((op) => op === 'Conv')).toHaveLength(12);
  expect(ran.filter((op) => op === 'Cast')).toHaveLength(2 * 12);
  // Weight and bias of one convolution.
  expect(
    ran
      .join(' ')
      .split(/Conv|Add|Concat/)
      .map((part) => part.split('Cast').length - 1),
  ).toSatisfy((casts: number[]) => Math.max(...casts) <= 2);
});

test('a convolution in blocks of its outputs gives the same numbers', async () => {
  const [weight, bias] = [2 * 8 * CHANNELS * 9, 2 * 8];
  const bits = Uint16Array.from(
    { length: (weight + bias) / 2 },
    (_, i) => 0x3000 + ((i * 2654435761) % 0x800),
  );
  await writeFile(join(folder, 'numbers'), bits);
  const at = (offset: number, length: number) => ({ location: 'numbers', offset, length });
  const weights: GraphWeights = new Map([
    ['conv.weight', { type: 'float16', shape: [8, CHANNELS, 3, 3], bytes: at(0, weight) }],
    ['conv.bias', { type: 'float16', shape: [8], bytes: at(weight, bias) }],
  ]);
  const x = new Tensor(
    'float32',
    Float32Array.from({ length: CHANNELS * 64 }, (_, i) => Math.sin(i)),
    [1, CHANNELS, 8, 8],
  );
  const results = [];
  for (const widenAtMost of [undefined, 3 * 4 * CHANNELS * 9]) {
    const graph = new Graph(weights, widenAtMost);
    graph.output('y', conv(graph.input('x', [1, CHANNELS, 8, 8]), 'conv'));
    const options = await runtime.sessionOptions({ folder, memory: 'low' }, 1, 'cpu');
    const session = await InferenceSession.create(graph.encode(), options);
    results.push((await session.run({ x }))['y']!.data);
    await session.release();
  }
  expect(results[1]).toEqual(results[0]);
  expect(new Set(results[0] as Float32Array).size).toBeGreaterThan(500);
});

/** Names of the operators in the order in which they ran. */
async function operators(): Promise<string[]> {
  const file = (await readdir(folder)).find((name) => name.startsWith('profile'))!;
  const events = JSON.parse(await readFile(join(folder, file), 'utf8')) as {
    name: string;
    args?: { op_name?: string };
  }[];
  return events.flatMap(({ name, args }) => (name.endsWith('_kernel_time') ? [args!.op_name!] : []));
}
