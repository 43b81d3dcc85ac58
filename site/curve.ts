import { alphaBarPaths } from './alpha-bar-paths.ts';
import { draw } from './dom.ts';
import { held } from './held.ts';

const [WIDTH, HEIGHT, EDGE] = [1000, 60, 4];

/**
 * The ruler of the page: ᾱ at every stop of a slider, above it, with the point that it stands at. Dragging the point is moving
 * the slider; who does not point uses the slider itself.
 */
export function ruled(
  slider: HTMLInputElement,
  moved: (alphaBar: number) => void = () => {},
): {
  readonly element: SVGElement;
  /** Draws ᾱ at every stop of the slider, given for its values. */
  stops(alphaBarAt: (value: number) => number | undefined): void;
  follow(): void;
} {
  let alphaBars: readonly number[] = [];
  const line = draw('path', { class: 'line' });
  const share = draw('path', { class: 'share' });
  const point = draw('circle', { r: 6 });
  const stretched = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none' };
  // The point is no part of what is stretched, else it were an ellipse.
  const ruler = draw(
    'svg',
    { class: 'ruler', 'aria-hidden': 'true' },
    draw('svg', stretched, share, line),
    point,
  );
  const y = (alphaBar: number) => EDGE + (1 - alphaBar) * (HEIGHT - EDGE);
  const x = (i: number) => (alphaBars.length > 1 ? i / (alphaBars.length - 1) : 0);

  const follow = () => {
    const i = slider.valueAsNumber - Number(slider.min);
    const alphaBar = alphaBars[Math.round(i)];
    point.toggleAttribute('hidden', alphaBar === undefined);
    if (alphaBar === undefined) return;
    moved(alphaBar);
    point.setAttribute('cx', `${(100 * x(i)).toFixed(2)}%`);
    point.setAttribute('cy', `${((100 * y(alphaBar)) / HEIGHT).toFixed(1)}%`);
  };
  held(ruler, ([far]) => {
    const value = Math.round(Number(slider.min) + far * (Number(slider.max) - Number(slider.min)));
    if (value === slider.valueAsNumber) return;
    slider.value = String(value);
    slider.dispatchEvent(new Event('input'));
  });
  return {
    element: ruler,
    stops(alphaBarAt) {
      const [lowest, highest] = [Number(slider.min), Number(slider.max)];
      alphaBars = Array.from({ length: highest - lowest + 1 }, (_, i) => alphaBarAt(lowest + i) ?? 1);
      const paths = alphaBarPaths(
        alphaBars.map((alphaBar, i) => [WIDTH * x(i), y(alphaBar)]),
        HEIGHT,
      );
      line.setAttribute('d', paths.curve);
      share.setAttribute('d', paths.share);
      follow();
    },
    follow,
  };
}
