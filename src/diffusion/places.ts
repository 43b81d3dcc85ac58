import { checkNumber } from '../tensor/check.ts';
import { checkView, type View } from './view.ts';

/**
 * Where the pixels come from that a view shows: for each place, row by row, the index of its source. Found by looking at
 * pictures whose values are their own places, so that it holds for any view.
 *
 * @returns undefined for a view that does something else than move pixels
 * @throws {ShapeError} for a size that the view does not take
 */
export function sourcesOf(view: View, h: number, w: number): Int32Array | undefined {
  checkView(view);
  for (const [name, side] of Object.entries({ h, w }))
    checkNumber(name, side, { whole: true, min: 1, max: 4096 });
  const plane = h * w;
  // From 1, so that a sign shows; float32 holds these numbers exactly.
  const data = Float32Array.from({ length: 3 * plane }, (_, i) => (i % plane) + 1);
  const seen = view.apply({ data, shape: [1, 3, h, w] }).data;
  const sources = new Int32Array(plane);
  const taken = new Uint8Array(plane);
  for (let i = 0; i < plane; i++) {
    const source = seen[i]! - 1;
    const moved = seen[i] === seen[plane + i] && seen[i] === seen[2 * plane + i];
    if (!moved || !Number.isInteger(source) || source < 0 || source >= plane || taken[source])
      return undefined;
    taken[source] = 1;
    sources[i] = source;
  }
  // Channels that change places look alike here, unless each says which it is.
  const channels = Float32Array.from({ length: 3 * plane }, (_, i) => Math.floor(i / plane));
  const kept = view.apply({ data: channels, shape: [1, 3, h, w] }).data.every((c, i) => c === channels[i]);
  return kept ? sources : undefined;
}

/** Between the places (y, x) and (y + dy, x + dx) the picture has to be cut before the view can be laid out. */
export interface Cut {
  readonly y: number;
  readonly x: number;
  readonly dy: 0 | 1;
  readonly dx: 0 | 1;
}

/**
 * Where scissors go: between neighbours of the picture that are none any more as the view shows it.
 *
 * @param sources  of a view, as `sourcesOf` gives them, for pictures w pixels wide
 */
export function cutsOf(sources: Int32Array, w: number): Cut[] {
  const h = sources.length / w;
  const shownAt = new Int32Array(sources.length);
  for (const [place, source] of sources.entries()) shownAt[source] = place;
  /** Which way lies, as the view shows it, what lay right of (y, x) or below it; undefined when it is no neighbour. */
  const way = (y: number, x: number, dy: number, dx: number): string | undefined => {
    if (y < 0 || x < 0 || y + dy >= h || x + dx >= w) return undefined;
    const [from, to] = [shownAt[y * w + x]!, shownAt[(y + dy) * w + x + dx]!];
    const [shownDy, shownDx] = [Math.floor(to / w) - Math.floor(from / w), (to % w) - (from % w)];
    return Math.abs(shownDy) + Math.abs(shownDx) === 1 ? `${shownDy} ${shownDx}` : undefined;
  };
  const cuts: Cut[] = [];
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      for (const [dy, dx] of [
        [0, 1],
        [1, 0],
      ] as const) {
        if (y + dy >= h || x + dx >= w) continue;
        const kept = way(y, x, dy, dx);
        // Pieces that meet again by chance, at a corner, went different ways: nothing before or behind went this one.
        const beside = [way(y - dy, x - dx, dy, dx), way(y + dy, x + dx, dy, dx)].filter((found) => found);
        const seam = beside.length === 0 || beside.includes(kept);
        if (kept === undefined || !seam) cuts.push({ y, x, dy, dx });
      }
    }
  }
  return cuts;
}

/** How many pieces there are when it is cut. */
export function piecesOf(cuts: readonly Cut[], h: number, w: number): number {
  const right = new Set(cuts.filter(({ dx }) => dx).map(({ y, x }) => y * w + x));
  const below = new Set(cuts.filter(({ dy }) => dy).map(({ y, x }) => y * w + x));
  const seen = new Uint8Array(h * w);
  let pieces = 0;
  for (let start = 0; start < h * w; start++) {
    if (seen[start]) continue;
    pieces++;
    seen[start] = 1;
    const open = [start];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const [y, x] = [Math.floor(at / w), at % w];
      const neighbours = [
        x + 1 < w && !right.has(at) ? at + 1 : -1,
        x > 0 && !right.has(at - 1) ? at - 1 : -1,
        y + 1 < h && !below.has(at) ? at + w : -1,
        y > 0 && !below.has(at - w) ? at - w : -1,
      ];
      for (const next of neighbours) {
        if (next < 0 || seen[next]) continue;
        seen[next] = 1;
        open.push(next);
      }
    }
  }
  return pieces;
}
