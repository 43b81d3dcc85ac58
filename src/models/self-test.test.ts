import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Tensor } from '../tensor/tensor.ts';
import { checkDevice } from './self-test.ts';
import { readUnet, startUnet, type Unet } from './unet.ts';

const files = await readUnet(fileURLToPath(new URL('../../test/oracle/unets/stage-one', import.meta.url)));
const options = { threads: 1, device: 'cuda' } as const;

/** A device that does to every result what `fault` says: the CPU stands in for one. */
async function onDevice(fault: (value: number, i: number) => number): Promise<void> {
  const cpu = startUnet(files, { threads: 1 });
  const device: Unet = {
    ...cpu,
    async step(...given): Promise<Tensor> {
      const { data, shape } = await cpu.step(...given);
      return { data: data.map(fault), shape };
    },
  };
  try {
    await checkDevice(files, device, options);
  } finally {
    await cpu.close();
  }
}

test('a device that computes as the CPU does, or with the rounding of halves, may draw', async () => {
  await onDevice((value) => value);
  await onDevice((value) => value * (1 + 2 ** -11));
});

test.each([
  ['a value that is wrong', (value: number, i: number) => (i === 5 ? value + 1 : value)],
  ['not a number', (value: number, i: number) => (i === 5 ? Number.NaN : value)],
  ['nothing but zeros', () => 0],
])('%s is found before the first picture', async (_, fault) => {
  await expect(onDevice(fault)).rejects.toMatchObject({ code: 'device-differs' });
});
