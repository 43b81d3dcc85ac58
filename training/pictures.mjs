// Draws the page's own pictures and masks into files that ship: node training/pictures.mjs
// Needs both builds (npm run build, npm run build:scenes); training/scenes/pictures.test.ts compares.
import fs from 'node:fs';
import { pictureOfMask } from '../dist/images/picture.js';
import { encodePng } from '../dist/images/png.js';
import { pageMask, pageMasks, pagePicture, pagePictures } from './dist/index.js';

/** Stage I's pictures, and those that stand beside stage II's. */
const sizes = [64, 256];

const folder = new URL('../pictures/', import.meta.url);
fs.mkdirSync(folder, { recursive: true });
const save = (name, picture) =>
  fs.writeFileSync(new URL(`${name}-${picture.width}.png`, folder), encodePng(picture));

for (const size of sizes) {
  for (const name of pagePictures)
    save(name, { width: size, height: size, channels: 3, data: pagePicture(name, size) });
  for (const name of pageMasks)
    save(name, pictureOfMask({ data: pageMask(name, size), shape: [1, 1, size, size] }));
}
