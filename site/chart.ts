import { draw, make } from './dom.ts';
import { held, within } from './held.ts';

const [WIDTH, HEIGHT] = [320, 150];
const EDGE = { left: 8, right: 8, top: 16, bottom: 20 };

export type Place = readonly [x: number, y: number];

export interface ChartOptions {
  /** What is drawn, for those who hear it. */
  readonly label: string;
  readonly x: readonly [from: number, to: number];
  readonly y: readonly [from: number, to: number];
  /** What stands under the left and the right end. */
  readonly ends: readonly [left: string, right: string];
  /** Is told the x under a pointer that presses or drags. */
  readonly chosen?: (x: number) => void;
}

/** What is drawn into a chart, by the class that style/stage.css knows. */
export interface Drawn {
  readonly lines?: Readonly<Record<string, readonly Place[]>>;
  /** Filled down to the axis. */
  readonly areas?: Readonly<Record<string, readonly Place[]>>;
  readonly points?: Readonly<Record<string, Place>>;
  /** Vertical, with words at the top. */
  readonly rule?: { readonly x: number; readonly said: string } | undefined;
}

export interface Chart {
  readonly element: HTMLElement;
  draw(drawn: Drawn, said: string): void;
}

/** A small drawing of curves with a sentence under it, as large before it is drawn as after. */
export function chart({ label, x: [left, right], y: [low, high], ends, chosen }: ChartOptions): Chart {
  const [inner, height] = [WIDTH - EDGE.left - EDGE.right, HEIGHT - EDGE.top - EDGE.bottom];
  const x = (value: number) => EDGE.left + within((value - left) / (right - left)) * inner;
  const y = (value: number) => EDGE.top + (1 - within((value - low) / (high - low))) * height;
  const floor = HEIGHT - EDGE.bottom;
  const path = (places: readonly Place[]) =>
    `M${places.map(([a, b]) => `${x(a).toFixed(1)} ${y(b).toFixed(1)}`).join('L')}`;
  const svg = draw('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': label });
  const words = make('figcaption');
  const text = (at: number, up: number, anchor: string, said: string) => {
    const made = draw('text', { x: at, y: up, 'text-anchor': anchor });
    made.textContent = said;
    return made;
  };
  const axis = [
    draw('path', { class: 'axis', d: `M${EDGE.left} ${floor}H${WIDTH - EDGE.right}` }),
    text(EDGE.left, HEIGHT - 6, 'start', ends[0]),
    text(WIDTH - EDGE.right, HEIGHT - 6, 'end', ends[1]),
  ];
  if (chosen) {
    svg.classList.add('held');
    held(svg, ([share]) => chosen(left + within((share * WIDTH - EDGE.left) / inner) * (right - left)));
  }
  return {
    element: make('figure', { className: 'chart' }, svg as unknown as HTMLElement, words),
    draw({ lines = {}, areas = {}, points = {}, rule }, said) {
      const area = (places: readonly Place[]) =>
        `${path(places)}L${x(places.at(-1)![0])} ${floor}L${x(places[0]![0])} ${floor}Z`;
      svg.replaceChildren(
        ...Object.entries(areas).map(([name, places]) =>
          draw('path', { class: `area ${name}`, d: area(places) }),
        ),
        ...axis,
        ...Object.entries(lines).map(([name, places]) =>
          draw('path', { class: `line ${name}`, d: path(places) }),
        ),
        ...(rule ? ruleAt(x(rule.x), rule.said) : []),
        ...Object.entries(points).map(([name, [a, b]]) =>
          draw('circle', { class: name, cx: x(a), cy: y(b), r: 5 }),
        ),
      );
      words.textContent = said;
    },
  };

  function ruleAt(at: number, said: string): SVGElement[] {
    const line = draw('path', { class: 'rule', d: `M${at} ${EDGE.top}V${floor}` });
    return [line, text(at, EDGE.top - 5, at > WIDTH / 2 ? 'end' : 'start', said)];
  }
}
