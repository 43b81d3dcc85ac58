import { pictureFiles } from '#platform/pictures';
import { ShapeError } from '../errors.ts';
import { checkNumber, checkObject } from '../tensor/check.ts';
import { expectPicture, type Picture } from './check.ts';
import { rgb } from './picture.ts';

/** How one picture becomes another when it is turned: as a whole, by its pixels, or by their colours. */
export interface Turning {
  readonly turned: Picture;
  /** A CSS transform made of rotate(…deg), scaleX(-1) and scaleY(-1), when the picture turns as a whole. */
  readonly css?: string | undefined;
  /** For each pixel of `turned`, the index of the one it comes from, when pixels move. */
  readonly sources?: Int32Array | undefined;
}

/** How fast a picture turns. */
export interface Timing {
  /** Frames from one rest to the other. */
  readonly steps?: number;
  /** How long a frame is shown, in milliseconds. */
  readonly stepMs?: number;
  /** How long it rests, in milliseconds. */
  readonly dwellMs?: number;
}

/** Frames of one size, RGB, and how long each is shown. */
export interface Film {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Uint8Array[];
  readonly delaysMs: readonly number[];
  /** 0 at rest as it is, 1 at rest turned: of each frame. */
  readonly progress: readonly number[];
}

/** Dwell, turn, dwell, turn back: for ever. Speeds up and slows down. */
export function turningFrames(upright: Picture, turn: Turning, timing: Timing = {}): Film {
  expectPicture('upright', upright);
  expectPicture('turned', turn.turned);
  if (upright.width !== turn.turned.width || upright.height !== turn.turned.height)
    throw new ShapeError(
      'turned',
      [turn.turned.height, turn.turned.width],
      `[${upright.height}, ${upright.width}] like the other`,
    );
  const from = rgb(upright);
  const at = motion(from, { ...turn, turned: rgb(turn.turned) });
  return thereAndBack(from, at, timing);
}

/** A hybrid that goes away from the eye until it is `least` of its size, and comes back. */
export function zoomingFrames(
  picture: Picture,
  { least = 1 / 8, ...timing }: Timing & { least?: number } = {},
): Film {
  const near = rgb(picture);
  // Steps of equal ratio look like an even pace.
  return thereAndBack(
    near,
    (progress) => transformed(near, 1 / least ** progress, 0, 0, 1 / least ** progress),
    timing,
  );
}

function thereAndBack(
  { width, height }: Picture,
  at: (progress: number) => Uint8Array,
  timing: Timing,
): Film {
  checkObject('options', timing, 'options, as in { steps: 12 }');
  const { steps = 16, stepMs = 50, dwellMs = 1200 } = timing;
  checkNumber('steps', steps, { whole: true, min: 1, max: 1000 });
  checkNumber('stepMs', stepMs, { min: 1, max: 60_000 });
  checkNumber('dwellMs', dwellMs, { min: 1, max: 60_000 });
  const there = Array.from({ length: steps + 1 }, (_, i) => (1 - Math.cos((Math.PI * i) / steps)) / 2);
  const back = <T>(way: readonly T[]): T[] => [...way, ...way.slice(1, -1).reverse()];
  const progress = back(there);
  return {
    width,
    height,
    frames: back(there.map(at)),
    delaysMs: progress.map((_, i) => (i === 0 || i === steps ? dwellMs : stepMs)),
    progress,
  };
}

/** The picture on its way, as a function of progress. */
function motion(from: Picture, { turned, css, sources }: Turning): (progress: number) => Uint8Array {
  const rest = (move: (progress: number) => Uint8Array) => (progress: number) =>
    progress === 0 ? from.data : progress === 1 ? turned.data : move(progress);
  if (css) return rest((progress) => turnedPartly(from, css, progress));
  if (sources) return rest((progress) => moved(from, turned.data, sources, progress));
  return rest((progress) => mix(from, turned, progress));
}

/**
 * An animation that dwells on the one picture, passes into the other, dwells, and comes back: an anagram under any view,
 * as a WebP that loops for ever.
 *
 * @param turned  of the size of `upright`
 */
export async function turningWebp(
  upright: Picture,
  turned: Picture,
  options: Timing = {},
): Promise<Uint8Array> {
  checkObject('options', options, 'options, as in { steps: 12 }');
  return await pictureFiles.animatedWebp({
    ...turningFrames(upright, { turned }, { steps: 12, ...options }),
    quality: 90,
  });
}

const mix = (a: Picture, b: Picture, amount: number): Uint8Array =>
  Uint8Array.from(a.data, (v, i) => Math.round(v + amount * (b.data[i]! - v)));

const PAPER = 255;

/** Every pixel on the straight line from where it was to where it goes; those that go farthest lie on top. */
function moved({ width }: Picture, turned: Uint8Array, sources: Int32Array, progress: number): Uint8Array {
  const data = new Uint8Array(turned.length).fill(PAPER);
  const ways = Array.from(sources, (source, place) => {
    const [y, x] = [Math.floor(place / width), place % width];
    const [fromY, fromX] = [Math.floor(source / width), source % width];
    return { place, y, x, fromY, fromX, length: Math.hypot(y - fromY, x - fromX) };
  });
  for (const { place, y, x, fromY, fromX } of ways.sort((a, b) => a.length - b.length)) {
    const row = Math.round(fromY + progress * (y - fromY));
    const column = Math.round(fromX + progress * (x - fromX));
    data.set(turned.subarray(3 * place, 3 * place + 3), 3 * (row * width + column));
  }
  return data;
}

/** A CSS transform part of the way: angles grow, mirrors turn on their axis. */
export function turnedPartly(picture: Picture, css: string, progress: number): Uint8Array {
  let [a, b, c, d] = [1, 0, 0, 1];
  // The picture point that is shown at a place: the inverse of the transform, whose parts are undone from the outside in.
  for (const [, name, value] of css.matchAll(/(\w+)\(([-\d.]+)/g)) {
    const angle = (name === 'rotate' ? Number(value) * progress * Math.PI : 0) / 180;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const squeezed = 1 - 2 * progress;
    const scale = Math.abs(squeezed) < 0.02 ? 0.02 : squeezed;
    const [sx, sy] = [name === 'scaleX' ? 1 / scale : 1, name === 'scaleY' ? 1 / scale : 1];
    // Undone: first turned back by the angle, then unsqueezed.
    [a, b, c, d] = [
      sx * (cos * a + sin * c),
      sx * (cos * b + sin * d),
      sy * (-sin * a + cos * c),
      sy * (-sin * b + cos * d),
    ];
  }
  return transformed(picture, a, b, c, d);
}

/** At (x, y) from the middle stands what was at (a·x + b·y, c·x + d·y); between pixels what lies around, paper beyond. */
function transformed(
  { width, height, data }: Picture,
  a: number,
  b: number,
  c: number,
  d: number,
): Uint8Array {
  const result = new Uint8Array(data.length).fill(PAPER);
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  // Where many pixels meet in one, their mean: samples to a side.
  const samples = Math.max(1, Math.min(8, Math.ceil(Math.max(Math.hypot(a, c), Math.hypot(b, d)) - 0.01)));
  // As far as a pixel of the result reaches in the picture, and the share of a pixel that lies between two.
  const [reachX, reachY] = [(Math.abs(a) + Math.abs(b)) / 2 + 1, (Math.abs(c) + Math.abs(d)) / 2 + 1];
  const sum = new Float64Array(3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [farX, farY] = [a * (x - middleX) + b * (y - middleY), c * (x - middleX) + d * (y - middleY)];
      if (Math.abs(farX) > width / 2 + reachX || Math.abs(farY) > height / 2 + reachY) continue;
      sum.fill(0);
      for (let k = 0; k < samples ** 2; k++) {
        const dx = ((k % samples) + 0.5) / samples - 0.5;
        const dy = (Math.floor(k / samples) + 0.5) / samples - 0.5;
        addSample(
          sum,
          { width, height, data },
          middleX + farX + a * dx + b * dy,
          middleY + farY + c * dx + d * dy,
        );
      }
      for (let channel = 0; channel < 3; channel++)
        result[3 * (y * width + x) + channel] = Math.round(sum[channel]! / samples ** 2);
    }
  }
  return result;
}

/** Adds the colour at a place between four pixels. */
function addSample(
  sum: Float64Array,
  { width, height, data }: Pick<Picture, 'width' | 'height' | 'data'>,
  x: number,
  y: number,
): void {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  for (let k = 0; k < 4; k++) {
    const [column, row] = [left + (k & 1), top + (k >> 1)];
    const share = (k & 1 ? x - left : 1 - (x - left)) * (k >> 1 ? y - top : 1 - (y - top));
    const inside = row >= 0 && row < height && column >= 0 && column < width;
    const at = 3 * (row * width + column);
    for (let channel = 0; channel < 3; channel++)
      sum[channel]! += share * (inside ? data[at + channel]! : PAPER);
  }
}

/** Each frame with a strip of RGB below it. */
export function captionedFrames(
  animation: Film,
  stripHeight: number,
  strip: (progress: number) => Uint8Array,
): Film {
  const { height, frames, progress } = animation;
  return {
    ...animation,
    height: height + stripHeight,
    frames: frames.map((frame, i) => {
      const below = strip(progress[i]!);
      const whole = new Uint8Array(frame.length + below.length);
      whole.set(frame);
      whole.set(below, frame.length);
      return whole;
    }),
  };
}
