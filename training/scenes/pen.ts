import type { SKRSContext2D } from '@napi-rs/canvas';
import { type Colour, css } from './colour.ts';

export type Point = readonly [number, number];
type Gradient = ReturnType<SKRSContext2D['createLinearGradient']>;
export type Paint = Colour | Gradient;
/** position in [0, 1], colour, opacity (1 if absent) */
export type Stop = readonly [number, Colour, number?];

/** Draws on the unit square, y downwards. Everything in scenes/ is said in these few words. */
export class Pen {
  readonly g: SKRSContext2D;

  constructor(g: SKRSContext2D) {
    this.g = g;
  }

  private use(paint: Paint): string | Gradient {
    return Array.isArray(paint) ? css(paint as unknown as Colour) : (paint as string | Gradient);
  }

  rect(x: number, y: number, w: number, h: number, paint: Paint): void {
    this.g.fillStyle = this.use(paint);
    this.g.fillRect(x, y, w, h);
  }

  /** The whole picture and a margin for the camera's shake. */
  cover(paint: Paint): void {
    this.rect(-0.1, -0.1, 1.2, 1.2, paint);
  }

  /** From a height to the bottom. */
  below(y: number, paint: Paint): void {
    this.rect(-0.1, y, 1.2, 1.1 - y, paint);
  }

  ellipse(x: number, y: number, a: number, b: number, paint: Paint, turn = 0): void {
    this.g.beginPath();
    this.g.ellipse(x, y, Math.max(a, 1e-4), Math.max(b, 1e-4), turn, 0, 2 * Math.PI);
    this.g.fillStyle = this.use(paint);
    this.g.fill();
  }

  dot(x: number, y: number, radius: number, paint: Paint): void {
    this.ellipse(x, y, radius, radius, paint);
  }

  ring(x: number, y: number, a: number, b: number, width: number, paint: Paint): void {
    this.g.beginPath();
    this.g.ellipse(x, y, a, b, 0, 0, 2 * Math.PI);
    this.stroke(width, paint);
  }

  poly(points: readonly Point[], paint: Paint): void {
    this.trace(points);
    this.g.closePath();
    this.g.fillStyle = this.use(paint);
    this.g.fill();
  }

  line(points: readonly Point[], width: number, paint: Paint): void {
    this.trace(points);
    this.stroke(width, paint);
  }

  curve(from: Point, by: Point, to: Point, width: number, paint: Paint): void {
    this.g.beginPath();
    this.g.moveTo(...from);
    this.g.quadraticCurveTo(...by, ...to);
    this.stroke(width, paint);
  }

  /** A filled outline: a start, then pieces of two (line), four (quadratic) or six (cubic) numbers. */
  shape(start: Point, pieces: readonly (readonly number[])[], paint: Paint): void {
    this.outline(start, pieces);
    this.g.fillStyle = this.use(paint);
    this.g.fill();
  }

  outline(start: Point, pieces: readonly (readonly number[])[]): void {
    const { g } = this;
    g.beginPath();
    g.moveTo(...start);
    for (const p of pieces) {
      if (p.length === 2) g.lineTo(p[0]!, p[1]!);
      else if (p.length === 4) g.quadraticCurveTo(p[0]!, p[1]!, p[2]!, p[3]!);
      else g.bezierCurveTo(p[0]!, p[1]!, p[2]!, p[3]!, p[4]!, p[5]!);
    }
    g.closePath();
  }

  /** Draws inside the last outline only. */
  inside(draw: () => void): void {
    this.g.save();
    this.g.clip();
    draw();
    this.g.restore();
  }

  at(x: number, y: number, turn: number, scale: number | Point, draw: () => void): void {
    this.g.save();
    this.g.translate(x, y);
    this.g.rotate(turn);
    if (typeof scale === 'number') this.g.scale(scale, scale);
    else this.g.scale(...scale);
    draw();
    this.g.restore();
  }

  /** Left and right changed around the vertical through x. */
  mirrored(when: boolean, draw: () => void, x = 0.5): void {
    this.g.save();
    if (when) {
      this.g.translate(2 * x, 0);
      this.g.scale(-1, 1);
    }
    draw();
    this.g.restore();
  }

  linear(x0: number, y0: number, x1: number, y1: number, stops: readonly Stop[]): Gradient {
    const gradient = this.g.createLinearGradient(x0, y0, x1, y1);
    for (const [at, colour, alpha] of stops) gradient.addColorStop(at, css(colour, alpha ?? 1));
    return gradient;
  }

  /** Top to bottom. */
  down(y0: number, y1: number, top: Colour, bottom: Colour): Gradient {
    return this.linear(0, y0, 0, y1, [
      [0, top],
      [1, bottom],
    ]);
  }

  /** Left to right. */
  across(x0: number, x1: number, left: Colour, right: Colour): Gradient {
    return this.linear(x0, 0, x1, 0, [
      [0, left],
      [1, right],
    ]);
  }

  radial(x: number, y: number, inner: number, outer: number, stops: readonly Stop[]): Gradient {
    const gradient = this.g.createRadialGradient(x, y, inner, x, y, outer);
    for (const [at, colour, alpha] of stops) gradient.addColorStop(at, css(colour, alpha ?? 1));
    return gradient;
  }

  /** Light that fades away from a point. */
  glow(x: number, y: number, radius: number, colour: Colour, strength: number): void {
    this.cover(
      this.radial(x, y, 0, radius, [
        [0, colour, strength],
        [0.3, colour, strength * 0.45],
        [1, colour, 0],
      ]),
    );
  }

  private trace(points: readonly Point[]): void {
    this.g.beginPath();
    for (const [i, [x, y]] of points.entries()) {
      if (i) this.g.lineTo(x, y);
      else this.g.moveTo(x, y);
    }
  }

  private stroke(width: number, paint: Paint): void {
    this.g.lineWidth = width;
    this.g.lineCap = 'round';
    this.g.lineJoin = 'round';
    this.g.strokeStyle = this.use(paint);
    this.g.stroke();
  }
}
