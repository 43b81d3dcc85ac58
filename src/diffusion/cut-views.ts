import { type PixelPlace, permutation, squarePermutation } from './permutation.ts';

/** A quarter turn to the right, `times` over, about the middle of a square: where the pixel shown at (y, x) comes from. */
function quarterTurns(y: number, x: number, size: number, times: number): PixelPlace {
  let place: PixelPlace = [y, x];
  for (let i = 0; i < times; i++) place = [size - 1 - place[1], place[0]];
  return place;
}

/** Rings around the middle, an eighth of the width each; the turn of a ring, in quarters, from the inside out. */
const RING_TURNS = [2, 1, 0, 3, 0, 0];

/** Concentric rings, turned by quarters: like the dial of a safe. */
export const rings = squarePermutation('rings', 'with its rings turned', (y, x, size) => {
  const [dy, dx] = [2 * y - size + 1, 2 * x - size + 1];
  // In whole numbers, for a ring has to be the same after a quarter turn.
  const ring = Math.floor((8 * Math.sqrt(dy * dy + dx * dx)) / (2 * size));
  return quarterTurns(y, x, size, RING_TURNS[ring] ?? 0);
});

/**
 * Nine squares, each turned by a quarter, neighbours the other way round, as if they hung together at their corners.
 * What is left over where the side is no multiple of three stays.
 */
export const squareHinge = squarePermutation(
  'square_hinge',
  'with its nine squares hinged over',
  (y, x, size) => {
    const side = Math.floor(size / 3);
    const [row, column] = [Math.floor(y / side), Math.floor(x / side)];
    if (side === 0 || row > 2 || column > 2) return [y, x];
    const turned = quarterTurns(y % side, x % side, side, (row + column) % 2 === 0 ? 1 : 3);
    return [row * side + turned[0], column * side + turned[1]];
  },
);

const SLATS = 8;

/** Eight upright slats, every other one upside down: a blind that is half turned. */
export const slats = permutation('slats', 'with every other slat upside down', (y, x, h, w) => {
  const slat = Math.floor((x * SLATS) / w);
  return slat % 2 === 0 ? [y, x] : [h - 1 - y, x];
});

/** A piece of a 4 × 4 jigsaw: its kind, and by how many quarter turns to the right it follows the first of its kind. */
type Piece = readonly [kind: number, quarter: number];

/** Corners, the two pieces of an edge, inner pieces: turned by a quarter, each is the next one of its kind. */
const PIECES: readonly (readonly Piece[])[] = [
  [
    [0, 0],
    [1, 0],
    [2, 0],
    [0, 1],
  ],
  [
    [2, 3],
    [3, 0],
    [3, 1],
    [1, 1],
  ],
  [
    [1, 3],
    [3, 3],
    [3, 2],
    [2, 1],
  ],
  [
    [0, 3],
    [2, 2],
    [1, 2],
    [0, 2],
  ],
];
/** Which of its kind lies in the place of the first, second, third, fourth one. */
const LAID: readonly (readonly number[])[] = [
  [1, 0, 2, 3],
  [2, 3, 1, 0],
  [1, 0, 3, 2],
  [1, 0, 3, 2],
];

/**
 * The piece of a pixel. The tabs are discs on the borders, and the whole pattern stays what it is when it is turned by a
 * quarter, so that pieces of one kind fit in each other's places.
 *
 * @param y, x  from the middle, in pieces: −2 … 2
 */
function pieceAt(y: number, x: number): Piece {
  for (let back = 0, [v, u] = [y, x]; back < 4; back++, [v, u] = [-u, v]) {
    const tab = TABS.find(([ty, tx]) => (v - ty) ** 2 + (u - tx) ** 2 < TAB ** 2);
    if (!tab) continue;
    const [kind, quarter] = PIECES[tab[2]]![tab[3]]!;
    return [kind, (quarter + back) % 4];
  }
  return PIECES[Math.floor(y + 2)]![Math.floor(x + 2)]!;
}

const TAB = 0.17;
/** How far the middle of a tab stands beyond the border, in pieces. */
const OUT = 0.1;
/** A tab on each of six borders, from which the others come by turning: its middle, and the row and column it belongs to. */
const TABS: readonly (readonly [y: number, x: number, row: number, column: number])[] = [
  [-1.5, -1 + OUT, 0, 0],
  [-0.5, -1 - OUT, 1, 1],
  [0.5, -1 + OUT, 2, 0],
  [1.5, -1 - OUT, 3, 1],
  [-1.5, OUT, 0, 1],
  [-0.5, -OUT, 1, 2],
];

/** A jigsaw of sixteen pieces with tabs, laid anew: corners into corners, edges into edges. */
export const jigsaw = permutation(
  'jigsaw',
  'with its jigsaw laid anew',
  (y, x, size) => {
    const [kind, place] = pieceAt((4 * (y + 0.5)) / size - 2, (4 * (x + 0.5)) / size - 2);
    return quarterTurns(y, x, size, (4 + place - LAID[kind]![place]!) % 4);
  },
  {
    fits: {
      words: 'a square one whose side is a multiple of 4, for its 4 × 4 pieces',
      test: (h, w) => h === w && h % 4 === 0,
    },
  },
);
