import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { parseUNetConfig } from '../checkpoint/unet-config.ts';
import type { StoredTensor } from '../graph/builder.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { countOf, unetParameters } from './parameters.ts';
import { stepGraph, textGraph } from './unet-graph.ts';

/** The graphs of a published network with its weights in halves, in half precision: their inputs, outputs, and weights cast. */
async function inHalves(name: string) {
  const manifest = await readFile(new URL(`../../test/oracle/manifests/${name}.json.gz`, import.meta.url));
  const config = parseUNetConfig(JSON.stringify(JSON.parse(gunzipSync(manifest).toString()).config), name);
  const parameters = unetParameters(config);
  const weights = new Map(
    [...parameters].map(([tensor, shape]): [string, StoredTensor] => [
      tensor,
      { type: 'float16', shape, bytes: { location: name, offset: 0, length: 2 * sizeOf(shape) } },
    ]),
  );
  const graphs = [textGraph, stepGraph].map((write) => write(config, weights, { precision: 'half' }));
  const text = graphs.map((graph) => Buffer.from(graph.encode()).toString('latin1')).join('');
  const widened = [...parameters.keys()].filter((tensor) =>
    new RegExp(`${tensor} \\[[\\d, ]+\\] as float32`).test(text),
  );
  return { ports: graphs.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]), widened, parameters };
}

test.each(['IF-I-M', 'IF-I-XL', 'IF-II-L'])(
  '%s in halves: the file is used as it is, but for norms, times and the ends',
  async (name) => {
    const { ports, widened, parameters } = await inHalves(name);
    expect(new Set(ports.map(({ type }) => type))).toEqual(new Set(['float32']));
    const ends = /norm|^(time|class)_embedding\.|^conv_(in|out)\.|positional_embedding$/;
    expect(widened.filter((tensor) => !ends.test(tensor))).toEqual([]);
    const share =
      countOf(new Map(widened.map((tensor) => [tensor, parameters.get(tensor)!]))) / countOf(parameters);
    expect(share).toBeLessThan(0.01);
  },
);
