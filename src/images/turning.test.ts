import { expect, test } from 'vitest';
import type { Picture } from './picture.ts';
import { captionedFrames, turnedPartly, turningFrames, zoomingFrames } from './turning.ts';

const SIZE = 12;
const picture: Picture = {
  width: SIZE,
  height: SIZE,
  channels: 3,
  data: Uint8Array.from({ length: 3 * SIZE * SIZE }, (_, i) => (i * 37) % 251),
};
type Source = (y: number, x: number) => readonly [number, number];
const sourcesOf = (source: Source) =>
  Int32Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [y, x] = source(Math.floor(i / SIZE), i % SIZE);
    return y * SIZE + x;
  });
const shown = (sources: Int32Array): Picture => ({
  ...picture,
  data: Uint8Array.from(picture.data, (_, i) => picture.data[3 * sources[Math.floor(i / 3)]! + (i % 3)]!),
});

test.each([
  ['rotate(180deg)', (y, x) => [SIZE - 1 - y, SIZE - 1 - x]],
  ['rotate(90deg)', (y, x) => [SIZE - 1 - x, y]],
  ['rotate(-90deg)', (y, x) => [x, SIZE - 1 - y]],
  ['scaleY(-1)', (y, x) => [SIZE - 1 - y, x]],
  ['scaleX(-1)', (y, x) => [y, SIZE - 1 - x]],
  ['rotate(90deg) scaleY(-1)', (y, x) => [x, y]],
  ['rotate(-90deg) scaleY(-1)', (y, x) => [SIZE - 1 - x, SIZE - 1 - y]],
] as [string, Source][])('%s ends where the view does', (css, source) => {
  expect(turnedPartly(picture, css, 1)).toEqual(shown(sourcesOf(source)).data);
  expect(turnedPartly(picture, css, 0)).toEqual(picture.data);
});

test('half of half a turn is a quarter turn to the right', () => {
  const quarter = shown(sourcesOf((y, x) => [SIZE - 1 - x, y])).data;
  expect(turnedPartly(picture, 'rotate(180deg)', 0.5)).toEqual(quarter);
});

test('an animation rests on both pictures, exactly, and comes back the way it went', () => {
  const sources = sourcesOf((y, x) => [y, (x + SIZE / 2) % SIZE]);
  const turned = shown(sources);
  const { frames, delaysMs, progress } = turningFrames(picture, { turned, sources }, { steps: 4 });
  expect(frames[0]).toEqual(picture.data);
  expect(frames[4]).toEqual(turned.data);
  expect(delaysMs.filter((ms) => ms > 1000)).toHaveLength(2);
  expect(progress).toEqual([...progress.slice(0, 5), ...progress.slice(1, 4).reverse()]);
  for (const i of [1, 2, 3]) expect(frames[8 - i]).toEqual(frames[i]);
});

test('pixels on their way are those of the picture, on paper', () => {
  const sources = sourcesOf((y, x) => [y, (x + SIZE / 2) % SIZE]);
  const [, middle] = turningFrames(picture, { turned: shown(sources), sources }, { steps: 2 }).frames;
  const colours = (data: Uint8Array) =>
    Array.from({ length: data.length / 3 }, (_, i) => data.slice(3 * i, 3 * i + 3).join());
  const known = new Set([...colours(picture.data), '255,255,255']);
  expect(colours(middle!).every((colour) => known.has(colour))).toBe(true);
});

test('a hybrid goes away until it is an eighth, and keeps its mean', () => {
  const grey: Picture = { ...picture, data: picture.data.map(() => 100) };
  const far = zoomingFrames(grey, { steps: 4, least: 1 / 4 }).frames[4]!;
  expect(far[3 * (6 * SIZE + 6)]).toBe(100);
  expect(far.filter((value) => value === 255).length / far.length).toBeCloseTo(15 / 16, 1);
});

test('captions stand below the frames they belong to', () => {
  const animation = turningFrames(picture, { turned: picture }, { steps: 2 });
  const strip = (progress: number) => new Uint8Array(3 * SIZE * 2).fill(Math.round(100 * progress));
  const { height, frames } = captionedFrames(animation, 2, strip);
  expect(height).toBe(SIZE + 2);
  expect(frames.map((frame) => frame.at(-1))).toEqual([0, 50, 100, 50]);
});
