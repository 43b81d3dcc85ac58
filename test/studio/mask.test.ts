import { describe, expect, test } from 'vitest';
import {
  asSeen,
  emptyMask,
  feathered,
  fillOutline,
  inverted,
  pour,
  rectangle,
  SIZE,
  share,
  stamp,
  stroke,
} from '../../studio/canvas/mask.ts';
import { MaskBoard } from '../../studio/canvas/mask-board.ts';

const square = rectangle({ x: 64, y: 64 }, { x: 192, y: 192 });
const grey = new Uint8ClampedArray(4 * SIZE * SIZE).fill(128);

describe('a mask', () => {
  test('half of the width and height is a quarter of what the model sees', () => {
    const mask = emptyMask();
    fillOutline(mask, square);
    expect(share(mask)).toBe(0.25);
    expect(share(inverted(mask))).toBe(0.75);
  });

  test('a hard brush is a disc, a soft one fades from the middle', () => {
    const [hard, soft] = [emptyMask(), emptyMask()];
    stamp(hard, { x: 128, y: 128 }, { radius: 20, hardness: 1, erases: false });
    stamp(soft, { x: 128, y: 128 }, { radius: 20, hardness: 0, erases: false });
    const at = (x: number) => 128 * SIZE + x;
    expect([hard[at(128)], hard[at(145)], hard[at(150)]]).toEqual([255, 255, 0]);
    expect(soft[at(128)]).toBeGreaterThan(240);
    expect(soft[at(138)]).toBeGreaterThan(80);
    expect(soft[at(138)]).toBeLessThan(160);
  });

  test('a line has no gaps, and the eraser takes back what the brush gave', () => {
    const mask = emptyMask();
    const brush = { radius: 6, hardness: 1, erases: false };
    stroke(mask, { x: 20, y: 100 }, { x: 200, y: 100 }, brush);
    expect(mask.slice(100 * SIZE + 20, 100 * SIZE + 200).every((value) => value === 255)).toBe(true);
    stroke(mask, { x: 20, y: 100 }, { x: 200, y: 100 }, { ...brush, radius: 9, erases: true });
    expect(share(mask)).toBe(0);
  });

  test('poured at full tolerance it is stopped by painted edges alone', () => {
    const mask = emptyMask();
    for (const [from, to] of square.map((corner, i) => [corner, square[(i + 1) % 4]!] as const)) {
      stroke(mask, from, to, { radius: 3, hardness: 1, erases: false });
    }
    pour(mask, { x: 128, y: 128 }, grey, 1);
    expect(share(mask)).toBeGreaterThan(0.24);
    expect(share(mask)).toBeLessThan(0.3);
  });

  test('poured at no tolerance it stays within its colour', () => {
    const colours = grey.slice();
    for (let i = 0; i < 4 * SIZE * 32; i++) colours[i] = 200;
    const mask = emptyMask();
    pour(mask, { x: 5, y: 5 }, colours, 0);
    expect(share(mask)).toBe(32 / SIZE);
  });

  test('feathering keeps the mean, and softens the edge only', () => {
    const mask = emptyMask();
    fillOutline(mask, square);
    const soft = feathered(mask, 6);
    const sum = (values: Uint8ClampedArray) => values.reduce((total, value) => total + value, 0);
    expect(sum(soft) / sum(mask)).toBeCloseTo(1, 2);
    expect(soft[128 * SIZE + 128]).toBe(255);
    expect(soft[128 * SIZE + 64]).toBeGreaterThan(80);
    expect(soft[128 * SIZE + 64]).toBeLessThan(175);
  });

  test('a pixel of the model may change where any of it is painted, as where the mask is read', () => {
    const mask = emptyMask();
    fillOutline(mask, rectangle({ x: 0, y: 0 }, { x: 2, y: 4 }));
    fillOutline(mask, rectangle({ x: 4, y: 0 }, { x: 5, y: 4 }));
    expect([...asSeen(mask).slice(0, 3)]).toEqual([1, 1, 0]);
  });
});

describe('the board', () => {
  test('a rectangle by keys is the rectangle by pointer', () => {
    const [keys, pointer] = [new MaskBoard(), new MaskBoard()];
    for (const board of [keys, pointer]) board.choose('rectangle');
    keys.key();
    keys.moveTo({ x: 192, y: 192 });
    keys.key();
    pointer.press({ x: 128, y: 128 });
    pointer.moveTo({ x: 192, y: 192 });
    pointer.lift();
    expect(keys.mask).toEqual(pointer.mask);
    expect(share(keys.mask)).toBe(1 / 16);
  });

  test('undo and redo go through every gesture', () => {
    const board = new MaskBoard();
    const seen = [share(board.mask)];
    for (const x of [60, 120, 180]) {
      board.press({ x, y: 128 });
      board.lift();
      seen.push(share(board.mask));
    }
    board.goBack();
    board.goBack();
    expect(share(board.mask)).toBe(seen[1]);
    board.goForward();
    expect(share(board.mask)).toBe(seen[2]);
    board.invert();
    expect(board.canGoForward).toBe(false);
  });
});
