import { expect, test } from 'vitest';
import { ownMask, ownMasks, ownPicture, ownPictures } from '../../src/experiments/own-pictures.ts';
import { pageMask, pageMasks, pagePicture, pagePictures } from './index.ts';

const sizes = [64, 256];

test('the library ships every picture and mask of the page', () => {
  expect(ownPictures).toEqual(pagePictures);
  expect(ownMasks).toEqual(pageMasks);
});

test.each(ownPictures)('the file of %s is what the recipe draws', async (name) => {
  for (const size of sizes) {
    const { width, height, channels, data } = await ownPicture(name, size);
    expect([width, height, channels]).toEqual([size, size, 3]);
    expect(Buffer.compare(data, pagePicture(name, size)), `${name} at ${size}`).toBe(0);
  }
});

test.each(ownMasks)('the file of the mask %s is what the recipe draws', async (name) => {
  for (const size of sizes) expect((await ownMask(name, size)).data).toEqual(pageMask(name, size));
});
