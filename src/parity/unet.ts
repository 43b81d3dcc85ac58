import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readSafetensors } from '../checkpoint/safetensors.ts';
import { parseUNetConfig } from '../checkpoint/unet-config.ts';
import { CheckpointError } from '../errors.ts';
import { countOf, unetParameters } from '../models/parameters.ts';
import { sinusoid } from '../models/sinusoid.ts';
import { traceUnet } from '../models/trace.ts';
import { openUnet, type Unet } from '../models/unet.ts';
import { relativeError } from '../tensor/difference.ts';
import { sameShape } from '../tensor/tensor.ts';
import type { ParityResult, Tensors } from './compare.ts';

const STAGE_1 = 1e-4;
const STAGE_2 = 5e-4;

/**
 * Holds the UNets, their traces and the sinusoid against what diffusers gave.
 *
 * @param folder  with tiny-if/, tiny-if-ii/, variants/ and unet/, as `generate.py` of the reference writes them
 */
export async function* checkUnet(folder: string): AsyncGenerator<ParityResult> {
  const fixtures = (name: string) => readSafetensors(join(folder, 'unet', `${name}.safetensors`));
  const stages = [
    ['stage1', join(folder, 'tiny-if', 'unet'), STAGE_1],
    ['stage2', join(folder, 'tiny-if-ii', 'unet'), STAGE_2],
  ] as const;
  for (const [name, checkpoint, tolerance] of stages) {
    yield {
      group: `unet/${name}`,
      worst: await withUnet(checkpoint, async (unet) => worstCase(unet, await fixtures(name))),
      tolerance,
    };
    yield {
      group: `unet/${name}-trace`,
      worst: await worstOfTrace(checkpoint, await fixtures(`${name}-trace`)),
      tolerance,
    };
  }
  const variants = await fixtures('variants');
  let worst = 0;
  for (const name of casesOf(variants)) {
    worst = Math.max(
      worst,
      await withUnet(join(folder, 'variants', name), (unet) => worstCase(unet, only(variants, name))),
    );
  }
  yield { group: 'unet/variants', worst, tolerance: STAGE_2 };
  yield {
    group: 'unet/time-embedding',
    worst: worstSinusoid(await fixtures('time-embedding')),
    tolerance: STAGE_1,
  };
}

/** The lists of parameters of the published UNets, in `manifests/`. */
export async function* checkManifests(folder: string): AsyncGenerator<ParityResult> {
  yield { group: 'manifests', worst: await manifestDifferences(join(folder, 'manifests')), tolerance: 0 };
}

async function withUnet<T>(folder: string, use: (unet: Unet) => Promise<T>): Promise<T> {
  await using unet = await openUnet(folder);
  return await use(unet);
}

const maxOf = (values: Iterable<number>): number => Math.max(0, ...values);

/** What stands before the dot of every `….sample`. */
const casesOf = (tensors: Tensors): string[] =>
  [...tensors.keys()].filter((key) => key.endsWith('.sample')).map((key) => key.slice(0, -'.sample'.length));
const only = (tensors: Tensors, name: string): Tensors =>
  new Map([...tensors].filter(([key]) => key.startsWith(`${name}.`)));

/** `<case>.{sample,text,labels,timesteps,mask}`, and outputs `<case>.t<timestep>.out`, `<case>.out`, `<case>.out_masked`. */
export async function worstCase(unet: Unet, tensors: Tensors): Promise<number> {
  const errors: number[] = [];
  for (const name of casesOf(tensors)) {
    const get = (key: string) => tensors.get(`${name}.${key}`);
    const labels = get('labels') && [...get('labels')!.data];
    const plain = await unet.text(get('text')!);
    for (const [key, expected] of only(tensors, name)) {
      const output = key.slice(name.length).match(/^\.(?:t(\d+)\.)?out(_masked)?$/);
      if (!output) continue;
      const [, timestep, masked] = output;
      const t = timestep === undefined ? [...get('timesteps')!.data] : Number(timestep);
      const text = masked ? await unet.text(get('text')!, get('mask')!) : plain;
      errors.push(relativeError(await unet.step(get('sample')!, t, text, { labels }), expected));
    }
  }
  if (errors.length === 0) throw new CheckpointError('fixture', 'the reference file holds no output');
  return maxOf(errors);
}

/** Outputs by module name, inputs under `in.`, the result under `out`. */
async function worstOfTrace(checkpoint: string, tensors: Tensors): Promise<number> {
  const input = (key: string) => tensors.get(`in.${key}`);
  const labels = input('labels') && [...input('labels')!.data];
  const found = await traceUnet(checkpoint, {
    sample: input('sample')!,
    t: [...input('t')!.data],
    text: input('text')!,
    labels,
  });
  const expected = [...tensors].filter(([key]) => !key.startsWith('in.'));
  return maxOf(
    expected.map(([key, value]) => (found.has(key) ? relativeError(found.get(key)!, value) : Infinity)),
  );
}

/** `d<width>` for the timesteps in `t`. */
function worstSinusoid(tensors: Tensors): number {
  const times = [...tensors.get('t')!.data];
  const expected = [...tensors].filter(([key]) => key.startsWith('d'));
  return maxOf(
    expected.map(([key, value]) =>
      relativeError(sinusoid(times, Number(key.slice(1)), { flipSinToCos: true, freqShift: 0 }), value),
    ),
  );
}

interface Manifest {
  readonly config: Record<string, unknown>;
  readonly parameters: number;
  readonly tensors: Record<string, number[]>;
}

/** How many tensors of the published UNets are missing here, extra, or of another shape. */
async function manifestDifferences(folder: string): Promise<number> {
  let differences = 0;
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.json.gz'))) {
    const { config, parameters, tensors } = JSON.parse(
      gunzipSync(await readFile(join(folder, name))).toString(),
    ) as Manifest;
    if (!config['block_out_channels']) continue; // a text encoder
    const expected = new Map(Object.entries(tensors));
    const found = unetParameters(parseUNetConfig(JSON.stringify(config), name));
    for (const key of new Set([...expected.keys(), ...found.keys()])) {
      if (!sameShape(found.get(key) ?? [-1], expected.get(key) ?? [-2])) differences++;
    }
    if (countOf(found) !== parameters) differences++;
  }
  return differences;
}
