import { readdir, readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { parseUNetConfig } from '../checkpoint/unet-config.ts';
import { countOf, unetParameters } from './parameters.ts';
import { stepGraph, textGraph } from './unet-graph.ts';

const folder = new URL('../../test/oracle/manifests/', import.meta.url);
interface Manifest {
  readonly config: Record<string, unknown>;
  readonly parameters: number;
  readonly tensors: Record<string, number[]>;
}
const manifests = await Promise.all(
  (await readdir(folder)).map(
    async (name) =>
      [name, JSON.parse(gunzipSync(await readFile(new URL(name, folder))).toString()) as Manifest] as const,
  ),
);

test.each(manifests)(
  '%s: the config promises exactly the tensors that diffusers builds',
  (name, { config, parameters, tensors }) => {
    const found = unetParameters(parseUNetConfig(JSON.stringify(config), name));
    expect(Object.fromEntries([...found].sort())).toEqual(Object.fromEntries(Object.entries(tensors).sort()));
    expect(countOf(found)).toBe(parameters);
  },
);

test.each(manifests)(
  '%s: the two graphs together use every tensor, and no other',
  (name, { config, tensors }) => {
    const weights = new Map(
      Object.entries(tensors).map(([tensor, shape]) => [
        tensor,
        { type: 'float16' as const, shape, bytes: { location: 'weights', offset: 0, length: 0 } },
      ]),
    );
    const parsed = parseUNetConfig(JSON.stringify(config), name);
    const used = [...textGraph(parsed, weights).used, ...stepGraph(parsed, weights).used];
    expect(used.sort()).toEqual(Object.keys(tensors).sort());
  },
);
