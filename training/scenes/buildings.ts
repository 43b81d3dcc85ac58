import { type Colour, css, darker, lighter, mix, type Rgb } from './colour.ts';
import { isDark, type Light, lit } from './light.ts';
import { shadow, windowLight } from './nature.ts';
import type { Scene } from './scene.ts';

export const walls = ['#f2e3c6', '#e9c7a0', '#d8e2e6', '#f0b49c', '#f5d98a', '#c98a6a', '#ffffff', '#e6a8a8'];

export interface HouseStyle {
  /** a terrace instead of a gable */
  flat?: boolean;
  roofHeight?: number;
  columns?: number;
  rows?: number;
  door?: boolean;
  /** windows shine whatever the hour */
  warm?: boolean;
}

/** A house standing on y, from x to x + w. */
export function house(
  { p, r }: Scene,
  l: Light,
  x: number,
  y: number,
  w: number,
  h: number,
  wall: Colour,
  roof: Colour,
  style: HouseStyle = {},
): void {
  const wallColour = lit(l, wall);
  const roofColour = lit(l, roof);
  p.rect(x, y - h, w, h, p.across(x, x + w, lighter(wallColour, 0.08), darker(wallColour, 0.25)));
  const roofHeight = style.roofHeight ?? h * r.between(0.5, 0.8);
  if (style.flat) p.rect(x - w * 0.04, y - h - h * 0.07, w * 1.08, h * 0.1, roofColour);
  else {
    const paint = p.across(x, x + w, lighter(roofColour, 0.1), darker(roofColour, 0.2));
    p.poly(
      [
        [x - w * 0.12, y - h],
        [x + w * 0.5, y - h - roofHeight],
        [x + w * 1.12, y - h],
      ],
      paint,
    );
    p.rect(x, y - h, w, h * 0.06, css(darker(wallColour, 0.5), 0.5));
  }
  const columns = style.columns ?? 2;
  const rows = style.rows ?? 1;
  for (let i = 0; i < columns; i++)
    for (let j = 0; j < rows; j++) {
      const ww = ((w * 0.62) / columns) * 0.6;
      const wx = x + w * 0.15 + (w * 0.7 * (i + 0.5)) / columns - ww / 2;
      p.rect(
        wx,
        y - h * 0.85 + (j * h * 0.8) / rows,
        ww,
        (h * 0.28) / Math.max(1, rows * 0.7),
        windowLight(r, l, wallColour, style.warm),
      );
    }
  if (style.door) p.rect(x + w * 0.42, y - h * 0.42, w * 0.18, h * 0.42, lit(l, '#5a3820'));
}

export interface Tower {
  x: number;
  w: number;
  top: number;
  base: number;
  stone: Rgb;
}

/** The Campanile: shaft, clock, belfry of three arches, obelisks, pyramid and lantern. */
export function bellTower({ p }: Scene, l: Light, { x, w, top, base, stone }: Tower): void {
  const height = base - top;
  const shade = darker(stone, 0.28);
  const night = l.strength < 0.5;
  const column = p.linear(x - w / 2, 0, x + w / 2, 0, [
    [0, lighter(stone, 0.12)],
    [0.6, stone],
    [0.64, shade],
    [1, darker(shade, 0.12)],
  ]);
  const belfry = top + height * 0.3;
  p.rect(x - w / 2, belfry, w, base - belfry, column);
  for (let i = 1; i < 5; i++)
    p.rect(
      x - w / 2 + (w * i) / 5 - w * 0.027,
      belfry + height * 0.04,
      w * 0.05,
      base - belfry - height * 0.06,
      css(darker(stone, 0.35), 0.5),
    );
  for (let i = 0; i < 4; i++)
    p.rect(
      x - w * 0.04,
      belfry + height * 0.13 + i * (base - belfry) * 0.2,
      w * 0.08,
      height * 0.032,
      darker(stone, 0.65),
    );
  p.rect(x - w * 0.56, belfry - height * 0.015, w * 1.12, height * 0.025, lighter(stone, 0.2));
  const cy = belfry + height * 0.075;
  const cr = w * 0.3;
  p.dot(x, cy, cr * 1.12, darker(stone, 0.4));
  p.dot(x, cy, cr, night ? '#ffe9a8' : '#fbf8ec');
  p.line(
    [
      [x, cy],
      [x + cr * 0.1, cy - cr * 0.75],
    ],
    cr * 0.16,
    '#222222',
  );
  p.line(
    [
      [x, cy],
      [x + cr * 0.5, cy + cr * 0.12],
    ],
    cr * 0.16,
    '#222222',
  );
  const arcade = top + height * 0.17;
  p.rect(x - w / 2, arcade, w, belfry - arcade - height * 0.014, column);
  for (let i = 0; i < 3; i++) {
    const ax = x - w * 0.5 + (w * (i + 0.5)) / 3;
    const a = w * 0.1;
    const arch = belfry - (belfry - arcade) * 0.72 + a;
    const foot = belfry - height * 0.016;
    p.shape(
      [ax - a, foot],
      [
        [ax - a, arch],
        [ax - a, arch - a * 1.3, ax + a, arch - a * 1.3, ax + a, arch],
        [ax + a, foot],
      ],
      night ? '#ffcf70' : darker(mix(stone, l.top, 0.4), 0.55),
    );
  }
  p.rect(x - w * 0.58, arcade - height * 0.012, w * 1.16, height * 0.022, lighter(stone, 0.18));
  for (const s of [-1, 1])
    p.poly(
      [
        [x + s * w * 0.5 - w * 0.09, arcade],
        [x + s * w * 0.5, arcade - height * 0.055],
        [x + s * w * 0.5 + w * 0.09, arcade],
      ],
      stone,
    );
  p.poly(
    [
      [x - w * 0.44, arcade - height * 0.01],
      [x, top],
      [x + w * 0.44, arcade - height * 0.01],
    ],
    p.linear(x - w * 0.44, 0, x + w * 0.44, 0, [
      [0, lighter(stone, 0.18)],
      [0.52, stone],
      [0.56, shade],
      [1, shade],
    ]),
  );
  p.ellipse(x, top, w * 0.07, height * 0.017, night ? '#ffe080' : darker(stone, 0.3));
}

/** A lighthouse without its rock, standing on y. */
export function lighthouse({ p }: Scene, l: Light, x: number, y: number, h: number, stripe: Colour): void {
  const w = h * 0.125;
  const top = y - h;
  if (isDark(l))
    for (const s of [-1, 1])
      p.poly(
        [
          [x, top - h * 0.06],
          [x + s * 0.7, top - 0.16],
          [x + s * 0.7, top + 0.08],
        ],
        css('#fff3b0', 0.28),
      );
  p.poly(
    [
      [x - w, y],
      [x - w * 0.6, top],
      [x + w * 0.6, top],
      [x + w, y],
    ],
    p.across(x - w, x + w, lit(l, '#ffffff'), lit(l, '#b8bcc4')),
  );
  for (let i = 0; i < 3; i++) {
    const y0 = top + h * (0.1 + i * 0.3);
    const y1 = y0 + h * 0.15;
    const k = (yy: number) => w * (0.6 + (0.4 * (yy - top)) / h);
    p.poly(
      [
        [x - k(y0), y0],
        [x + k(y0), y0],
        [x + k(y1), y1],
        [x - k(y1), y1],
      ],
      p.across(x - w, x + w, lit(l, stripe), darker(lit(l, stripe), 0.35)),
    );
  }
  p.rect(x - w * 0.8, top - h * 0.022, w * 1.6, h * 0.035, lit(l, '#404048'));
  p.rect(x - w * 0.42, top - h * 0.115, w * 0.84, h * 0.1, isDark(l) ? '#ffe890' : lit(l, '#cfe4f0'));
  p.poly(
    [
      [x - w * 0.6, top - h * 0.11],
      [x, top - h * 0.21],
      [x + w * 0.6, top - h * 0.11],
    ],
    lit(l, stripe),
  );
}

/** A castle of three towers and a wall, standing on y, as wide as it is high. */
export function castle(
  { p, r }: Scene,
  l: Light,
  x: number,
  y: number,
  h: number,
  stone: Colour,
  roofs: Colour,
): void {
  const u = h / 0.56;
  const st = lit(l, stone);
  const rf = lit(l, roofs);
  const tower = (cx: number, w: number, height: number, roof: boolean) => {
    const t = y - height;
    p.rect(cx - w / 2, t, w, height, p.across(cx - w / 2, cx + w / 2, lighter(st, 0.15), darker(st, 0.3)));
    if (roof)
      p.poly(
        [
          [cx - w * 0.65, t],
          [cx, t - w * 1.5],
          [cx + w * 0.65, t],
        ],
        p.across(cx - w / 2, cx + w / 2, lighter(rf, 0.1), darker(rf, 0.3)),
      );
    else for (let i = 0; i < 3; i++) p.rect(cx - w / 2 + w * i * 0.4, t - 0.025 * u, w * 0.2, 0.027 * u, st);
    p.rect(cx - 0.01 * u, t + 0.06 * u, 0.02 * u, 0.045 * u, windowLight(r, l, st));
  };
  shadow({ p, r, medium: 'photo' }, x, y, 0.4 * u, 0.03 * u);
  const back = r.chance(0.7);
  if (back) tower(x, 0.16 * u, r.between(0.44, 0.54) * u, true);
  p.rect(
    x - 0.28 * u,
    y - 0.2 * u,
    0.56 * u,
    0.2 * u,
    p.across(x - 0.28 * u, x + 0.28 * u, st, darker(st, 0.25)),
  );
  for (let i = 0; i < 8; i++) p.rect(x + (-0.28 + i * 0.072) * u, y - 0.225 * u, 0.036 * u, 0.03 * u, st);
  const pointed = r.chance(0.8);
  tower(x - 0.27 * u, 0.12 * u, r.between(0.34, 0.42) * u, pointed);
  tower(x + 0.27 * u, 0.12 * u, r.between(0.34, 0.42) * u, pointed);
  if (!back) for (const k of [-1, 1]) tower(x + k * 0.11 * u, 0.1 * u, r.between(0.36, 0.46) * u, true);
  p.shape(
    [x - 0.05 * u, y],
    [
      [x - 0.05 * u, y - 0.08 * u],
      [x - 0.05 * u, y - 0.15 * u, x + 0.05 * u, y - 0.15 * u, x + 0.05 * u, y - 0.08 * u],
      [x + 0.05 * u, y],
    ],
    darker(st, 0.7),
  );
}
