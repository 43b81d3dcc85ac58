import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readSafetensors } from '../checkpoint/safetensors.ts';
import { worstCase } from '../parity/unet.ts';
import { keptInMemory } from '../platform/memory.ts';
import { openUnet } from './unet.ts';

test('a network whose files lie in memory computes what diffusers does', async () => {
  const oracle = fileURLToPath(new URL('../../test/oracle/unets/stage-one/', import.meta.url));
  const names = ['config.json', 'diffusion_pytorch_model.safetensors'];
  const folder = keptInMemory(
    'stage-one',
    Object.fromEntries(names.map((name) => [name, readFileSync(oracle + name)])),
  );
  await using unet = await openUnet(folder, { threads: 1 });
  expect(await worstCase(unet, await readSafetensors(`${oracle}expected.safetensors`))).toBeLessThan(1e-5);
});
