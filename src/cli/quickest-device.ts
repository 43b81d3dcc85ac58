import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import { embedded } from '#platform/embedded';
import { writeWhole } from '../files/whole.ts';
import { EMBEDDED, type ModelOptions } from '../models/embedded.ts';
import { devices, type Precision } from '../platform/engine.ts';
import { cacheFolder } from '../platform/node/cache-folder.ts';

const CANDIDATES = ['cpu', 'cuda', 'webgpu'] as const;
type Candidate = (typeof CANDIDATES)[number];

/** Seconds of a step; none when the device is missing, computes something else or takes its process down. */
export type Trial = (device: Candidate, precision: Precision, folder: string) => Promise<number | undefined>;

const memorySchema = z.record(
  z.string(),
  z.object({ device: z.enum(devices), seconds: z.record(z.string(), z.number()) }),
);
type Memory = z.infer<typeof memorySchema>;

export interface Trying {
  readonly trial?: Trial;
  /** The file in which winners are remembered. */
  readonly memory?: string;
  readonly hasCard?: () => boolean;
  readonly note?: (text: string) => void;
}

/**
 * Puts a device's name in the place of `auto`: the one on which a step of this checkpoint is quickest. Where there is a card it is
 * tried against the processor once, a few seconds long, and what came of it is remembered; without one it is the processor.
 *
 * On a card `auto` means float32, so that a recipe gives the same picture everywhere; halves are for who asks.
 */
export async function onQuickestDevice<T extends ModelOptions>(
  options: T,
  { trial = inItsOwnProcess, memory = join(cacheFolder(), 'devices.json'), ...trying }: Trying = {},
): Promise<T> {
  const { hasCard = cardIsThere, note = () => {} } = trying;
  const { device = 'auto', checkpoint } = options;
  if (device !== 'auto') return options;
  if (!hasCard()) return { ...options, device: 'cpu' };
  const precision: Precision = options.precision === 'half' ? 'half' : 'full';
  const folder = checkpoint === undefined ? EMBEDDED : await embedded.find(checkpoint);
  const { env: runtime } = await import('onnxruntime-common');
  const key = [folder, precision, cpus()[0]?.model, `onnxruntime ${runtime.versions.common}`].join(', ');
  const known = await read(memory);
  let winner = known[key];
  if (!winner) {
    note('trying once which device is quickest (a few seconds; --device cpu goes without)');
    winner = await race(trial, precision, folder);
    // Where nothing can be kept it is tried again each time, which is no reason to fail.
    await writeWhole(memory, JSON.stringify({ ...known, [key]: winner }, undefined, 2)).catch(() => {});
  }
  const times = Object.entries(winner.seconds).map(([name, s]) => `${name} ${s.toPrecision(2)} s a step`);
  if (times.length > 0) note(`computing on ${winner.device} (${times.join(', ')})`);
  return { ...options, device: winner.device, ...(winner.device !== 'cpu' && { precision }) };
}

/** One after the other, so that none disturbs another; the processor only when there is something to compare with. */
async function race(trial: Trial, precision: Precision, folder: string): Promise<Memory[string]> {
  const seconds: Partial<Record<Candidate, number>> = {};
  for (const device of CANDIDATES.toReversed()) {
    if (device === 'cpu' && Object.keys(seconds).length === 0) break;
    const time = await trial(device, device === 'cpu' ? 'full' : precision, folder);
    if (time !== undefined) seconds[device] = time;
  }
  const best = CANDIDATES.filter((device) => seconds[device] !== undefined).sort(
    (a, b) => seconds[a]! - seconds[b]!,
  )[0];
  return { device: best ?? 'cpu', seconds };
}

async function read(file: string): Promise<Memory> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  try {
    return memorySchema.parse(JSON.parse(text));
  } catch {
    return {}; // of an older version, or damaged: tried again
  }
}

const script = fileURLToPath(new URL(import.meta.url.replace(/quickest-device(\.[jt]s)$/, 'device-trial$1')));

const inItsOwnProcess: Trial = async (device, precision, folder) => {
  const args = [...process.execArgv, script, device, precision, folder];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
    const seconds = Number(stdout.trim());
    return seconds > 0 ? seconds : undefined;
  } catch {
    return undefined;
  }
};

/** Whether a graphics card could be there: on Linux one shows as a device file; elsewhere every machine has one. */
function cardIsThere(): boolean {
  if (process.platform !== 'linux') return true;
  const drawing = existsSync('/dev/dri') ? readdirSync('/dev/dri') : [];
  return (
    existsSync('/dev/nvidia0') || existsSync('/dev/dxg') || drawing.some((name) => name.startsWith('renderD'))
  );
}
