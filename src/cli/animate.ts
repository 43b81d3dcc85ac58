import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { ResourceError } from '../errors.ts';
import { captionedFrames, type Film } from '../images/turning.ts';

const raw = ({ width, height }: Film) => ({ raw: { width, height, channels: 3 as const } });

/** Frames as one sharp image of many pages. */
const joined = async (animation: Film) =>
  sharp(await Promise.all(animation.frames.map((frame) => sharp(frame, raw(animation)).png().toBuffer())), {
    join: { animated: true },
  });

export const asWebp = async (animation: Film): Promise<Buffer> =>
  (await joined(animation)).webp({ loop: 0, delay: [...animation.delaysMs], quality: 90 }).toBuffer();

export const asGif = async (animation: Film): Promise<Buffer> =>
  (await joined(animation)).gif({ loop: 0, delay: [...animation.delaysMs] }).toBuffer();

const RATE = 20;

/**
 * H.264 in MP4, by ffmpeg.
 *
 * @throws {ResourceError} when ffmpeg is not installed, or refuses
 */
export async function asMp4(animation: Film): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'campanile-'));
  const file = join(folder, 'film.mp4');
  try {
    const shown = animation.frames.flatMap((frame, i) =>
      Array.from({ length: Math.max(1, Math.round((animation.delaysMs[i]! * RATE) / 1000)) }, () => frame),
    );
    const size = `${animation.width}x${animation.height}`;
    await ffmpeg(
      [
        ...[
          '-loglevel',
          'error',
          '-f',
          'rawvideo',
          '-pix_fmt',
          'rgb24',
          '-s',
          size,
          '-r',
          String(RATE),
          '-i',
          '-',
        ],
        // Players want even sides and this kind of colour.
        ...['-vf', 'pad=ceil(iw/2)*2:ceil(ih/2)*2', '-pix_fmt', 'yuv420p', '-movflags', '+faststart', file],
      ],
      Buffer.concat(shown),
    );
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ffmpeg(args: readonly string[], input: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('ffmpeg', args, { stdio: ['pipe', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.on('data', (data) => {
      words += data;
    });
    child.on('error', (cause) =>
      reject(
        new ResourceError('ffmpeg', 'there is no ffmpeg on this machine, which MP4 needs', {
          hint: 'install ffmpeg, or take the picture as webp, gif or html',
          cause,
        }),
      ),
    );
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(
            new ResourceError('ffmpeg', `ffmpeg ended with ${code}: ${words.trim().split('\n').at(-1)}`),
          ),
    );
    // What it says about a pipe that it closed stands in its words.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** A strip of paper below the picture, with words while it rests. */
export async function withCaptions(animation: Film, upright: string, turned: string): Promise<Film> {
  const strip = async (words: string): Promise<Uint8Array> => {
    const { width } = animation;
    const size = Math.min(16, (1.7 * width) / Math.max(1, words.length));
    const escaped = words.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]!);
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${STRIP}"><rect width="100%" height="100%" fill="#fff"/><text x="50%" y="${STRIP / 2 + size / 3}" text-anchor="middle" font-family="serif" font-size="${size}" fill="#222">${escaped}</text></svg>`;
    return await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer();
  };
  const [first, second, between] = await Promise.all([strip(upright), strip(turned), strip('')]);
  return captionedFrames(animation, STRIP, (progress) =>
    progress === 0 ? first : progress === 1 ? second : between,
  );
}

const STRIP = 32;
