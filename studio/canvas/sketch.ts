import { inks } from '../../site/inks.ts';
import { createStore } from '../store.ts';
import { clampedPoint, type Point } from './hand.ts';
import { PAPER, type Pressed, type Stroke } from './strokes.ts';
import { Undo } from './undo.ts';

/** The pressure of a hand that has none. */
const EVEN = 0.5;

/** The strokes of a drawing and the pen over it. Pointer and keys come to the same few methods; `version` counts what is to be drawn anew. */
export class Sketch {
  readonly version = createStore(0);
  strokes: readonly Stroke[] = [];
  /** The stroke that is being drawn. */
  current: Stroke | undefined;
  hand: Point = { x: PAPER / 2, y: PAPER / 2 };
  colour: string = inks.black;
  paper: string = inks.white;
  size = 18;
  private readonly undo = new Undo<readonly Stroke[]>();

  changed(): void {
    this.version.set((n) => n + 1);
  }

  /** The pen goes down. `simulated`: speed stands in for the pressure that the device does not tell. */
  press([x, y, pressure]: Pressed, simulated: boolean): void {
    this.hand = { x, y };
    this.current = { points: [[x, y, pressure]], colour: this.colour, size: this.size, simulated };
    this.changed();
  }

  extend(points: readonly Pressed[]): void {
    if (!this.current) return;
    this.current = { ...this.current, points: [...this.current.points, ...points] };
    this.changed();
  }

  /** By keys: the pen moves, and draws when it is down. */
  moveTo(to: Point): void {
    this.hand = clampedPoint(to, PAPER);
    this.extend([[this.hand.x, this.hand.y, EVEN]]);
    this.changed();
  }

  lift(): void {
    if (!this.current) return;
    this.replace([...this.strokes, this.current]);
  }

  /** Space: down and up in turn. */
  key(): void {
    if (this.current) this.lift();
    else this.press([this.hand.x, this.hand.y, EVEN], false);
  }

  clear = (): void => this.replace([]);
  goBack = (): void => this.show(this.undo.back(this.strokes));
  goForward = (): void => this.show(this.undo.forward(this.strokes));

  get canGoBack(): boolean {
    return this.undo.canGoBack;
  }

  get canGoForward(): boolean {
    return this.undo.canGoForward;
  }

  private replace(strokes: readonly Stroke[]): void {
    this.undo.remember(this.strokes);
    this.show(strokes);
  }

  private show(strokes: readonly Stroke[]): void {
    this.strokes = strokes;
    this.current = undefined;
    this.changed();
  }
}
