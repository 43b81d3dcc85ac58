import type { Point } from './hand.ts';

/** A mask as it is painted: SIZE × SIZE bytes, 255 may change, 0 is kept. Four of its pixels are one of the model's. */
export type Mask = Uint8ClampedArray<ArrayBuffer>;
export const SIZE = 256;
/** Width of what the model sees. */
export const SEEN = 64;
const PER_SEEN = SIZE / SEEN;

export interface Brush {
  readonly radius: number;
  /** 1: a disc with a sharp edge; 0: soft from the middle on. */
  readonly hardness: number;
  /** Paints, or takes away. */
  readonly erases: boolean;
}

export const emptyMask = (): Mask => new Uint8ClampedArray(SIZE * SIZE);

/** A press of the brush: it adds where it is stronger than what is there, and never takes away (an eraser the reverse). */
export function stamp(mask: Mask, { x, y }: Point, { radius, hardness, erases }: Brush): void {
  const hard = radius * hardness;
  const soft = Math.max(radius - hard, 0.5);
  for (let py = Math.max(0, Math.floor(y - radius)); py <= Math.min(SIZE - 1, Math.ceil(y + radius)); py++) {
    for (
      let px = Math.max(0, Math.floor(x - radius));
      px <= Math.min(SIZE - 1, Math.ceil(x + radius));
      px++
    ) {
      const strength =
        255 * Math.min(1, Math.max(0, 1 - (Math.hypot(px + 0.5 - x, py + 0.5 - y) - hard) / soft));
      const i = py * SIZE + px;
      mask[i] = erases ? Math.min(mask[i]!, 255 - strength) : Math.max(mask[i]!, strength);
    }
  }
}

/** Presses so close that they make a line. */
export function stroke(mask: Mask, from: Point, to: Point, brush: Brush): void {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const presses = Math.max(1, Math.ceil(length / Math.max(1, brush.radius / 4)));
  for (let i = 1; i <= presses; i++) {
    stamp(
      mask,
      { x: from.x + ((to.x - from.x) * i) / presses, y: from.y + ((to.y - from.y) * i) / presses },
      brush,
    );
  }
}

/** What lies inside a closed outline, by the even-odd rule at the middle of each pixel. */
export function fillOutline(mask: Mask, outline: readonly Point[], value = 255): void {
  for (let py = 0; py < SIZE; py++) {
    const crossings = outline.flatMap((a, i) => {
      const b = outline[(i + 1) % outline.length]!;
      const y = py + 0.5;
      return a.y <= y === b.y <= y ? [] : [a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)];
    });
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i]! - 0.5));
      const to = Math.min(SIZE, Math.ceil(crossings[i + 1]! - 0.5));
      mask.fill(value, py * SIZE + from, Math.max(py * SIZE + from, py * SIZE + to));
    }
  }
}

export const rectangle = (a: Point, b: Point): Point[] => [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];

/**
 * Fills what hangs together with a place: unpainted, and of a colour like that of the place.
 *
 * @param colours  RGBA of the picture below, SIZE × SIZE
 * @param tolerance  0 the same colour … 1 any colour, so that only painted edges stop it
 */
export function pour(mask: Mask, { x, y }: Point, colours: Uint8ClampedArray, tolerance: number): void {
  const at = (px: number, py: number) =>
    Math.min(SIZE - 1, Math.max(0, Math.floor(py))) * SIZE + Math.min(SIZE - 1, Math.max(0, Math.floor(px)));
  const start = at(x, y);
  const [r, g, b] = [colours[4 * start]!, colours[4 * start + 1]!, colours[4 * start + 2]!];
  const farthest = tolerance * Math.sqrt(3) * 255;
  const alike = (i: number) =>
    Math.hypot(colours[4 * i]! - r, colours[4 * i + 1]! - g, colours[4 * i + 2]! - b) <= farthest;
  const waiting = [start];
  const seen = new Uint8Array(mask.length);
  seen[start] = 1;
  while (waiting.length > 0) {
    const i = waiting.pop()!;
    mask[i] = 255;
    const column = i % SIZE;
    for (const next of [column > 0 ? i - 1 : -1, column < SIZE - 1 ? i + 1 : -1, i - SIZE, i + SIZE]) {
      if (next < 0 || next >= mask.length || seen[next] || mask[next]! > 127 || !alike(next)) continue;
      seen[next] = 1;
      waiting.push(next);
    }
  }
}

export const inverted = (mask: Mask): Mask => mask.map((value) => 255 - value) as Mask;

/** A soft edge: three box blurs of the radius, which come close to a Gaussian. */
export function feathered(mask: Mask, radius: number): Mask {
  if (radius < 1) return mask;
  let result = mask;
  for (let pass = 0; pass < 3; pass++) result = boxed(boxed(result, radius, 1, SIZE), radius, SIZE, 1);
  return result;
}

/** Running mean along one direction; the edge goes on beyond the picture. */
function boxed(mask: Mask, radius: number, along: number, across: number): Mask {
  const result = emptyMask();
  const width = 2 * radius + 1;
  for (let line = 0; line < SIZE; line++) {
    const value = (i: number) => mask[line * across + Math.min(SIZE - 1, Math.max(0, i)) * along]!;
    let sum = 0;
    for (let i = -radius; i <= radius; i++) sum += value(i);
    for (let i = 0; i < SIZE; i++) {
      result[line * across + i * along] = sum / width;
      sum += value(i + radius + 1) - value(i - radius);
    }
  }
  return result;
}

/** As the model will use it: its pixel may change where any of it is painted by half or more (`loadMask`). SEEN × SEEN, 0 or 1. */
export function asSeen(mask: Mask): Uint8Array {
  const seen = new Uint8Array(SEEN * SEEN);
  for (let y = 0; y < SEEN; y++) {
    for (let x = 0; x < SEEN; x++) {
      let most = 0;
      for (let i = 0; i < PER_SEEN * PER_SEEN; i++) {
        const at = (y * PER_SEEN + Math.floor(i / PER_SEEN)) * SIZE + x * PER_SEEN + (i % PER_SEEN);
        most = Math.max(most, mask[at]!);
      }
      seen[y * SEEN + x] = most >= 127.5 ? 1 : 0;
    }
  }
  return seen;
}

/** How much of the model's picture may change, 0 … 1. */
export const share = (mask: Mask): number =>
  asSeen(mask).reduce((sum, value) => sum + value, 0) / (SEEN * SEEN);
