import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { openWeights, type Weights } from '../checkpoint/weights.ts';
import { Graph } from '../graph/builder.ts';
import { EMBEDDED } from '../models/embedded.ts';
import { halvesToFloats } from '../tensor/halves.js';
import { openEngine } from './session.ts';
import { areHalves, graphWeights } from './weights.ts';

const NAME = 'conv_in.weight';

test('a file of halves that is widened as a whole holds the numbers that ONNX Runtime makes of them', async () => {
  const weights = await openWeights(join(EMBEDDED, 'unet'), 'diffusion_pytorch_model');
  expect(areHalves(weights)).toBe(true);
  const folder = await mkdtemp(join(tmpdir(), 'campanile-widened-'));
  const [file] = weights.files as [string];
  const { buffer } = Uint8Array.from(await readFile(file));
  await writeFile(join(folder, basename(file)), halvesToFloats(new Uint16Array(buffer)));
  const engine = openEngine({ threads: 1 });
  const read = async (widened: boolean) => {
    const graph = new Graph(graphWeights(weights, widened));
    graph.output('weight', graph.weight(NAME));
    await using session = await engine.open(graph.encode(), { folder: widened ? folder : weights.folder });
    return (await session.run({}))['weight'];
  };
  expect(await read(true)).toEqual(await read(false));
  await engine.close();
  await rm(folder, { recursive: true });
});

test('files with other numbers between the halves, or at odd places, are not read as halves', () => {
  const tensor = { shape: [1], file: 'a', offset: 10, length: 2 };
  const of = (...tensors: object[]) =>
    areHalves({
      tensors: new Map(tensors.map((some, i) => [`${i}`, { ...tensor, dtype: 'F16', ...some }])),
    } as unknown as Weights);
  expect(of({}, { offset: 12 })).toBe(true);
  expect(of({}, { dtype: 'F32' })).toBe(false);
  expect(of({}, { offset: 13 })).toBe(false);
});
