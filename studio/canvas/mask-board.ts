import type { IconName } from '../icons.tsx';
import { createStore } from '../store.ts';
import { clampedPoint, type Point } from './hand.ts';
import { emptyMask, fillOutline, inverted, type Mask, pour, rectangle, SIZE, stamp, stroke } from './mask.ts';
import { Undo } from './undo.ts';

export type ToolName = 'brush' | 'eraser' | 'lasso' | 'rectangle' | 'bucket';

/** How a tool takes a gesture: `paint` follows it, `outline` and `corners` fill what it encloses, `place` acts where it begins. */
interface Tool {
  readonly name: ToolName;
  readonly key: string;
  readonly icon: IconName;
  readonly gesture: 'paint' | 'outline' | 'corners' | 'place';
  /** For those who work with keys. */
  readonly keys: string;
}

export const tools: readonly Tool[] = [
  {
    name: 'brush',
    key: 'b',
    icon: 'brush',
    gesture: 'paint',
    keys: 'Space puts the brush down and lifts it',
  },
  {
    name: 'eraser',
    key: 'e',
    icon: 'eraser',
    gesture: 'paint',
    keys: 'Space puts the eraser down and lifts it',
  },
  {
    name: 'lasso',
    key: 'l',
    icon: 'lasso',
    gesture: 'outline',
    keys: 'Space sets a corner, Enter closes the outline',
  },
  {
    name: 'rectangle',
    key: 'r',
    icon: 'rectangle',
    gesture: 'corners',
    keys: 'Space sets the first and the second corner',
  },
  { name: 'bucket', key: 'g', icon: 'bucket', gesture: 'place', keys: 'Space pours' },
];

/** The mask and the hand over it. Pointer and keys come to the same few methods; `version` counts what is to be drawn anew. */
export class MaskBoard {
  readonly version = createStore(0);
  mask: Mask = emptyMask();
  tool: Tool = tools[0]!;
  radius = 16;
  hardness = 0.8;
  tolerance = 0.15;
  hand: Point = { x: SIZE / 2, y: SIZE / 2 };
  /** Corners of an outline under way. */
  outline: readonly Point[] = [];
  down = false;
  /** RGBA of the picture below. */
  colours = new Uint8ClampedArray(4 * SIZE * SIZE);
  private readonly undo = new Undo<Mask>();

  changed(): void {
    this.version.set((n) => n + 1);
  }

  choose(name: ToolName): void {
    this.tool = tools.find((tool) => tool.name === name)!;
    this.outline = [];
    this.down = false;
    this.changed();
  }

  /** The hand goes down: a pointer is pressed, or Space. */
  press(at: Point = this.hand): void {
    this.hand = at;
    this.down = true;
    this.undo.remember(this.mask.slice());
    if (this.tool.gesture === 'paint') stamp(this.mask, at, this.brush);
    else if (this.tool.gesture === 'place') pour(this.mask, at, this.colours, this.tolerance);
    else this.outline = [at];
    this.changed();
  }

  moveTo(to: Point): void {
    const from = this.hand;
    this.hand = clampedPoint(to, SIZE);
    if (this.down && this.tool.gesture === 'paint') stroke(this.mask, from, this.hand, this.brush);
    if (this.down && this.tool.gesture === 'outline') this.outline = [...this.outline, this.hand];
    this.changed();
  }

  /** The hand is lifted: what was outlined is filled. */
  lift(): void {
    if (!this.down) return;
    this.down = false;
    const [first] = this.outline;
    if (first)
      fillOutline(this.mask, this.tool.gesture === 'corners' ? rectangle(first, this.hand) : this.outline);
    this.outline = [];
    this.changed();
  }

  /** Space: down and up in turn; with the lasso a corner each time, which `lift` closes. */
  key(): void {
    if (this.tool.gesture === 'outline' && this.down) this.outline = [...this.outline, this.hand];
    else if (this.down) this.lift();
    else {
      this.press();
      if (this.tool.gesture === 'place') this.down = false;
    }
    this.changed();
  }

  /** The mask it begins with: nothing to go back from. */
  begin(mask: Mask): void {
    this.mask = mask;
    this.changed();
  }

  /** A change of the whole mask. */
  replace(mask: Mask): void {
    this.undo.remember(this.mask.slice());
    this.mask = mask;
    this.changed();
  }

  clear = (): void => this.replace(emptyMask());
  invert = (): void => this.replace(inverted(this.mask));
  goBack = (): void => this.show(this.undo.back(this.mask));
  goForward = (): void => this.show(this.undo.forward(this.mask));

  get canGoBack(): boolean {
    return this.undo.canGoBack;
  }

  get canGoForward(): boolean {
    return this.undo.canGoForward;
  }

  get brush() {
    return { radius: this.radius, hardness: this.hardness, erases: this.tool.name === 'eraser' };
  }

  private show(mask: Mask): void {
    this.mask = mask;
    this.outline = [];
    this.down = false;
    this.changed();
  }
}
