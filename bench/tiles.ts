/**
 * A step of the embedded network in the runtime of the browser, on one thread of Node: convolutions as they are, and in tiles.
 *
 *     npx tsx -C campanile-source bench/tiles.ts
 *
 * Processor time, best of fifteen in turns.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web/wasm';
import { graphWeights } from '../src/engine/weights.ts';
import type { Graph } from '../src/graph/builder.ts';
import { EMBEDDED } from '../src/models/embedded.ts';
import { readUnet } from '../src/models/unet.ts';
import { stepGraph, textGraph } from '../src/models/unet-graph.ts';

ort.env.wasm.numThreads = 1;
const { config, weights } = await readUnet(join(EMBEDDED, 'unet'));
const stored = graphWeights(weights);
const externalData = weights.files.map((file) => ({
  path: file.slice(file.lastIndexOf('/') + 1),
  data: readFileSync(file),
}));
const opened = (graph: Graph) =>
  ort.InferenceSession.create(graph.encode(), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    externalData,
  });
const waves = (...shape: number[]) =>
  new ort.Tensor(
    'float32',
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i)),
    shape,
  );

const text = await (await opened(textGraph(config, stored))).run({ text: waves(1, 8, config.textDim) });
const feeds = {
  sample: waves(1, config.inChannels, 64, 64),
  time: waves(1, config.down[0]!.channels),
  ...text,
};
const sessions = {
  'as they are': await opened(stepGraph(config, stored)),
  'in tiles': await opened(stepGraph(config, stored, { winograd: true })),
};
const best: Record<string, number> = {};
for (let round = 0; round < 15; round++)
  for (const [name, session] of Object.entries(sessions)) {
    const before = process.cpuUsage();
    await session.run(feeds);
    const { user, system } = process.cpuUsage(before);
    best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, (user + system) / 1000);
  }
for (const [name, ms] of Object.entries(best)) console.log(name.padEnd(12), `${ms.toFixed(0)} ms`);
