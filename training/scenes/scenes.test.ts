import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  isHeldOut,
  media,
  pageMask,
  pageMasks,
  pagePicture,
  pagePictures,
  renderScene,
  sampleSpec,
  subjects,
} from './index.ts';
import { looseCamera } from './loosen.ts';
import { Rng } from './random.ts';

test('the same spec draws the same picture', () => {
  const spec = sampleSpec(7, { subject: 'volcano' });
  expect(renderScene(spec, 32).data).toEqual(renderScene(spec, 32).data);
});

test('another picture in between changes nothing', () => {
  const spec = sampleSpec(11);
  const first = renderScene(spec, 48);
  renderScene(sampleSpec(12, { medium: 'oil' }), 64);
  expect(renderScene(spec, 48)).toEqual(first);
});

test('a loose picture is another one, and leaves the usual one as it was', () => {
  const spec = sampleSpec(7, { subject: 'volcano' });
  const usual = renderScene(spec, 32);
  const loose = renderScene({ ...spec, loose: true }, 32);
  expect(loose.data).not.toEqual(usual.data);
  expect(renderScene({ ...spec, loose: true }, 32)).toEqual(loose);
  expect(renderScene(spec, 32)).toEqual(usual);
});

test('a loose camera leaves no corner empty', () => {
  for (let seed = 0; seed < 500; seed++) {
    const { x, y, zoom, turn } = looseCamera(new Rng(seed));
    for (const [cx, cy] of [
      [-0.5, -0.5],
      [0.5, -0.5],
      [-0.5, 0.5],
      [0.5, 0.5],
    ] as const) {
      const sx = x + (cx * Math.cos(turn) + cy * Math.sin(turn)) / zoom;
      const sy = y + (cy * Math.cos(turn) - cx * Math.sin(turn)) / zoom;
      expect(Math.max(Math.abs(sx - 0.5), Math.abs(sy - 0.5))).toBeLessThanOrEqual(0.6 + 1e-9);
    }
  }
});

test.each(subjects)('%s can be drawn in every medium', (subject) => {
  for (const medium of media) {
    const { data, caption } = renderScene(sampleSpec(3, { subject, medium }), 32);
    const mean = data.reduce((sum, v) => sum + v, 0) / data.length;
    const spread = Math.sqrt(data.reduce((sum, v) => sum + (v - mean) ** 2, 0) / data.length);
    expect(spread, `${medium} of ${subject} is not one colour`).toBeGreaterThan(8);
    expect(caption).toMatch(/^[A-Za-z' -]+$/);
  }
});

test('one seed in twenty is held out, and one picture in eight has two subjects', () => {
  const seeds = Array.from({ length: 4000 }, (_, i) => i);
  expect(seeds.filter(isHeldOut).length / seeds.length).toBeCloseTo(0.05, 1.5);
  expect(seeds.filter((s) => sampleSpec(s).pair).length / seeds.length).toBeCloseTo(0.12, 1.5);
});

test('every caption is made of whole words of the tokenizer', () => {
  const file = new URL('../../checkpoints/campanile/tokenizer/tokenizer.json', import.meta.url);
  const { model } = JSON.parse(readFileSync(file, 'utf8')) as { model: { vocab: [string, number][] } };
  const known = new Set(model.vocab.map(([piece]) => piece));
  const words = new Set<string>();
  for (let seed = 0; seed < 400; seed++)
    for (const word of renderScene(sampleSpec(seed), 32).caption.toLowerCase().split(' ')) words.add(word);
  expect([...words].filter((word) => !known.has(`\u2581${word}`))).toEqual([]);
});

test.each(pagePictures)('%s is drawn at any size', (name) => {
  for (const size of [32, 64, 256]) expect(pagePicture(name, size)).toHaveLength(size * size * 3);
});

test.each(pageMasks)('%s leaves most of the picture alone', (name) => {
  const mask = pageMask(name, 64);
  const share = mask.reduce((sum, v) => sum + v, 0) / mask.length;
  expect(share).toBeGreaterThan(0.05);
  expect(share).toBeLessThan(0.5);
  expect(new Set(mask)).toEqual(new Set([0, 1]));
});
