import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readSafetensors } from '../checkpoint/safetensors.ts';
import { ResourceError } from '../errors.ts';
import { worstCase } from '../parity/unet.ts';
import { precisions } from '../platform/engine.ts';
import { openUnet } from './unet.ts';

const oracle = fileURLToPath(new URL('../../test/oracle/unets/', import.meta.url));
/** In float32, CUDA may round factors to 10 bits; in halves WebGPU adds up products in halves; bfloat16 has 8 bits. */
const tolerances = {
  openvino: { full: 1e-5, half: 4e-2 },
  cuda: { full: 2e-3, half: 5e-3 },
  webgpu: { full: 1e-5, half: 2e-2 },
};

// Stage II is the one that WebGPU's own ways get wrong: six channels, and many tokens. A software driver does too.
const cases = (['openvino', 'cuda', 'webgpu'] as const).flatMap((device) =>
  precisions.flatMap((precision) =>
    ['stage-one', 'stage-two'].map((name) => [name, device, precision] as const),
  ),
);
test.for(cases)(
  '%s on %s in %s precision computes what diffusers does, where there is such a device',
  { timeout: 300_000 },
  async ([name, device, precision], { skip }) => {
    const expected = await readSafetensors(join(oracle, name, 'expected.safetensors'));
    const unet = await openUnet(join(oracle, name), { threads: 1, device, precision });
    try {
      expect(await worstCase(unet, expected)).toBeLessThan(tolerances[device][precision]);
    } catch (error) {
      const missing =
        error instanceof ResourceError && ['device-missing', 'device-no-half'].includes(error.code);
      if (!missing) throw error;
      expect(error.hint).toContain('--device cpu');
      skip(error.message);
    } finally {
      await unet.close();
    }
  },
);
