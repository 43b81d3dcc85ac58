import { checkImages } from '../tensor/check.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { jigsaw, rings, slats, squareHinge } from './cut-views.ts';
import { type PixelPlace, permutation, shuffledBlocks, squarePermutation } from './permutation.ts';
import { hueTurn, recolouring } from './recolouring.ts';
import { records } from './records.ts';
import type { View } from './view.ts';

const turned = (y: number, x: number, h: number, w: number): PixelPlace => [h - 1 - y, w - 1 - x];

const same = (x: Tensor): Tensor => {
  checkImages('picture under the view identity', x);
  return x;
};
const mod = (a: number, n: number): number => ((a % n) + n) % n;

/** All views, by the name that options and forms use. Each keeps lengths, so that noise seen through it stays noise. */
export const views = records<View>()({
  identity: {
    name: 'identity',
    gesture: 'as it is',
    css: 'none',
    apply: same,
    invert: same,
    invertVariance: same,
  },
  flip: permutation('flip', 'flipped upside down', (y, x, h) => [h - 1 - y, x], { css: 'scaleY(-1)' }),
  mirror: permutation('mirror', 'in a mirror', (y, x, _h, w) => [y, w - 1 - x], { css: 'scaleX(-1)' }),
  rotate180: permutation('rotate180', 'turned upside down', turned, { css: 'rotate(180deg)' }),
  rotate_cw: squarePermutation(
    'rotate_cw',
    'turned to the right',
    (y, x, size) => [size - 1 - x, y],
    'rotate(90deg)',
  ),
  rotate_ccw: squarePermutation(
    'rotate_ccw',
    'turned to the left',
    (y, x, size) => [x, size - 1 - y],
    'rotate(-90deg)',
  ),
  transpose: squarePermutation(
    'transpose',
    'flipped about its diagonal',
    (y, x) => [x, y],
    'rotate(90deg) scaleY(-1)',
  ),
  anti_transpose: squarePermutation(
    'anti_transpose',
    'flipped about its other diagonal',
    (y, x, size) => [size - 1 - x, size - 1 - y],
    'rotate(-90deg) scaleY(-1)',
  ),
  // Column i slides down by 1.5·(i − size/2), rounded toward zero, and comes in again at the top.
  skew: squarePermutation('skew', 'sheared', (y, x, size) => [
    mod(y - Math.trunc(1.5 * (x - size / 2)), size),
    x,
  ]),
  // A disc of 3/8 of the width, turned by 180°.
  inner_circle: squarePermutation('inner_circle', 'with its inner disc turned', (y, x, size) => {
    const centre = (size - 1) / 2;
    return Math.hypot(y - centre, x - centre) <= (size * 3) / 8 ? turned(y, x, size, size) : [y, x];
  }),
  patch_permute: shuffledBlocks('patch_permute', 'with its 64 tiles shuffled', 8),
  pixel_permute: shuffledBlocks('pixel_permute', 'with its pixels shuffled', 64),
  half_shift: permutation('half_shift', 'cut in two and joined the other way', (y, x, _h, w) => [
    y,
    (x + Math.floor(w / 2)) % w,
  ]),
  quarter_shift: permutation('quarter_shift', 'shifted by half its width and height', (y, x, h, w) => [
    (y + Math.floor(h / 2)) % h,
    (x + Math.floor(w / 2)) % w,
  ]),
  jigsaw,
  square_hinge: squareHinge,
  slats,
  rings,
  negate: recolouring('negate', 'as a negative', [
    [-1, 0, 0],
    [0, -1, 0],
    [0, 0, -1],
  ]),
  colour_cycle: recolouring('colour_cycle', 'with its colours exchanged', [
    [0, 0, 1],
    [1, 0, 0],
    [0, 1, 0],
  ]),
  colour_cycle_back: recolouring('colour_cycle_back', 'with its colours exchanged the other way', [
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
  ]),
  swap_red_blue: recolouring('swap_red_blue', 'with red and blue exchanged', [
    [0, 0, 1],
    [0, 1, 0],
    [1, 0, 0],
  ]),
  hue_90: hueTurn(90),
  hue_180: hueTurn(180),
});

/** Name of a view. */
export type ViewName = keyof typeof views;
/** All of them, for forms and options. */
export const viewNames = Object.keys(views) as [ViewName, ...ViewName[]];
/** Leaves the picture as it is: the view of the first prompt of an anagram. */
export const identity: View = views.identity;
/** Turns the picture upside down, row by row. */
export const flip: View = views.flip;
