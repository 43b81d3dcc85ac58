import { getStroke } from 'perfect-freehand';
import { canvasOf, toBlob } from './canvas.ts';

export type Pressed = readonly [x: number, y: number, pressure: number];

/** A line of the drawing, kept as the hand drew it. */
export interface Stroke {
  readonly points: readonly Pressed[];
  readonly colour: string;
  readonly size: number;
  /** The device tells no pressure: speed stands in for it. */
  readonly simulated: boolean;
}

/** Width and height of the paper. */
export const PAPER = 512;

/** What is on the paper, and the paper's colour. */
export interface Drawing {
  readonly paper: string;
  readonly strokes: readonly Stroke[];
  /** The stroke that is being drawn. */
  readonly current?: Stroke | undefined;
}

export function drawStrokes(pen: CanvasRenderingContext2D, { paper, strokes, current }: Drawing): void {
  pen.fillStyle = paper;
  pen.fillRect(0, 0, PAPER, PAPER);
  for (const stroke of current ? [...strokes, current] : strokes) {
    pen.fillStyle = stroke.colour;
    pen.fill(outlineOf(stroke));
  }
}

/** The drawing as a PNG. */
export function drawn(drawing: Drawing): Promise<Blob> {
  const { canvas, pen } = canvasOf(PAPER, PAPER);
  drawStrokes(pen, drawing);
  return toBlob(canvas);
}

function outlineOf({ points, size, simulated }: Stroke): Path2D {
  const outline = getStroke(
    points.map((point) => [...point]),
    { size, thinning: 0.5, smoothing: 0.5, streamline: 0.4, simulatePressure: simulated },
  );
  const path = new Path2D();
  const [first] = outline;
  if (!first) return path;
  path.moveTo(first[0]!, first[1]!);
  for (const [i, [x, y]] of outline.entries()) {
    const [nextX, nextY] = outline[(i + 1) % outline.length]!;
    path.quadraticCurveTo(x!, y!, (x! + nextX!) / 2, (y! + nextY!) / 2);
  }
  path.closePath();
  return path;
}
