import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Precision, precisions } from '../platform/engine.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkDevice } from './self-test.ts';
import { readUnet, startUnet, type Unet } from './unet.ts';

const files = await readUnet(fileURLToPath(new URL('../../test/oracle/unets/stage-one', import.meta.url)));

/** A device that does to every result what `fault` says: the CPU stands in for one, in either precision. */
async function onDevice(precision: Precision, fault: (value: number, i: number) => number): Promise<void> {
  await using cpu = startUnet(files, { threads: 1, precision });
  const device: Unet = {
    ...cpu,
    async step(...given): Promise<Tensor> {
      const { data, shape } = await cpu.step(...given);
      return { data: data.map(fault), shape };
    },
  };
  await checkDevice(files, device, { threads: 1, device: 'cuda', precision });
}

test.each(precisions)(
  'a device that computes as the CPU does may draw, in %s precision',
  async (precision) => {
    await onDevice(precision, (value) => value);
  },
);

test('what is right for halves is not for float32', async () => {
  const off = (value: number, i: number) => (i === 5 ? value + 0.02 : value);
  await onDevice('half', off);
  await expect(onDevice('full', off)).rejects.toMatchObject({ code: 'device-differs' });
});

describe.each(precisions)('in %s precision', (precision) => {
  test.each([
    ['a value that is wrong', (value: number, i: number) => (i === 5 ? value + 1 : value)],
    ['not a number', (value: number, i: number) => (i === 5 ? Number.NaN : value)],
    ['nothing but zeros', () => 0],
  ])('%s is found before the first picture', async (_, fault) => {
    await expect(onDevice(precision, fault)).rejects.toMatchObject({
      code: 'device-differs',
      message: expect.stringContaining(`cuda in ${precision} precision`),
      hint: expect.stringContaining(precision === 'half' ? '--precision full' : '--device cpu'),
    });
  });
});
