import { shareAt } from '../../site/held.ts';

/** A place on a square canvas, in its own units. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a pointer is on a square canvas of `size` units, whatever its size on the screen. */
export function placeOf(event: MouseEvent | React.MouseEvent, canvas: Element, size: number): Point {
  const [x, y] = shareAt(event, canvas);
  return { x: x * size, y: y * size };
}

/** The nearest place inside the canvas. */
export const clampedPoint = ({ x, y }: Point, size: number): Point => ({
  x: Math.min(size, Math.max(0, x)),
  y: Math.min(size, Math.max(0, y)),
});

const arrows: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A board with a hand over it, and a way back. */
export interface Board {
  readonly hand: Point;
  moveTo(to: Point): void;
  readonly goBack: () => void;
  readonly goForward: () => void;
}

/**
 * The keys that every board has: arrows move the hand by `step`, with Shift by `leap`; Control Z, Shift Control Z
 * and Control Y.
 *
 * @returns whether the key was one of them
 */
export function steer(event: React.KeyboardEvent, board: Board, step: number, leap: number): boolean {
  const arrow = arrows[event.key];
  const key = event.key.toLowerCase();
  const by = event.shiftKey ? leap : step;
  if (event.ctrlKey || event.metaKey) {
    if (key === 'z') event.shiftKey ? board.goForward() : board.goBack();
    else if (key === 'y') board.goForward();
    else return false;
  } else if (arrow) board.moveTo({ x: board.hand.x + by * arrow[0], y: board.hand.y + by * arrow[1] });
  else return false;
  event.preventDefault();
  return true;
}
