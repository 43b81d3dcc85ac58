import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { closedBy } from '../closable.ts';
import { zeros } from '../tensor/tensor.ts';
import { twoLanes } from './two-lanes.ts';
import { openUnet, readUnet, startUnet, type TextContext, type Unet } from './unet.ts';

const folder = fileURLToPath(new URL('../../test/oracle/unets/stage-one', import.meta.url));
const files = await readUnet(folder);
const { config } = files;
const x = zeros([1, config.inChannels, 16, 16]);
const embeddings = zeros([1, 7, config.textDim]);

/** Networks that only say what they are asked: `4: 500 begins`, `4: 500 ends`. */
function watched() {
  const log: string[] = [];
  const open: number[] = [];
  const start = (threads: number): Unet => {
    open.push(threads);
    return {
      config,
      weights: files.weights,
      parameters: 1,
      text: async () => ({ rows: 1, tokens: 7, values: {}, mask: undefined }) satisfies TextContext,
      async step(sample, t, text) {
        await text;
        log.push(`${threads}: ${t} begins`);
        await new Promise((done) => setTimeout(done, 5));
        log.push(`${threads}: ${t} ends`);
        if (t === 13) throw new Error('unlucky');
        return sample;
      },
      ...closedBy(async () => void open.splice(open.indexOf(threads), 1)),
    };
  };
  return { log, open, unet: twoLanes(start, 4) };
}

test('a call that is alone has all threads', async () => {
  const { log, open, unet } = watched();
  const text = await unet.text(embeddings);
  await unet.step(x, 1, text);
  await unet.step(x, 2, text);
  expect(log).toEqual(['4: 1 begins', '4: 1 ends', '4: 2 begins', '4: 2 ends']);
  expect(open).toEqual([4]);
});

test('two that come together run side by side on half of the threads each, a third after them on all', async () => {
  const { log, open, unet } = watched();
  const text = await unet.text(embeddings);
  await Promise.all([1, 2, 3].map((t) => unet.step(x, t, text)));
  expect(log.slice(0, 2)).toEqual(['2: 1 begins', '2: 2 begins']);
  expect(log.slice(4)).toEqual(['4: 3 begins', '4: 3 ends']);
  expect(open).toEqual([4, 2, 2]);
  await unet.close();
  expect(open).toEqual([]);
});

test('two that wait for their prompts have a lane each from the first step on', async () => {
  const { log, open, unet } = watched();
  const read = async (after: number) => {
    await new Promise((done) => setTimeout(done, after));
    return unet.text(embeddings);
  };
  await Promise.all([unet.step(x, 1, read(1)), unet.step(x, 2, read(20))]);
  expect(log.filter((line) => line.endsWith('begins')).sort()).toEqual(['2: 1 begins', '2: 2 begins']);
  expect(open).toEqual([4, 2, 2]);
});

test('a prompt that cannot be read fails its call alone', async () => {
  const { unet } = watched();
  const [bad, good] = await Promise.allSettled([
    unet.step(x, 1, Promise.reject(new Error('no such word'))),
    unet.step(x, 2, await unet.text(embeddings)),
  ]);
  expect(bad).toMatchObject({ status: 'rejected', reason: { message: 'no such word' } });
  expect(good.status).toBe('fulfilled');
});

test('one that fails takes no other with it', async () => {
  const { unet } = watched();
  const text = await unet.text(embeddings);
  const [bad, good] = await Promise.allSettled([unet.step(x, 13, text), unet.step(x, 2, text)]);
  expect(bad).toMatchObject({ status: 'rejected', reason: { message: 'unlucky' } });
  expect(good.status).toBe('fulfilled');
  expect(await unet.step(x, 3, text)).toBe(x);
});

test('the same numbers, bit for bit, in every lane', async () => {
  const alone = await openUnet(folder, { threads: 1 });
  const paired = twoLanes((threads) => startUnet(files, { threads }), 2);
  const expected = await alone.step(x, 500, await alone.text(embeddings));
  const text = await paired.text(embeddings);
  const found = await Promise.all([1, 2, 3].map(() => paired.step(x, 500, text)));
  for (const { data } of found) expect(data).toEqual(expected.data);
  await Promise.all([alone.close(), paired.close()]);
});
