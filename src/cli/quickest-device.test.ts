import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { EMBEDDED, type ModelOptions } from '../models/embedded.ts';
import { onQuickestDevice, type Trial } from './quickest-device.ts';

let memory: string;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'campanile-devices-'));
  memory = join(folder, 'devices.json');
  return () => rm(folder, { recursive: true });
});

/** Devices that take so long for a step; those without a time are missing. */
function machineWith(seconds: Record<string, number>) {
  const tried: string[] = [];
  const trial: Trial = async (device) => {
    tried.push(device);
    return seconds[device];
  };
  return { tried, trial, memory, hasCard: () => true };
}

test('the quickest device is taken, in float32, and found again without another trial', async () => {
  const fast = machineWith({ cpu: 0.06, webgpu: 0.01 });
  expect(await onQuickestDevice({}, fast)).toEqual({ device: 'webgpu', precision: 'full' });
  expect(fast.tried).toEqual(['webgpu', 'cuda', 'cpu']);
  expect(await onQuickestDevice({ device: 'auto' }, fast)).toEqual({ device: 'webgpu', precision: 'full' });
  expect(fast.tried).toHaveLength(3);
});

test('a card that is slower than the processor is not taken', async () => {
  expect(await onQuickestDevice({}, machineWith({ cpu: 0.06, webgpu: 0.1 }))).toEqual({ device: 'cpu' });
});

test('a card that fails its test leaves the processor, which is then not tried', async () => {
  const broken = machineWith({ cpu: 0.06 });
  expect(await onQuickestDevice({ threads: 2 }, broken)).toEqual({ device: 'cpu', threads: 2 });
  expect(broken.tried).toEqual(['webgpu', 'cuda']);
});

test('without a card nothing is tried and nothing written', async () => {
  const bare = { ...machineWith({ cpu: 0.06 }), hasCard: () => false };
  expect(await onQuickestDevice<ModelOptions>({}, bare)).toEqual({ device: 'cpu' });
  expect(bare.tried).toEqual([]);
  await expect(readFile(memory)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('who names a device gets it', async () => {
  const fast = machineWith({ cpu: 0.06, webgpu: 0.01 });
  expect(await onQuickestDevice({ device: 'cpu' }, fast)).toEqual({ device: 'cpu' });
  expect(fast.tried).toEqual([]);
});

test('a checkpoint, and halves, are tried for themselves; a damaged memory is begun anew', async () => {
  const fast = machineWith({ cpu: 0.06, cuda: 0.02 });
  await writeFile(memory, 'not JSON');
  await onQuickestDevice({}, fast);
  await onQuickestDevice({ precision: 'half' }, fast);
  expect(fast.tried).toHaveLength(6);
  expect(Object.keys(JSON.parse(await readFile(memory, 'utf8')))).toHaveLength(2);
});

test('a trial is a program that prints the seconds of a step, and fails where the device is missing', async () => {
  const script = fileURLToPath(new URL('./device-trial.ts', import.meta.url));
  const run = (device: string) =>
    promisify(execFile)(process.execPath, [
      ...['--import', 'tsx', '-C', 'campanile-source'],
      ...[script, device, 'full', EMBEDDED],
    ]);
  expect(Number((await run('cpu')).stdout)).toBeGreaterThan(0);
  await expect(run('toaster')).rejects.toThrow('"toaster" is none of cpu');
}, 120_000);
