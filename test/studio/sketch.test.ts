import { describe, expect, test } from 'vitest';
import { Sketch } from '../../studio/canvas/sketch.ts';
import { PAPER } from '../../studio/canvas/strokes.ts';

const lengths = ({ strokes }: Sketch) => strokes.map(({ points }) => points.length);

/** Two strokes: one by pointer, one by keys. */
const drawn = (): Sketch => {
  const sketch = new Sketch();
  sketch.press([10, 10, 0.9], true);
  sketch.extend([
    [20, 10, 0.8],
    [30, 10, 0.7],
  ]);
  sketch.lift();
  sketch.key();
  sketch.moveTo({ x: 40, y: 10 });
  sketch.key();
  return sketch;
};

describe('a drawing', () => {
  test('is strokes with their colour, size and pressure', () => {
    const sketch = drawn();
    expect(lengths(sketch)).toEqual([3, 2]);
    expect(sketch.strokes[0]).toMatchObject({ colour: sketch.colour, size: 18, simulated: true });
    expect(sketch.strokes[0]!.points[2]).toEqual([30, 10, 0.7]);
  });

  test('goes back and forward, over clearing too', () => {
    const sketch = drawn();
    sketch.clear();
    expect(lengths(sketch)).toEqual([]);
    sketch.goBack();
    expect(lengths(sketch)).toEqual([3, 2]);
    sketch.goBack();
    expect(lengths(sketch)).toEqual([3]);
    sketch.goForward();
    sketch.goForward();
    expect(lengths(sketch)).toEqual([]);
    expect(sketch.canGoForward).toBe(false);
  });

  test('a new stroke ends the way forward; a lifted pen draws nothing', () => {
    const sketch = drawn();
    sketch.goBack();
    sketch.extend([[1, 1, 1]]);
    sketch.moveTo({ x: 5, y: 5 });
    sketch.lift();
    expect(lengths(sketch)).toEqual([3]);
    sketch.key();
    sketch.lift();
    expect(sketch.canGoForward).toBe(false);
    expect(lengths(sketch)).toEqual([3, 1]);
  });

  test('by keys the pen stays on the paper', () => {
    const sketch = new Sketch();
    sketch.moveTo({ x: -8, y: PAPER + 8 });
    expect(sketch.hand).toEqual({ x: 0, y: PAPER });
  });
});
