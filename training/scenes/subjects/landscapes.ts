import { house } from '../buildings.ts';
import { css, darker, jittered, lighter, mix, type Rgb } from '../colour.ts';
import { isDark, type Light, light, lit } from '../light.ts';
import { farHills, ground, hills, palm, pine, ridge, sky, tree, water } from '../nature.ts';
import type { Point } from '../pen.ts';
import type { Place, Scene, Subject } from '../scene.ts';
import { snowyVillage } from './village.ts';

/** A cone, lava and ash, standing on y. */
function volcano({ p, r }: Scene, l: Light, x: number, foot: number, height: number, slender?: number): void {
  const top = foot - height;
  const crater = r.between(0.05, 0.09);
  const half = height * (slender ?? (r.chance(0.45) ? r.between(0.22, 0.75) : r.between(0.85, 1.15)));
  const bright = !isDark(l) && r.chance(0.5);
  const ash = r.pick(
    bright ? ['#c8c4c0', '#e4e0da', '#a8a29c'] : ['#3a3438', '#55494a', '#6e6462', '#2a2430'],
  );
  const plume = r.between(0.5, 1.1);
  const lean = r.between(-0.22, 0.22);
  p.glow(x, top, 0.5, '#ff6a20', 0.75);
  for (let i = 0; i < 34; i++) {
    const t = i / 34;
    const size = plume * (0.035 + 0.13 * t);
    const colour = mix(t < 0.25 ? '#d8602a' : ash, ash, Math.min(1, t * 3 + r.between(0, 0.35)));
    p.ellipse(
      x + lean * t + r.between(-1, 1) * size * 0.9,
      top - 0.02 - t * (top + 0.02) + r.between(-0.02, 0.02),
      size * r.between(0.6, 1),
      size * r.between(0.5, 0.85),
      css(colour, 0.75),
    );
  }
  const rock = lit(
    l,
    r.pick(bright ? ['#8a7a70', '#a89a8c', '#c0b4a8'] : ['#4a3a36', '#3d3538', '#5a4238', '#45424a']),
  );
  const paint = p.linear(x - half, 0, x + half, 0, [
    [0, lighter(rock, isDark(l) ? 0.12 : 0.22)],
    [0.45, rock],
    [1, darker(rock, 0.45)],
  ]);
  p.poly(
    [
      [x - half, foot],
      [x - half * 0.45, top + height * 0.55],
      [x - crater, top],
      [x + crater, top],
      [x + half * 0.42, top + height * 0.55],
      [x + half, foot],
    ],
    paint,
  );
  r.times(2, 6, () => {
    let px = x + r.between(-crater, crater) * 0.8;
    let y = top;
    const drift = ((px - x) / crater) * r.between(0.1, 0.28);
    const points: Point[] = [[px, y]];
    r.times(4, 9, () => {
      y += height / 9;
      px += drift * 0.1 + r.between(-0.018, 0.018);
      points.push([px, y]);
    });
    p.line(points, r.between(0.018, 0.032), '#e8380c');
    p.line(points, 0.011, '#ffb830');
  });
  r.times(14, 38, () => {
    const a = -Math.PI / 2 + r.normal() * 0.42;
    const reach = r.between(0.05, 0.34);
    p.line(
      [
        [x + Math.cos(a) * reach * 0.55, top + Math.sin(a) * reach * 0.6],
        [x + Math.cos(a) * reach, top + Math.sin(a) * reach],
      ],
      r.between(0.006, 0.017),
      r.pick(['#ff5a10', '#ffb020', '#ffe070', '#ff3808']),
    );
  });
  p.ellipse(x, top, crater * 1.05, 0.018, '#ffd860');
}

function jungle(s: Scene): Place {
  const { p, r } = s;
  const l = light(s, ['day', 'day', 'morning', 'cloudy', 'dusk']);
  const leaf = jittered(r, '#2f7d3a', 14);
  p.cover(
    p.linear(0, 0, 0, 1, [
      [0, mix(l.low, '#d8f0b0', 0.5)],
      [0.5, mix(lit(l, leaf), '#cfe8a0', 0.45)],
      [1, lit(l, darker(leaf, 0.5))],
    ]),
  );
  for (let k = 0; k < 3; k++) {
    const c = mix(lit(l, jittered(r, '#3f9a48', 12)), '#d8eec0', 0.5 - 0.22 * k);
    for (let i = 0; i < 9 - k; i++)
      p.ellipse(
        r.unit(),
        0.45 + k * 0.12 + r.between(-0.06, 0.06),
        r.between(0.08, 0.16),
        r.between(0.07, 0.15),
        css(jittered(r, c, 10), 0.9),
      );
    p.below(0.47 + k * 0.14, darker(c, 0.12));
  }
  r.times(2, 4, () => {
    const x = r.unit();
    const w = r.between(0.02, 0.05);
    const bark = lit(l, jittered(r, '#5d4630', 12));
    p.line(
      [
        [x, 1.05],
        [x + r.between(-0.05, 0.05), -0.05],
      ],
      w,
      p.across(x - w, x + w, lighter(bark, 0.12), darker(bark, 0.3)),
    );
    if (r.chance(0.5))
      p.curve(
        [x, 0.1],
        [x + 0.15, r.between(0.3, 0.5)],
        [x + r.between(0.15, 0.35), -0.05],
        0.008,
        lit(l, '#3a6a30'),
      );
  });
  r.times(3, 6, () =>
    palm(
      s,
      r.between(0.03, 0.97),
      r.between(0.8, 1.05),
      r.between(0.4, 0.85),
      lit(l, jittered(r, '#2f8a3c', 18)),
      r.between(-0.2, 0.2),
    ),
  );
  if (r.chance(0.4)) {
    const x = r.between(0.3, 0.7);
    p.shape(
      [x - 0.02, 0.6],
      [
        [x + 0.02, 0.6],
        [x + 0.02, 0.75, x + 0.22, 1.05],
        [x - 0.22, 1.05],
        [x + 0.02, 0.8, x - 0.02, 0.6],
      ],
      mix(lit(l, '#4fa0b0'), l.low, 0.3),
    );
  }
  r.times(10, 18, () => {
    const x = r.between(-0.05, 1.05);
    const a = -Math.PI / 2 + r.normal() * 0.6;
    const length = r.between(0.12, 0.34);
    const ex = x + Math.cos(a) * length;
    const ey = 1.02 + Math.sin(a) * length;
    p.shape(
      [x, 1.02],
      [
        [x - 0.06, (1.02 + ey) / 2, ex, ey],
        [x + 0.09, (1.02 + ey) / 2, x, 1.02],
      ],
      lit(l, jittered(r, r.pick(['#2c7a34', '#48a048', '#1d5a2c', '#6ab04a']), 14)),
    );
  });
  if (r.chance(0.4))
    r.times(2, 6, () =>
      p.dot(r.unit(), r.between(0.7, 0.98), 0.018, r.pick(['#ff4060', '#ffb030', '#f060c0', '#ffe050'])),
    );
  if (r.chance(0.45))
    for (let i = 0; i < 3; i++) {
      const x = r.between(0, 0.8);
      p.poly(
        [
          [x, -0.05],
          [x + 0.06, -0.05],
          [x + 0.3, 0.9],
          [x + 0.14, 0.9],
        ],
        css([255, 255, 210], 0.12),
      );
    }
  return { light: l, horizon: 0.75 };
}

/** A boulder: an uneven outline, light above and dark below. */
function boulder({ p, r }: Scene, x: number, y: number, size: number, colour: Rgb): void {
  const points = Array.from({ length: 9 }, (_, i): Point => {
    const a = (i * 2 * Math.PI) / 9;
    const reach = size * r.between(0.7, 1.1);
    return [x + Math.cos(a) * reach, y + Math.sin(a) * reach * 0.72];
  });
  p.poly(points, p.down(y - size * 0.7, y + size * 0.5, lighter(colour, 0.28), darker(colour, 0.5)));
}

interface Fall {
  x: number;
  /** half the width at the lip and at the foot */
  a: number;
  b: number;
  top: number;
  foot: number;
}

/** Falling water: strands that leave a curved lip, steepen, spread and end unevenly in foam. */
function fall({ p, r }: Scene, { x, a, b, top, foot }: Fall, white: Rgb, shade: Rgb): void {
  const height = foot - top;
  const lip = (k: number) => top + Math.min(0.03, a * 0.35) * k * k;
  const strand = (k: number, from: number, to: number, width: number, colour: string) => {
    const x0 = x + k * a;
    const x1 = x + k * b;
    const y0 = lip(k) + height * from;
    p.curve(
      [x0 + (x1 - x0) * from, y0],
      [x0 + (x1 - x0) * 0.75, y0 + height * (to - from) * 0.3],
      [x1, top + height * to],
      width,
      colour,
    );
  };
  p.shape(
    [x - a, lip(1)],
    [
      [x, top - 0.02, x + a, lip(1)],
      [x + a + (b - a) * 0.6, top + height * 0.35, x + b, foot],
      [x - b, foot],
      [x - a - (b - a) * 0.6, top + height * 0.35, x - a, lip(1)],
    ],
    p.down(top, foot, mix(white, shade, 0.55), mix(white, shade, 0.12)),
  );
  const n = Math.max(5, Math.round(b / 0.016));
  for (let i = 0; i < n; i++) {
    const k = -1 + (2 * (i + r.unit())) / n;
    strand(k, 0, r.between(0.75, 1), r.between(0.008, 0.018), css(white, 0.95));
  }
  for (let i = 0; i < n * 1.1; i++) {
    const from = r.between(0, 0.6);
    strand(
      r.between(-1, 1),
      from,
      from + r.between(0.2, 0.4),
      r.between(0.006, 0.014),
      css(shade, r.between(0.5, 0.95)),
    );
  }
}

/** Clouds of spray around the foot of a fall. */
function mist({ p, r }: Scene, x: number, y: number, half: number, white: Rgb): void {
  for (let i = 0; i < 16; i++) {
    const d = r.between(-1, 1);
    const size = half * r.between(0.2, 0.42);
    p.ellipse(
      x + d * half * 1.35,
      y - r.between(-0.012, 0.07) * (1 - d * d * 0.7),
      size,
      Math.min(0.045, size * 0.7),
      css(white, r.between(0.3, 0.6)),
    );
  }
}

/** One fall or two, or one in steps, between broken rocks, into a pool. */
function waterfall(s: Scene): Light {
  const { p, r } = s;
  const l = light(s, ['day', 'day', 'morning', 'cloudy', 'dusk']);
  sky(s, l, 0.4, r.chance(0.4));
  const x = r.between(0.36, 0.64);
  const w = r.between(0.07, 0.15);
  const top = r.between(0.14, 0.28);
  const foot = r.between(0.68, 0.78);
  const rock = lit(l, jittered(r, r.pick(['#5c5f66', '#6a5f52', '#4d5a50', '#705a4a']), 10));
  if (r.chance(0.7)) hills(s, top - 0.06, 0.08, 0.6, mix(rock, l.low, 0.6), 16);

  // Rock walls higher than the lip, stepping down to it.
  const rough = ridge(r, 32, 0.06, 0.7);
  const cliff: Point[] = [[-0.1, 1.1]];
  for (let i = 0; i <= 32; i++) {
    const px = -0.1 + (1.2 * i) / 32;
    const d = Math.abs(px - x) - w;
    cliff.push([px, d < 0 ? top : top - Math.min(0.13, d * 0.6) + rough[i]! * Math.min(1, d * 8)]);
  }
  cliff.push([1.1, 1.1]);
  p.poly(cliff, p.down(top - 0.1, foot, lighter(rock, 0.2), darker(rock, 0.35)));
  for (let i = 0; i < 22; i++) {
    const px = r.between(-0.05, 1.05);
    const y = r.between(top + 0.02, foot);
    const size = r.between(0.03, 0.08);
    p.poly(
      [
        [px - size, y + r.between(-0.02, 0.02)],
        [px - size * 0.2, y - size * r.between(0.4, 1)],
        [px + size * 0.8, y - size * r.between(0, 0.4)],
        [px + size * r.between(0.3, 1), y + size * r.between(0.6, 1.5)],
      ],
      css(i % 2 ? darker(rock, r.between(0.1, 0.35)) : lighter(rock, r.between(0.05, 0.2)), 0.75),
    );
  }
  const green = lit(l, jittered(r, r.pick(['#3d7a3c', '#3d7a3c', '#8a7a3c']), 12));
  for (let i = 0; i < 14; i++) {
    const px = r.unit();
    const d = Math.abs(px - x) - w;
    if (d > 0.03)
      p.ellipse(
        px,
        top + 0.015 - Math.min(0.12, d * 0.6),
        r.between(0.03, 0.07),
        r.between(0.02, 0.045),
        jittered(r, green, 14),
      );
  }

  const white = mix(lit(l, '#ffffff'), l.low, 0.06);
  const shade = mix(lit(l, '#527c98'), rock, 0.4);
  water(s, l, foot - 0.01, '#3f8796');
  const spread = w * r.between(1.3, 1.9);
  if (r.chance(0.35)) {
    const side = x + r.side() * (spread + r.between(0.1, 0.2));
    fall(s, { x: side, a: 0.03, b: 0.05, top: top - r.between(-0.06, 0.03), foot }, white, shade);
    mist(s, side, foot, 0.06, white);
  }
  if (r.chance(0.4)) {
    const ledge = top + (foot - top) * r.between(0.35, 0.55);
    const middle = x + r.between(-0.04, 0.04);
    fall(s, { x: middle, a: w * 1.15, b: spread * 1.1, top: ledge - 0.015, foot }, white, shade);
    fall(s, { x, a: w * 0.8, b: w * 1.05, top, foot: ledge }, white, shade);
    for (const k of [-1, 1]) boulder(s, middle + k * w * 1.35, ledge, r.between(0.03, 0.06), rock);
    mist(s, x, ledge + 0.01, w * 0.6, white);
  } else fall(s, { x, a: w, b: spread, top, foot }, white, shade);
  for (const k of [-1, 1])
    r.times(1, 3, () => {
      const t = r.unit();
      const edge = w + (spread - w) * Math.sqrt(t);
      boulder(s, x + k * (edge + 0.025), top + (foot - top) * t, r.between(0.025, 0.055), darker(rock, 0.15));
    });

  for (let i = 1; i <= 4; i++)
    p.ring(x, foot + 0.03 * i, spread * (0.9 + 0.4 * i), 0.022 * i, 0.008, css(white, 0.6 - 0.1 * i));
  mist(s, x, foot, spread, white);
  // The shore, so that no ruled line parts cliff and pool.
  for (const k of [-1, 1])
    for (let d = spread + 0.06; d < 0.75; d += r.between(0.06, 0.12))
      boulder(
        s,
        x + k * d,
        foot + r.between(-0.02, 0.02),
        r.between(0.025, 0.06),
        jittered(r, darker(rock, 0.15), 12),
      );
  r.times(3, 6, (i) =>
    boulder(
      s,
      i % 2 ? r.between(-0.02, 0.32) : r.between(0.68, 1.02),
      r.between(foot + 0.04, 1),
      r.between(0.05, 0.12),
      jittered(r, darker(rock, 0.2), 10),
    ),
  );
  r.times(0, 4, () =>
    pine(
      s,
      r.chance(0.5) ? r.between(0, 0.16) : r.between(0.84, 1),
      r.between(0.8, 1.02),
      r.between(0.2, 0.4),
      lit(l, '#2a5a38'),
    ),
  );
  return l;
}

function amalfi(s: Scene): Light {
  const { p, r } = s;
  const l = light(s, ['day', 'day', 'morning', 'sunset', 'dusk']);
  const horizon = r.between(0.38, 0.5);
  sky(s, l, horizon);
  farHills(s, l, horizon - 0.03, 0.03, '#7d96a8', 0.5);
  water(s, l, horizon, r.pick(['#1f7fb0', '#1f8fa8', '#2a70b8']));
  const cliff = lit(l, jittered(r, '#7a8a58', 12));
  const shore = r.between(0.58, 0.84);
  const brow = r.between(0.26, 0.5);
  const top = r.between(0.03, 0.2);
  p.poly(
    [
      [-0.1, top],
      [brow * 0.5, top + 0.03],
      [brow, top + 0.2],
      [brow + 0.12, horizon],
      [shore, 0.8],
      [shore + 0.05, 0.86],
      [0.4, 1.05],
      [-0.1, 1.1],
    ],
    p.linear(0, top, shore, 1, [
      [0, lighter(cliff, 0.1)],
      [1, darker(cliff, 0.3)],
    ]),
  );
  for (let i = 0; i < 18; i++)
    p.ellipse(
      r.between(0, brow),
      top + r.between(0.05, 0.5),
      r.between(0.03, 0.07),
      r.between(0.02, 0.05),
      jittered(r, darker(cliff, 0.2), 14),
    );
  const spots: Point[] = [];
  r.times(24, 40, () => {
    const v = r.unit();
    spots.push([r.between(-0.03, 0.02 + brow + (shore - brow) * v * 0.85), 0.25 + 0.62 * v]);
  });
  spots.sort((a, b) => a[1] - b[1]);
  for (const [x, y] of spots) {
    const w = r.between(0.06, 0.11);
    const h = w * r.between(0.8, 1.25);
    house(
      s,
      l,
      x,
      y + h,
      w,
      h,
      r.pick(['#fbe9cf', '#f6c79a', '#f3a67e', '#f7e08e', '#ffffff', '#e88a72', '#f4b8b0']),
      r.pick(['#c0552f', '#b5653f', '#d88a5a']),
      { flat: r.chance(0.5), roofHeight: h * 0.3 },
    );
  }
  if (r.chance(0.3)) {
    const x = r.between(0.1, brow + 0.1);
    p.rect(x, 0.42, 0.035, 0.2, lit(l, '#f4e4c4'));
    p.ellipse(x + 0.0175, 0.42, 0.026, 0.035, lit(l, '#d8b040'));
  }
  p.poly(
    [
      [-0.1, 0.95],
      [shore, 0.86],
      [shore + 0.03, 0.89],
      [0.5, 1.05],
      [-0.1, 1.1],
    ],
    lit(l, '#e8d2a0'),
  );
  r.times(0, 4, () => {
    const x = r.between(shore, 0.95);
    const y = r.between(horizon + 0.08, 0.9);
    const size = r.between(0.025, 0.06);
    p.poly(
      [
        [x - size, y],
        [x + size, y],
        [x + size * 0.6, y + size * 0.45],
        [x - size * 0.6, y + size * 0.45],
      ],
      '#ffffff',
    );
    if (r.chance(0.6))
      p.poly(
        [
          [x, y - size * 0.1],
          [x, y - size * 1.7],
          [x + size * 0.9, y - size * 0.1],
        ],
        '#fdf6ea',
      );
  });
  return l;
}

function autumnWood(s: Scene): Place {
  const { p, r } = s;
  const l = light(s, ['day', 'morning', 'sunset', 'cloudy']);
  const horizon = r.between(0.48, 0.6);
  sky(s, l, horizon);
  farHills(s, l, horizon - 0.05, 0.04, '#a0704a', 0.4);
  ground(s, l, horizon, '#b08a4a', '#7a5a2c');
  if (r.chance(0.5)) {
    const x = r.between(0.35, 0.65);
    p.shape(
      [x - 0.02, horizon],
      [
        [x + 0.02, horizon],
        [x + 0.02, 0.8, x + r.between(0.15, 0.3), 1.05],
        [x - 0.2, 1.05],
        [x - 0.02, 0.8, x - 0.02, horizon],
      ],
      lit(l, '#d8b880'),
    );
  }
  const spots: Point[] = [];
  r.times(8, 14, () => spots.push([r.unit(), horizon + 0.02 + r.unit() ** 1.5 * 0.4]));
  spots.sort((a, b) => a[1] - b[1]);
  for (const [x, y] of spots)
    tree(
      s,
      x,
      y,
      0.32 + 0.7 * (y - horizon) * r.between(0.8, 1.2),
      lit(l, jittered(r, r.pick(['#d8602a', '#e8a030', '#c03a20', '#e8c848', '#b85a28']), 14)),
      lit(l, '#4a3020'),
    );
  if (r.chance(0.5))
    r.times(10, 30, () =>
      p.ellipse(
        r.unit(),
        r.between(horizon + 0.1, 1),
        0.01,
        0.006,
        css(r.pick(['#e8a030', '#c03a20', '#e8c848']), 0.8),
      ),
    );
  return { light: l, horizon: horizon + 0.15 };
}

function desert(s: Scene, kind: 'pyramids' | 'cacti' | 'dunes'): Place {
  const { p, r } = s;
  const l = light(s, ['day', 'sunset', 'morning', 'dusk']);
  const horizon = r.between(0.54, 0.66);
  sky(s, l, horizon);
  if (kind === 'pyramids')
    r.times(1, 3, (i, n) => {
      const x = 0.2 + (0.6 * (i + 0.5)) / n + r.between(-0.08, 0.08);
      const half = r.between(0.16, 0.28);
      const h = half * r.between(0.85, 1.05);
      const c = lit(l, '#d8a858');
      p.poly(
        [
          [x - half, horizon + 0.03],
          [x, horizon - h],
          [x + half * 0.25, horizon + 0.03],
        ],
        lighter(c, 0.15),
      );
      p.poly(
        [
          [x + half * 0.25, horizon + 0.03],
          [x, horizon - h],
          [x + half, horizon + 0.03],
        ],
        darker(c, 0.3),
      );
    });
  for (let k = 0; k < 3; k++) {
    const c = lit(l, jittered(r, mix('#e8bc70', '#c07a3c', k * 0.3), 8));
    hills(
      s,
      horizon + 0.02 + k * 0.11,
      0.035,
      0.45,
      p.down(horizon + k * 0.1, horizon + k * 0.1 + 0.25, lighter(c, 0.15), darker(c, 0.15)),
      16,
    );
  }
  if (kind === 'cacti')
    r.times(1, 4, () => {
      const x = r.between(0.1, 0.9);
      const y = r.between(0.75, 0.95);
      const h = r.between(0.18, 0.36);
      const c = lit(l, '#3f7a44');
      p.line(
        [
          [x, y],
          [x, y - h],
        ],
        h * 0.2,
        c,
      );
      p.line(
        [
          [x, y - h * 0.4],
          [x - h * 0.28, y - h * 0.42],
          [x - h * 0.28, y - h * 0.72],
        ],
        h * 0.13,
        c,
      );
      p.line(
        [
          [x, y - h * 0.5],
          [x + h * 0.28, y - h * 0.52],
          [x + h * 0.28, y - h * 0.8],
        ],
        h * 0.13,
        c,
      );
      p.line(
        [
          [x - h * 0.05, y],
          [x - h * 0.05, y - h * 0.95],
        ],
        h * 0.03,
        css(lighter(c, 0.3), 0.6),
      );
    });
  return { light: l, horizon: horizon + 0.2 };
}

function beach(s: Scene, palms = true): Place {
  const { p, r } = s;
  const l = light(s, ['day', 'day', 'sunset', 'dusk', 'morning']);
  const horizon = r.between(0.44, 0.56);
  sky(s, l, horizon);
  if (r.chance(0.3)) farHills(s, l, horizon - 0.02, 0.02, '#5a8a70', 0.4);
  water(s, l, horizon, '#1f90b0');
  const sand = lit(l, '#ecd49a');
  p.shape(
    [-0.1, r.between(0.66, 0.8)],
    [
      [0.3, r.between(0.66, 0.8), 0.6, r.between(0.74, 0.9), 1.1, r.between(0.7, 0.92)],
      [1.1, 1.1],
      [-0.1, 1.1],
    ],
    p.down(0.7, 1, lighter(sand, 0.15), darker(sand, 0.15)),
  );
  p.g.lineWidth = 0.018;
  p.g.strokeStyle = css([255, 255, 255], 0.6);
  p.g.stroke();
  if (palms) {
    const side = r.side();
    r.times(1, 3, () =>
      palm(
        s,
        side > 0 ? r.between(0.62, 0.95) : r.between(0.05, 0.38),
        r.between(0.84, 0.98),
        r.between(0.45, 0.72),
        lit(l, '#2f7f3c'),
        -side * r.between(0.05, 0.35),
      ),
    );
    if (r.chance(0.2)) {
      const x = r.between(0.3, 0.7);
      p.poly(
        [
          [x - 0.1, 0.76],
          [x, 0.68],
          [x + 0.1, 0.76],
        ],
        r.pick(['#e04040', '#4080d0', '#f0b020']),
      );
      p.line(
        [
          [x, 0.7],
          [x + 0.01, 0.88],
        ],
        0.009,
        '#e8e0d0',
      );
    }
  }
  return { light: l, horizon: 0.85 };
}

export const landscapes = {
  village: {
    weight: 4.2,
    words: [
      'a snowy mountain village',
      'a snowy mountain village',
      'a mountain village in the snow',
      'a village in the snowy mountains',
      'a winter village with snowy mountains',
    ],
    draw: (s) => ({ light: snowyVillage(s).light }),
    place: snowyVillage,
  },
  volcano: {
    weight: 2.8,
    words: [
      'a violently erupting volcano',
      'a violently erupting volcano',
      'an erupting volcano',
      'a volcano erupting with lava',
      'a volcano spewing lava and ash',
      'a volcano',
    ],
    draw(s) {
      const { r } = s;
      // Slender and before a bright sky it can stand where a tower stood.
      const tower = s.loose === true && r.chance(0.5);
      const l = light(
        s,
        tower ? ['day', 'day', 'morning'] : ['night', 'dusk', 'sunset', 'day', 'day', 'morning', 'cloudy'],
      );
      const horizon = r.between(0.72, 0.84);
      sky(s, l, horizon, false);
      if (tower)
        volcano(s, l, r.between(0.42, 0.6), horizon + 0.1, r.between(0.6, 0.78), r.between(0.16, 0.4));
      else volcano(s, l, r.between(0.36, 0.64), horizon + 0.1, r.between(0.42, 0.68));
      const foreground = r.pick(['water', 'hills', 'meadow'] as const);
      if (foreground === 'water') water(s, l, horizon + 0.03, '#3a4a66');
      else if (foreground === 'hills')
        hills(s, horizon + 0.04, 0.03, 0.6, lit(l, r.pick(['#2f3a2a', '#332a2a', '#3a4a30'])));
      else {
        ground(s, l, horizon + 0.04, '#86b455', '#4f8a3a');
        r.times(0, 7, () =>
          tree(s, r.unit(), horizon + r.between(0.06, 0.14), r.between(0.1, 0.2), lit(l, '#3f7038')),
        );
      }
      return { light: l };
    },
    thing: (s, l, x, y, h) => volcano(s, l, x, y, h),
  },
  forest: {
    weight: 2.8,
    words: [
      'a tropical forest',
      'a tropical forest',
      'a tropical rainforest',
      'a jungle',
      'a lush tropical forest with palm trees',
    ],
    draw: (s) => ({ light: jungle(s).light }),
    place: jungle,
  },
  waterfall: {
    weight: 3.4,
    words: ['waterfalls', 'a waterfall', 'a tall waterfall', 'a waterfall in the mountains'],
    draw: (s) => ({ light: waterfall(s) }),
  },
  amalfi: {
    weight: 2.8,
    words: [
      'the Amalfi coast',
      'the amalfi cost',
      'a view of the Amalfi coast',
      'colourful houses on the Amalfi coast',
    ],
    draw(s) {
      let l: Light | undefined;
      s.p.mirrored(s.r.chance(0.5), () => {
        l = amalfi(s);
      });
      return { light: l };
    },
  },
  autumn: {
    weight: 1,
    words: ['an autumn forest', 'trees in autumn', 'a forest in the fall', 'an autumn forest with red trees'],
    draw: (s) => ({ light: autumnWood(s).light }),
    place: autumnWood,
  },
  desert: {
    weight: 1,
    words: ['a desert'],
    draw(s) {
      const kind = s.r.chance(0.55) ? 'pyramids' : 'cacti';
      const words = {
        pyramids: ['a desert with pyramids', 'pyramids in the desert'],
        cacti: ['a sandy desert with cacti', 'a desert with cacti'],
      };
      return { light: desert(s, kind).light, words: words[kind] };
    },
    place: (s) => desert(s, s.r.pick(['pyramids', 'cacti', 'dunes'])),
  },
  beach: {
    weight: 1,
    words: ['a tropical beach', 'a sandy beach with palm trees', 'a beach by the sea'],
    draw: (s) => ({ light: beach(s).light }),
    place: (s) => beach(s, s.r.chance(0.4)),
  },
} satisfies Record<string, Subject>;
