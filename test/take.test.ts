import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { encodePng, encodeWithRecipe } from '../src/images/png.ts';

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'campanile-take-'));
const picture = {
  width: 64,
  height: 64,
  channels: 3,
  data: Uint8Array.from({ length: 3 * 64 * 64 }, (_, i) => (i * 7) % 256),
};
const write = (name: string, figure: Record<string, unknown>) =>
  writeFileSync(join(folder, name), encodeWithRecipe(picture, { figure }, ''));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, ...args], { cwd: folder });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

beforeAll(() => {
  if (!existsSync(main)) throw new Error('dist is missing: npm run build');
  write('turned.png', { caption: 'a <b>', view: 'rotate180', turnedCaption: 'a volcano' });
  write('puzzle.png', {
    caption: 'a dog',
    sides: [
      { view: 'identity', caption: 'a dog' },
      { view: 'jigsaw', caption: 'a skull' },
      { view: 'negate', caption: 'a cat' },
    ],
  });
  write('hybrid.png', { caption: 'a forest', farCaption: 'a skull' });
  writeFileSync(join(folder, 'plain.png'), encodePng(picture));
});

test('an anagram becomes a page that turns, a film and a print', async () => {
  const { code, out } = await run('take', 'turned.png', '--as', 'html,webp,gif,pdf', '--out', 'along');
  expect(code).toBe(0);
  expect(out.trim().split('\n')).toEqual(
    ['html', 'webp', 'gif', 'pdf'].map((kind) => join('along', `turned.${kind}`)),
  );
  const page = readFileSync(join(folder, 'along/turned.html'), 'utf8');
  expect(page).toContain('--turned: rotate(180deg)');
  expect(page).toContain('a &lt;b&gt;');
  expect(page).toContain('prefers-reduced-motion');
  for (const kind of ['webp', 'gif']) {
    const { pages, delay } = await sharp(join(folder, `along/turned.${kind}`)).metadata();
    expect(pages).toBe(32);
    expect(Math.max(...delay!)).toBe(1200);
  }
  expect(readFileSync(join(folder, 'along/turned.pdf'), 'latin1')).toMatch(/^%PDF-/);
});

test('one with three sides becomes a file for each of the others', async () => {
  const { out } = await run('take', 'puzzle.png', '--as', 'pdf', '--out', 'along');
  expect(out.trim().split('\n')).toEqual([
    join('along', 'puzzle-jigsaw.pdf'),
    join('along', 'puzzle-negate.pdf'),
  ]);
});

test('a hybrid goes away and comes back', async () => {
  const { code } = await run('take', 'hybrid.png', '--as', 'html,pdf', '--out', 'along');
  expect(code).toBe(0);
  expect(readFileSync(join(folder, 'along/hybrid.html'), 'utf8')).toContain('from afar:');
});

test.each([
  [['take', 'plain.png'], /does not say that it is an anagram or a hybrid\n {2}give a picture/],
  [['take', 'turned.png', '--as', 'avi'], /there is no "avi"\n {2}there are webp, gif, mp4, html, pdf/],
  [['take', 'nowhere.png'], /there is no picture nowhere\.png/],
  [['verify', 'plain.png'], /plain\.png carries no recipe/],
  [['forward', '--from', 'plain.png', '--from-step', '2'], /plain\.png carries no recipe/],
  [['verify', 'turned.png'], /does not say with which parameters/],
] as const)('%j is refused in words', async (args, words) => {
  const { code, err } = await run(...args);
  expect(err).toMatch(words);
  expect(err).not.toMatch(/^\s+at /m);
  expect(code).toBe(2);
});

test('illusions on one sheet: each from all its sides, with empty places where another has more', async () => {
  const { code, out } = await run('sheet', 'turned.png', 'hybrid.png', 'puzzle.png', '--tile', '32');
  expect([code, out]).toEqual([0, 'sheet.png\n']);
  const { data, info } = await sharp(join(folder, 'sheet.png')).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([18 + 9 * 50, 18 + 50]);
  const tile = (place: number) =>
    Array.from({ length: 32 * 32 }, (_, i) => {
      const [x, y] = [18 + place * 50 + (i % 32), 18 + Math.floor(i / 32)];
      return data[info.channels * (y * info.width + x)]!;
    });
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const spread = (values: number[]) => mean(values.map((value) => (value - mean(values)) ** 2));
  expect(tile(1).toReversed()).toEqual(tile(0)); // turned by half
  expect(mean(tile(2))).toBe(255);
  expect(spread(tile(3))).toBeLessThan(spread(tile(4))); // from afar less is left than from near
  expect(Math.abs(mean(tile(8)) - (255 - mean(tile(6))))).toBeLessThan(1); // as a negative: halves round to even
  const webp = await run('sheet', 'turned.png', '--out', 'sheet.webp', '--across', '1');
  expect(webp.code).toBe(0);
  expect((await sharp(join(folder, 'sheet.webp')).metadata()).width).toBe(18 + 2 * 146);
});

test('what makes no sheet is refused in words', async () => {
  expect((await run('sheet', 'plain.png')).err).toContain('does not say that it is an anagram or a hybrid');
  expect((await run('sheet', 'turned.png', '--out', 'sheet.gif')).err).toContain('ends in .png or .webp');
  expect((await run('sheet', 'turned.png', '--across', '0')).err).toContain('a whole number from 1 to 16');
});
