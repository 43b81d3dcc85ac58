import { type Colour, css, darker, jittered, lighter, mix, type Rgb } from '../colour.ts';
import { type Light, light, lit } from '../light.ts';
import { cloud, hills, peak, pine, sky } from '../nature.ts';
import type { Point } from '../pen.ts';
import type { Place, Scene } from '../scene.ts';

const timber = ['#7a4526', '#8c5430', '#5f3a24', '#a0522e', '#94382a', '#b57c46', '#e6d2a8'];

interface Built {
  x: number;
  /** where the walls meet the snow */
  y: number;
  /** from wall to wall, the side wall included */
  w: number;
}

interface Colours {
  snow: Rgb;
  /** of snow out of the light, and of what lies behind a white roof */
  shade: Rgb;
  glass: Colour;
}

/** Snow throws light back, so a snowy valley is never as dark as its sky. */
function amongSnow(l: Light): Light {
  return { ...l, strength: 0.4 + 0.6 * l.strength, ambient: mix(l.ambient, '#ffffff', 0.3) };
}

function windows({ p }: Scene, glass: Colour, frame: Colour, size: number, at: readonly Point[]): void {
  for (const [x, y] of at) {
    p.rect(x - size * 0.64, y - size * 0.64, size * 1.28, size * 1.28, frame);
    p.rect(x - size / 2, y - size / 2, size, size, glass);
  }
}

/** A chalet from a corner: gable in front, one slope of the roof along its side, thick snow on both. */
function chalet(s: Scene, l: Light, { x, y, w }: Built, wall: Colour, { snow, shade, glass }: Colours): void {
  const { p, r } = s;
  const h = w * r.between(0.42, 0.52);
  const rise = w * r.between(0.3, 0.4);
  const gable = w * r.between(0.56, 0.68);
  const out = w * 0.1;
  const thick = w * 0.11;
  const colour = lit(l, jittered(r, wall, 10));
  const dark = darker(colour, 0.66);
  const brick = lit(l, '#7a4438');
  const left = x - w / 2;
  const corner = left + gable;
  const right = left + w;
  const eave = y - h + out * 0.75;
  const ridge: Point = [left + gable / 2, y - h - rise];
  const smoking = r.chance(0.6);
  p.mirrored(
    r.chance(0.5),
    () => {
      p.ellipse(x + w * 0.06, y, w * 0.66, w * 0.075, css(darker(shade, 0.25), 0.75));
      const chimney = ridge[0] + w * r.between(0.2, 0.3);
      p.rect(chimney, ridge[1] - w * 0.14, w * 0.1, w * 0.24, brick);
      p.rect(chimney - w * 0.015, ridge[1] - w * 0.17, w * 0.13, w * 0.05, snow);
      if (smoking)
        for (let i = 0; i < 4; i++)
          p.ellipse(
            chimney + w * (0.06 + 0.05 * i),
            ridge[1] - w * (0.24 + 0.11 * i),
            w * (0.05 + 0.022 * i),
            w * 0.07,
            css(mix(snow, shade, 0.5), 0.6 - 0.12 * i),
          );
      p.rect(corner - w * 0.01, y - h, right - corner + w * 0.01, h, darker(colour, 0.38));
      p.poly(
        [[left, y], [left, y - h], ridge, [corner, y - h], [corner, y]],
        p.across(left, corner, lighter(colour, 0.1), darker(colour, 0.1)),
      );
      const slope: Point[] = [
        ridge,
        [right - gable / 2 + out, ridge[1]],
        [right + out, eave],
        [corner + out, eave],
      ];
      // The shadow below the eaves keeps white roofs off white ground.
      p.line([...slope, ridge], w * 0.075, dark);
      p.poly(slope, p.down(ridge[1], eave, snow, mix(snow, shade, 0.45)));
      const front: Point[] = [[left - out, eave], ridge, [corner + out, eave]];
      const sunk = front.map(([a, b]): Point => [a, b + thick * 0.75]);
      p.line(sunk, w * 0.085, dark);
      p.line(
        front.map(([a, b]): Point => [a, b - thick * 0.2]),
        thick * 1.25,
        dark,
      );
      p.line(front, thick, snow);
      const pane = w * r.between(0.11, 0.135);
      windows(s, glass, dark, pane, [
        [left + gable * 0.27, y - h * 0.56],
        [left + gable * 0.5, y - h - rise * 0.22],
        [(corner + right) / 2, y - h * 0.5],
      ]);
      p.rect(left + gable * 0.57, y - h * 0.68, gable * 0.25, h * 0.68, dark);
      p.ellipse(x, y + w * 0.015, w * 0.56, w * 0.035, snow);
    },
    x,
  );
}

/** A nave of one gable and a tower with a pointed spire, w wide in all. */
function church(s: Scene, l: Light, { x, y, w }: Built, { snow, shade, glass }: Colours): void {
  const { p, r } = s;
  const stone = lit(l, jittered(r, r.pick(['#e8d8b8', '#d8c0a0', '#c8a890']), 8));
  const slate = lit(l, r.pick(['#3c4658', '#6a3428', '#33503f']));
  const tall = w * r.between(0.95, 1.2);
  const spire = w * r.between(0.75, 1);
  const tower = w * 0.34;
  p.mirrored(
    r.chance(0.5),
    () => {
      p.ellipse(x, y, w * 0.62, w * 0.06, css(darker(shade, 0.25), 0.7));
      chalet(s, l, { x: x + w * 0.2, y, w: w * 0.72 }, stone, { snow, shade, glass });
      const left = x - w * 0.42;
      p.rect(left, y - tall, tower, tall, p.across(left, left + tower, stone, darker(stone, 0.35)));
      p.poly(
        [
          [left - tower * 0.16, y - tall],
          [left + tower / 2, y - tall - spire],
          [left + tower * 1.16, y - tall],
        ],
        p.across(left, left + tower, lighter(slate, 0.12), darker(slate, 0.35)),
      );
      p.line(
        [
          [left - tower * 0.1, y - tall],
          [left + tower / 2, y - tall - spire],
        ],
        w * 0.05,
        snow,
      );
      p.rect(left + tower * 0.32, y - tall * 0.86, tower * 0.36, tower * 0.6, darker(stone, 0.7));
      p.rect(left + tower * 0.36, y - tall * 0.42, tower * 0.28, tower * 0.5, glass);
    },
    x,
  );
}

/** One or two rows of peaks, white down to their shoulders. */
function alps(s: Scene, l: Light, foot: number): void {
  const { r } = s;
  for (let k = 0; k < 2; k++) {
    const n = r.integer(2, 3);
    for (let i = 0; i < n; i++) {
      const h = r.between(0.3, foot - 0.04) * (1 - k * 0.4);
      const rock = mix(lit(l, k ? '#48587a' : '#64779a'), l.low, k ? 0.06 : 0.22);
      const x = (i + 0.5) / n + r.between(-0.12, 0.12);
      peak(s, l, x, foot + k * 0.02, h, h * r.between(0.75, 1.05), rock, r.between(0.45, 0.68));
    }
  }
}

/** Firs in a few groups at one height. */
function firs(s: Scene, y: number, h: number, colour: Rgb, groups: number): void {
  const { r } = s;
  for (let i = 0; i < groups; i++) {
    const x = (i + 0.5) / groups + r.between(-0.2, 0.2);
    r.times(2, 4, (j) =>
      pine(s, x + j * h * 0.5, y + r.between(0, 0.02), h * r.between(0.75, 1.1), colour, true),
    );
  }
}

/** Chalets in the snow below snowy mountains, the nearest up to a third of the picture wide. */
export function snowyVillage(s: Scene): Place {
  const { p, r } = s;
  const l = light(s, ['day', 'day', 'dusk', 'sunset', 'night', 'cloudy', 'morning']);
  const here = amongSnow(l);
  const horizon = r.between(0.44, 0.56);
  sky(s, l, horizon);
  alps(s, here, horizon + 0.04);
  if (r.chance(0.2)) cloud(s, r.unit(), horizon - 0.08, 0.22, l.low, 0.4);

  const snow = lit(here, '#fafcff');
  const shade = mix(lit(here, '#a9bde0'), l.top, 0.12);
  const colours = { snow, shade, glass: r.pick(['#ffc648', '#ffd668', '#ffb23c']) };
  p.below(horizon + 0.02, p.down(horizon, 0.95, shade, mix(snow, shade, 0.3)));
  const fir = lit(here, jittered(r, '#24523c', 8));
  firs(s, horizon + 0.06, r.between(0.08, 0.13), mix(fir, shade, 0.2), r.integer(1, 3));
  hills(s, horizon + 0.13, 0.02, 0.5, mix(snow, shade, 0.55), 16);

  const wood = r.chance(0.5) ? timber : [r.pick(timber), r.pick(timber)];
  const row = (n: number, y: readonly [number, number], w: readonly [number, number]) => {
    const off = r.between(-0.12, 0.12);
    const built = Array.from({ length: n }, (_, i) => ({
      x: (i + 0.5) / n + off + r.between(-0.06, 0.06),
      y: r.between(...y),
      w: r.between(...w),
    })).sort((a, b) => a.y - b.y);
    for (const spot of built) chalet(s, here, spot, r.pick(wood), colours);
  };
  const wide = r.chance(0.2);
  const back = horizon + 0.16;
  if (wide) row(r.integer(2, 4), [back, back + 0.06], [0.13, 0.17]);
  else if (r.chance(0.7)) row(r.integer(1, 3), [back, back + 0.05], [0.13, 0.19]);
  if (r.chance(0.4))
    church(s, here, { x: r.between(0.2, 0.8), y: back + 0.09, w: r.between(0.2, 0.27) }, colours);
  const near = mix(snow, shade, 0.22);
  hills(s, 0.86, 0.02, 0.5, p.down(0.8, 1, mix(snow, shade, 0.35), near), 16);
  if (wide) row(r.integer(2, 3), [0.82, 0.92], [0.21, 0.27]);
  else row(r.pick([1, 2, 2, 2, 3]), [0.84, 0.95], [0.25, 0.36]);
  r.times(0, 2, () =>
    pine(
      s,
      r.chance(0.5) ? r.between(0, 0.1) : r.between(0.9, 1),
      r.between(0.96, 1.04),
      r.between(0.26, 0.4),
      fir,
      true,
    ),
  );
  return { light: l, horizon: horizon + 0.15 };
}
