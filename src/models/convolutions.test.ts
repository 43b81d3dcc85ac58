import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from '../engine/session.ts';
import { graphWeights } from '../engine/weights.ts';
import { Graph, type StoredTensor } from '../graph/builder.ts';
import * as op from '../graph/ops.ts';
import { type TileSide, winograd } from '../graph/winograd.ts';
import { relativeError } from '../tensor/difference.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { EMBEDDED } from './embedded.ts';
import { readUnet, stepFeeds } from './unet.ts';
import { stepGraph, textGraph } from './unet-graph.ts';

const engine = openEngine({ threads: 1 });
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campanile-tiles-'));
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

const waves = (step: number, ...shape: number[]) => ({
  shape,
  data: new Float32Array(sizeOf(shape)).map((_, i) => Math.sin(i * step) + 0.5),
});

/** A layer of 3 × 3 from 5 channels to 7, in a file. */
async function layer(): Promise<Map<string, StoredTensor>> {
  const [weight, bias] = [waves(1.3, 7, 5, 3, 3), waves(0.7, 7)];
  const [of, behind] = [weight.data.byteLength, bias.data.byteLength];
  await writeFile(
    join(folder, 'layer'),
    Buffer.from([...new Uint8Array(weight.data.buffer), ...new Uint8Array(bias.data.buffer)]),
  );
  const bytes = (offset: number, length: number) => ({ location: 'layer', offset, length });
  return new Map([
    ['layer.weight', { type: 'float32', shape: weight.shape, bytes: bytes(0, of) }],
    ['layer.bias', { type: 'float32', shape: bias.shape, bytes: bytes(of, behind) }],
  ]);
}

test.each<[TileSide, number]>([
  [2, 1e-6],
  [4, 1e-5],
])(
  'a convolution in tiles of %i is the convolution, of whole tiles and others, of one picture and more',
  async (side, error) => {
    const graph = new Graph(await layer());
    const x = graph.input('x', ['rows', 5, 'height', 'width']);
    graph.output('whole', op.conv(x, 'layer'));
    graph.output('tiles', winograd(x, 'layer', side));
    await using session = await engine.open(graph.encode(), { folder, files: [join(folder, 'layer')] });
    for (const [rows, height, width] of [
      [1, 8, 16],
      [2, 9, 7],
      [3, 1, 2],
    ] as const) {
      const { whole, tiles } = await session.run({ x: waves(2.1, rows, 5, height, width) });
      expect(tiles!.shape).toEqual([rows, 7, height, width]);
      expect(relativeError(tiles!, whole!)).toBeLessThan(error);
    }
  },
);

test('the network in tiles answers as without them, for pictures of the size that the tiles are chosen for and others', async () => {
  const { config, weights } = await readUnet(join(EMBEDDED, 'unet'));
  const stored = graphWeights(weights);
  const [text, plain, tiled] = await Promise.all(
    [textGraph(config, stored), stepGraph(config, stored), stepGraph(config, stored, { winograd: true })].map(
      (graph) => engine.open(graph.encode(), weights),
    ),
  );
  const values = await text!.keep({ text: waves(0.9, 1, 8, config.textDim) });
  const context = { rows: 1, tokens: 8, values, mask: undefined };
  for (const [height, width] of [
    [64, 64],
    [72, 56],
  ] as const) {
    const feeds = stepFeeds(config, waves(1.9, 1, 3, height, width), 500, context, {});
    const [as, so] = [await plain!.run(feeds), await tiled!.run(feeds)];
    expect(relativeError(so['out']!, as['out']!)).toBeLessThan(1e-5);
  }
});
