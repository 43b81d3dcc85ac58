import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { TorchGenerator } from '../tensor/random.ts';
import { rows, sizeOf, type Tensor } from '../tensor/tensor.ts';
import { inOneCall } from './one-call.ts';
import { openUnet, type Unet } from './unet.ts';

const folder = fileURLToPath(new URL('../../test/oracle/unets/stage-one', import.meta.url));
const unet = await openUnet(folder, { threads: 1 });
const { inChannels, textDim } = unet.config;
const generator = new TorchGenerator(180);
const random = (...shape: number[]): Tensor => ({ data: generator.randn(sizeOf(shape)), shape });
const picture = (count = 1, size = 16) => random(count, inChannels, size, size);

/** The network, and the number of pictures in each call of it. */
function counting(): { unet: Unet; calls: number[] } {
  const calls: number[] = [];
  const step: Unet['step'] = (sample, ...more) => {
    calls.push(sample.shape[0]!);
    return unet.step(sample, ...more);
  };
  return { calls, unet: inOneCall({ ...unet, step }) };
}

/** Sums of a batch may be added in another order. */
const CLOSE = 5;

test('what comes together is one call, and each picture keeps its prompt and its timestep', async () => {
  const { unet: together, calls } = counting();
  const [dog, nothing] = [
    await together.text(random(1, 7, textDim)),
    await together.text(random(1, 7, textDim)),
  ];
  const asked = [
    [picture(), 990, dog],
    [picture(2), 500, nothing],
    [picture(), 20, dog],
  ] as const;
  const found = await Promise.all(asked.map(([x, t, text]) => together.step(x, t, text)));
  expect(calls).toEqual([4]);
  for (const [i, [x, t, text]] of asked.entries()) {
    const alone = await unet.step(x, t, text);
    expect(found[i]!.shape).toEqual(alone.shape);
    for (const [at, value] of alone.data.entries()) expect(found[i]!.data[at]).toBeCloseTo(value, CLOSE);
  }
});

test('a call of another size waits for its own turn, and so do more pictures than a call takes', async () => {
  const { unet: together, calls } = counting();
  const text = await together.text(random(1, 7, textDim));
  await Promise.all(
    [picture(), picture(1, 32), picture(), picture(15)].map((x) => together.step(x, 500, text)),
  );
  expect(calls).toEqual([2, 1, 15]);
});

test('what fails to fit is told to its asker alone', async () => {
  const { unet: together } = counting();
  const text = await together.text(random(1, 7, textDim));
  const two = await together.text(random(2, 7, textDim));
  const [wrong, right] = await Promise.allSettled([
    together.step(picture(3), 500, two),
    together.step(picture(), 500, text),
  ]);
  expect(wrong).toMatchObject({ status: 'rejected', reason: { code: 'shape' } });
  expect(right.status).toBe('fulfilled');
  expect(rows(await together.step(picture(2), [1, 2], two))).toHaveLength(2);
});

test('where there is no room for several, each is asked for alone', async () => {
  const step: Unet['step'] = async (sample, ...more) => {
    if (sample.shape[0]! > 1) throw new Error('out of memory');
    return unet.step(sample, ...more);
  };
  const small = inOneCall({ ...unet, step });
  const text = await small.text(random(1, 7, textDim));
  const [one, other] = [picture(), picture()];
  const found = await Promise.all([small.step(one, 500, text), small.step(other, 20, text)]);
  expect(found[0].data).toEqual((await unet.step(one, 500, text)).data);
  expect(found[1].data).toEqual((await unet.step(other, 20, text)).data);
  await expect(small.step(picture(2), 500, text)).rejects.toThrow('out of memory');
});
