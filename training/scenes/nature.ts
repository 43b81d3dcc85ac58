import { type Colour, css, darker, jittered, lighter, mix } from './colour.ts';
import { isDark, type Light, lit } from './light.ts';
import type { Point } from './pen.ts';
import type { Rng } from './random.ts';
import type { Scene } from './scene.ts';

/** Midpoint displacement: n + 1 heights around zero. */
export function ridge(r: Rng, n: number, height: number, roughness: number): Float64Array {
  const a = new Float64Array(n + 1);
  a[0] = r.between(-height, height);
  a[n] = r.between(-height, height);
  for (let step = n, spread = height; step > 1; step >>= 1, spread *= roughness) {
    const half = step >> 1;
    for (let i = half; i < n; i += step)
      a[i] = (a[i - half]! + a[i + half]!) / 2 + r.between(-spread, spread);
  }
  return a;
}

/** Hills from a height down to the bottom. */
export function hills(
  { p, r }: Scene,
  y: number,
  height: number,
  roughness: number,
  paint: Parameters<typeof p.poly>[1],
  n = 32,
): void {
  const a = ridge(r, n, height, roughness);
  const points: Point[] = [[-0.1, 1.1]];
  for (let i = 0; i <= n; i++) points.push([-0.1 + (1.2 * i) / n, y + a[i]!]);
  points.push([1.1, 1.1]);
  p.poly(points, paint);
}

/** Far hills take the colour of the air. */
export function farHills(s: Scene, l: Light, y: number, height: number, colour: Colour, air = 0.45): void {
  hills(s, y, height, 0.55, mix(lit(l, colour), l.low, air));
}

export function cloud(
  { p, r }: Scene,
  x: number,
  y: number,
  size: number,
  colour: Colour,
  alpha: number,
): void {
  r.times(4, 8, () => {
    const dx = r.between(-1, 1) * size;
    const dy = -r.between(0, 0.32) * size * (1 - Math.abs(dx / size));
    p.ellipse(x + dx, y + dy, size * r.between(0.26, 0.52), size * r.between(0.14, 0.28), css(colour, alpha));
  });
  p.ellipse(x, y + size * 0.12, size * 1.1, size * 0.1, css(darker(colour, 0.12), alpha * 0.5));
}

export function stars({ p, r }: Scene, horizon: number, low = 20, high = 60): void {
  r.times(low, high, () =>
    p.dot(
      r.unit(),
      r.between(0, horizon),
      r.between(0.0025, 0.0075),
      css([255, 255, 240], r.between(0.35, 1)),
    ),
  );
}

export function sky(s: Scene, l: Light, horizon: number, sun = true): void {
  const { p, r } = s;
  p.cover(
    p.linear(0, 0, 0, horizon, [
      [0, l.top],
      [r.between(0.45, 0.7), mix(l.top, l.low, 0.6)],
      [1, l.low],
    ]),
  );
  if (l.time === 'night') stars(s, horizon);
  const low = l.time === 'sunset' || l.time === 'dusk';
  const y = low ? horizon - r.between(0, 0.16) : r.between(0.08, 0.3);
  if (sun && l.time !== 'cloudy' && r.chance(l.time === 'sunset' ? 0.85 : 0.5)) {
    const radius = r.between(0.035, 0.07);
    p.glow(l.sunX, y, 0.5, l.sun, 0.55);
    p.dot(l.sunX, y, radius, l.sun);
    if (l.time === 'night' && r.chance(0.5))
      p.dot(l.sunX + radius * 0.45, y - radius * 0.2, radius * 0.95, mix(l.top, l.low, 0.4));
  }
  if (l.time === 'night' || !r.chance(l.time === 'cloudy' ? 1 : 0.55)) return;
  r.times(1, 5, () => {
    const colour = low
      ? mix(l.low, '#ffffff', 0.25)
      : l.time === 'cloudy'
        ? mix(l.top, '#ffffff', r.between(0.1, 0.6))
        : '#ffffff';
    cloud(
      s,
      r.unit(),
      r.between(0.05, Math.max(0.1, horizon * 0.75)),
      r.between(0.07, 0.2),
      colour,
      r.between(0.3, 0.7),
    );
  });
}

export function ground({ p, r }: Scene, l: Light, y: number, far: Colour, near: Colour, tufts = true): void {
  p.below(y, p.down(y, 1, lit(l, far), lit(l, near)));
  if (!tufts) return;
  r.times(6, 18, () => {
    const t = r.unit() ** 1.3;
    const yy = y + 0.01 + t * (1 - y);
    const colour = lit(l, mix(far, near, t));
    p.ellipse(
      r.unit(),
      yy,
      0.04 + 0.1 * t,
      0.004 + 0.012 * t,
      css(r.chance(0.5) ? darker(colour, 0.15) : lighter(colour, 0.12), 0.5),
    );
  });
}

export function water({ p, r }: Scene, l: Light, y: number, colour: Colour = '#2b6f9e', bottom = 1.1): void {
  const far = mix(lit(l, colour), l.low, 0.35);
  p.rect(-0.1, y, 1.2, bottom - y, p.down(y, bottom, far, lit(l, darker(colour, 0.25))));
  r.times(10, 28, () => {
    const t = r.unit() ** 1.4;
    const yy = y + t * (bottom - y);
    const width = (0.03 + 0.12 * t) * r.between(0.5, 1.3);
    const x = r.between(-0.05, 1);
    p.line(
      [
        [x, yy],
        [x + width, yy],
      ],
      0.004 + 0.006 * t,
      css(lighter(far, 0.45), r.between(0.15, 0.5)),
    );
  });
  if ((l.time === 'sunset' || l.time === 'night' || l.time === 'dusk') && r.chance(0.6))
    for (let i = 0; i < 10; i++) {
      const t = i / 10;
      p.line(
        [
          [l.sunX - 0.02 - 0.05 * t * r.unit(), y + t * (bottom - y)],
          [l.sunX + 0.02 + 0.05 * t * r.unit(), y + t * (bottom - y)],
        ],
        0.008,
        css(l.sun, 0.45),
      );
    }
}

/** A peak with a lit and a shaded side, snow down to a part of its height. */
export function peak(
  { p, r }: Scene,
  l: Light,
  x: number,
  base: number,
  h: number,
  w: number,
  colour: Colour,
  snow: number,
): void {
  p.poly(
    [
      [x - w, base],
      [x - w * 0.42, base - h * r.between(0.5, 0.62)],
      [x, base - h],
      [x + w * 0.4, base - h * r.between(0.52, 0.66)],
      [x + w, base],
    ],
    p.linear(x - w, 0, x + w, 0, [
      [0, lighter(colour, 0.12)],
      [0.5, colour],
      [0.54, darker(colour, 0.18)],
      [1, darker(colour, 0.25)],
    ]),
  );
  if (snow <= 0) return;
  const white = lit(l, '#f4f8ff');
  const edge: Point[] = [];
  for (let i = 0; i <= 6; i++) {
    const u = -1 + i / 3;
    edge.push([
      x + w * snow * u * 0.84,
      base - h * (1 - snow) + (i % 2 ? h * 0.13 * r.between(0.4, 1) : -h * 0.04) - h * snow * 0.1,
    ]);
  }
  p.poly(
    [[x, base - h], ...edge.reverse()],
    p.linear(x - w, 0, x + w, 0, [
      [0, white],
      [0.5, white],
      [0.54, darker(white, 0.18)],
      [1, darker(white, 0.26)],
    ]),
  );
}

export function pine({ p, r }: Scene, x: number, y: number, h: number, colour: Colour, snow = false): void {
  const w = h * r.between(0.3, 0.46);
  p.rect(x - h * 0.03, y - h * 0.15, h * 0.06, h * 0.16, darker('#6b4a2c', 0.3));
  for (let k = 0; k < 3; k++) {
    const base = y - h * 0.12 - k * h * 0.27;
    const top = base - h * 0.42;
    const ww = w * (1 - k * 0.27);
    p.poly(
      [
        [x - ww, base],
        [x, top],
        [x + ww, base],
      ],
      p.across(x - ww, x + ww, lighter(colour, 0.06), darker(colour, 0.22)),
    );
    if (snow)
      p.poly(
        [
          [x - ww * 0.55, base - h * 0.19],
          [x, top],
          [x + ww * 0.5, base - h * 0.19],
          [x + ww * 0.15, base - h * 0.13],
        ],
        lighter(colour, 0.86),
      );
  }
}

export function tree(
  { p, r }: Scene,
  x: number,
  y: number,
  h: number,
  colour: Colour,
  trunk: Colour = '#5d4027',
): void {
  p.ellipse(x, y + h * 0.01, h * 0.3, h * 0.035, css('#101410', 0.28));
  p.poly(
    [
      [x - h * 0.05, y],
      [x - h * 0.025, y - h * 0.5],
      [x + h * 0.025, y - h * 0.5],
      [x + h * 0.05, y],
    ],
    p.across(x - h * 0.05, x + h * 0.05, lighter(trunk, 0.1), darker(trunk, 0.35)),
  );
  const n = r.integer(6, 9);
  for (let i = 0; i < n; i++) {
    const a = r.between(0, 2 * Math.PI);
    const d = r.between(0, 0.22) * h;
    const tone = i < n / 2 ? darker(colour, 0.24) : lighter(colour, r.between(0, 0.16));
    p.ellipse(
      x + Math.cos(a) * d,
      y - h * 0.66 + Math.sin(a) * d * 0.8 - (i >= n / 2 ? h * 0.04 : 0),
      h * r.between(0.15, 0.25),
      h * r.between(0.14, 0.22),
      tone,
    );
  }
}

export function palm({ p, r }: Scene, x: number, y: number, h: number, colour: Colour, lean = 0): void {
  const tx = x + lean * h;
  const ty = y - h;
  p.curve([x, y], [x + lean * h * 0.2, y - h * 0.6], [tx, ty], h * 0.06, mix('#7a5a38', colour, 0.25));
  const n = r.integer(7, 9);
  for (let i = 0; i < n; i++) {
    const a = -Math.PI + (Math.PI * (i + 0.2 * r.normal())) / (n - 1);
    const length = h * r.between(0.36, 0.5);
    const ex = tx + Math.cos(a) * length;
    const ey = ty + Math.sin(a) * length * 0.55 + length * 0.38;
    const mx = tx + Math.cos(a) * length * 0.6;
    const my = ty + Math.sin(a) * length * 0.75 - length * 0.1;
    p.shape(
      [tx, ty],
      [
        [mx, my - length * 0.13, ex, ey],
        [mx, my + length * 0.14, tx, ty],
      ],
      i % 2 ? darker(colour, 0.2) : lighter(colour, 0.1),
    );
  }
}

/** Meadow with trees at the back: where dogs, cars and windmills live. */
export function meadow(s: Scene, l: Light, horizon: number): void {
  const { p, r } = s;
  sky(s, l, horizon);
  farHills(s, l, horizon - 0.03, 0.04, r.pick(['#6f9a5a', '#6a8a68', '#7a9a70', '#8a9a6a']), 0.4);
  const [far, near] = r.pick([
    ['#86b455', '#4f8a3a'],
    ['#9ab860', '#5c8a44'],
    ['#8aa860', '#6a8a48'],
    ['#b8b068', '#8a7a40'],
  ] as const);
  ground(s, l, horizon, far, near);
  r.times(0, 5, () =>
    tree(
      s,
      r.unit(),
      horizon + r.between(0.02, 0.06),
      r.between(0.1, 0.26),
      lit(l, jittered(r, '#4a7a40', 16)),
    ),
  );
  if (r.chance(0.35))
    r.times(8, 24, () =>
      p.dot(
        r.unit(),
        r.between(horizon + 0.1, 1),
        r.between(0.005, 0.011),
        css(lit(l, r.pick(['#ff6080', '#ffe050', '#ffffff', '#b080ff'])), 0.9),
      ),
    );
}

export function snowField(s: Scene, l: Light, horizon: number): void {
  const { r } = s;
  sky(s, l, horizon);
  hills(s, horizon - 0.03, 0.05, 0.55, mix(lit(l, '#b8c8dc'), l.low, 0.3));
  ground(s, l, horizon, '#eef3ff', '#d4e0f2', false);
  hills(s, horizon + 0.1, 0.02, 0.5, lit(l, '#f6f9ff'), 16);
  r.times(1, 6, () =>
    pine(s, r.unit(), horizon + r.between(0.04, 0.1), r.between(0.12, 0.3), lit(l, '#2c5a45'), true),
  );
}

/** A wall with a lit middle, as behind a portrait or a still life. */
export function backdrop({ p, r }: Scene, colours: readonly Colour[]): void {
  const c = jittered(r, r.pick(colours), 16);
  p.cover(
    p.radial(r.between(0.25, 0.75), r.between(0.2, 0.5), 0.05, r.between(0.8, 1.05), [
      [0, lighter(c, r.between(0.15, 0.3))],
      [1, darker(c, r.between(0.3, 0.5))],
    ]),
  );
}

export function table({ p, r }: Scene, y: number, colours: readonly Colour[]): void {
  const c = jittered(r, r.pick(colours), 12);
  p.below(y, p.down(y, 1, lighter(c, 0.12), darker(c, 0.32)));
  for (let i = 0; i < 6; i++) {
    const yy = y + r.unit() * (1 - y);
    p.line(
      [
        [0, yy],
        [1, yy + r.between(-0.01, 0.01)],
      ],
      0.004,
      css(darker(c, 0.3), 0.3),
    );
  }
}

/** What a thing on the ground hides from the light. */
export function shadow({ p }: Scene, x: number, y: number, a: number, b: number, strength = 0.3): void {
  p.ellipse(
    x,
    y,
    a,
    b,
    p.radial(x, y, 0, a, [
      [0, '#000000', strength],
      [0.6, '#000000', strength * 0.7],
      [1, '#000000', 0],
    ]),
  );
}

export function windowLight(r: Rng, l: Light, wall: Colour, warm = false): Colour {
  return isDark(l) || warm ? jittered(r, '#ffd060', 12) : darker(wall, 0.55);
}
