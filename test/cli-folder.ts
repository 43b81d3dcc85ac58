import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { beforeAll, expect } from 'vitest';

/** The command in a folder with pictures, good and bad, for the file that imports this. */

export const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
export const folder = mkdtempSync(join(tmpdir(), 'campanile-cli-'));
export const at = (name: string) => join(folder, name);

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export function start(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    texts.out += data;
  });
  child.stderr.on('data', (data) => {
    texts.err += data;
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...texts })));
  return { child, ended };
}
export const run = (...args: string[]) => start(...args).ended;

/** Ends with exit code 2 and words, without a stack trace and without a picture. */
export async function refused(args: string[], words: RegExp): Promise<void> {
  const out = at(`refused-${readdirSync(folder).length}`);
  const { code, err } = await run(...args, '--out', out);
  expect(err).toMatch(words);
  expect(err).not.toMatch(/^\s+at /m);
  expect(code).toBe(2);
  const written = existsSync(out)
    ? readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.png'))
    : [];
  expect(written).toEqual([]);
}

export const noisy = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background: { r: 40, g: 120, b: 200, alpha: 0.5 } } });

beforeAll(async () => {
  if (!existsSync(main)) throw new Error('dist is missing: npm run build');
  await noisy(100, 80).png().toFile(at('photo.png'));
  await noisy(1, 1).png().toFile(at('pixel.png'));
  await noisy(9000, 7500).png().toFile(at('huge.png'));
  await noisy(64, 64, 4).png().toFile(at('transparent.png'));
  await noisy(80, 60).withMetadata({ orientation: 6 }).jpeg().toFile(at('rotated.jpg'));
  await noisy(64, 64).toColourspace('cmyk').jpeg().toFile(at('cmyk.jpg'));
  await noisy(90, 80).png().toFile(at('mask.png'));
  const pages = Buffer.alloc(64 * 128 * 3, 90).fill(200, 64 * 64 * 3);
  await sharp(pages, { raw: { width: 64, height: 128, channels: 3, pageHeight: 64 } })
    .gif({ delay: [100, 100] })
    .toFile(at('animated.gif'));
  writeFileSync(at('truncated.png'), readFileSync(at('photo.png')).subarray(0, 60));
  writeFileSync(at('words.png'), 'not a picture');
});
