/**
 * The page's own pictures and masks, drawn by the code that drew the training set but placed by hand:
 * none of them can come out of `renderScene`, so the model has never seen one.
 */
import { bellTower, house, lighthouse } from './buildings.ts';
import { css, darker, lighter, mix, rgb } from './colour.ts';
import { type Light, lit } from './light.ts';
import { cloud, farHills, ground, hills, palm, shadow, sky, tree, water } from './nature.ts';
import { render } from './render.ts';
import type { Medium, Scene } from './scene.ts';
import { sittingDog } from './subjects/animals.ts';

const noon: Light = {
  time: 'day',
  top: rgb('#3a80cc'),
  low: rgb('#bcdcf2'),
  sun: rgb('#fffbe0'),
  ambient: rgb('#fffaf0'),
  strength: 0.98,
  words: 'in daylight',
  sunX: 0.85,
};

/** A clear tower on blue sky, trees at its foot. */
function campanile(s: Scene): void {
  sky(s, noon, 0.78, false);
  cloud(s, 0.16, 0.3, 0.11, '#ffffff', 0.45);
  farHills(s, noon, 0.73, 0.025, '#6f8a7c');
  ground(s, noon, 0.79, '#7a9f56', '#55803f');
  house(s, noon, -0.06, 0.87, 0.3, 0.12, '#e6dfd0', '#b8653c', { roofHeight: 0.045, columns: 4 });
  for (const [x, y, h] of [
    [0.3, 0.85, 0.15],
    [0.66, 0.86, 0.2],
    [0.8, 0.86, 0.17],
    [0.94, 0.88, 0.24],
    [0.42, 0.84, 0.1],
  ] as const)
    tree(s, x, y, h, lit(noon, '#477a3c'));
  bellTower(s, noon, { x: 0.53, w: 0.128, top: 0.07, base: 0.89, stone: lit(noon, '#ddd6c8') });
  for (const [x, y, h] of [
    [0.08, 0.99, 0.27],
    [0.26, 0.98, 0.19],
    [0.83, 1.0, 0.28],
    [0.67, 0.97, 0.15],
  ] as const)
    tree(s, x, y, h, lit(noon, '#386a33'));
}

/** Felt pens on white paper, held by a child: thick lines that do not quite meet. */
function feltPen({ p, r }: Scene) {
  p.cover('#fdfdfb');
  const shake = () => r.between(-0.006, 0.006);
  const stroke = (points: readonly (readonly [number, number])[], colour: string, width = 0.022) =>
    p.line(
      points.map(([x, y]) => [x + shake(), y + shake()] as const),
      width,
      css(colour, 0.92),
    );
  const hatch = (x: number, y: number, w: number, h: number, colour: string) => {
    const n = Math.round(h / 0.028);
    const path = Array.from(
      { length: n * 2 },
      (_, i) => [i % 4 === 0 || i % 4 === 3 ? x : x + w, y + (h * Math.floor(i / 2)) / (n - 1)] as const,
    );
    stroke(path, colour, 0.026);
  };
  const circle = (x: number, y: number, a: number, b: number, colour: string, width = 0.022) =>
    stroke(
      Array.from(
        { length: 19 },
        (_, i) => [x + a * Math.cos(i * 0.355), y + b * Math.sin(i * 0.355)] as const,
      ),
      colour,
      width,
    );
  return { stroke, hatch, circle };
}

function drawnHouse(s: Scene): void {
  const { stroke, hatch, circle } = feltPen(s);
  hatch(-0.02, 0.04, 1.04, 0.3, '#8ec4ee');
  hatch(-0.02, 0.78, 1.04, 0.24, '#58a848');
  hatch(0.31, 0.52, 0.4, 0.29, '#f0d8a0');
  hatch(0.4, 0.36, 0.22, 0.14, '#c8452e');
  stroke(
    [
      [0.3, 0.82],
      [0.3, 0.51],
      [0.72, 0.51],
      [0.72, 0.82],
      [0.3, 0.82],
    ],
    '#4a3020',
  );
  stroke(
    [
      [0.25, 0.52],
      [0.51, 0.27],
      [0.78, 0.52],
    ],
    '#b03020',
    0.034,
  );
  hatch(0.46, 0.64, 0.1, 0.17, '#7a4a28');
  stroke(
    [
      [0.35, 0.58],
      [0.42, 0.58],
      [0.42, 0.66],
      [0.35, 0.66],
      [0.35, 0.58],
    ],
    '#305a90',
  );
  stroke(
    [
      [0.61, 0.58],
      [0.68, 0.58],
      [0.68, 0.66],
      [0.61, 0.66],
      [0.61, 0.58],
    ],
    '#305a90',
  );
  stroke(
    [
      [0.13, 0.82],
      [0.13, 0.6],
    ],
    '#6a4426',
    0.034,
  );
  circle(0.13, 0.53, 0.08, 0.09, '#3a8a3a', 0.05);
  circle(0.86, 0.14, 0.06, 0.06, '#f2b81e', 0.045);
}

function drawnPerson(s: Scene): void {
  const { stroke, hatch, circle } = feltPen(s);
  hatch(0.24, 0.76, 0.52, 0.26, '#3a62a8');
  hatch(0.38, 0.34, 0.24, 0.32, '#f0c4a0');
  circle(0.5, 0.5, 0.165, 0.215, '#6a4630');
  hatch(0.36, 0.14, 0.28, 0.13, '#5a3a22');
  stroke(
    [
      [0.22, 0.3],
      [0.78, 0.3],
    ],
    '#4a2e1a',
    0.055,
  );
  stroke(
    [
      [0.35, 0.29],
      [0.36, 0.12],
      [0.64, 0.12],
      [0.65, 0.29],
    ],
    '#4a2e1a',
    0.03,
  );
  for (const x of [0.43, 0.57]) circle(x, 0.46, 0.018, 0.016, '#1c1814', 0.022);
  stroke(
    [
      [0.5, 0.49],
      [0.53, 0.56],
      [0.49, 0.57],
    ],
    '#a86a4a',
    0.018,
  );
  stroke(
    [
      [0.43, 0.63],
      [0.5, 0.655],
      [0.57, 0.63],
    ],
    '#b03a38',
    0.022,
  );
  stroke(
    [
      [0.2, 1.02],
      [0.24, 0.82],
      [0.4, 0.74],
      [0.6, 0.74],
      [0.76, 0.82],
      [0.8, 1.02],
    ],
    '#26406e',
    0.03,
  );
}

function drawnVolcano(s: Scene): void {
  const { stroke, hatch, circle } = feltPen(s);
  hatch(-0.02, 0.03, 1.04, 0.3, '#9a86b8');
  hatch(-0.02, 0.84, 1.04, 0.16, '#5a6a3c');
  for (let i = 0; i < 9; i++)
    stroke(
      [
        [0.44 - i * 0.033, 0.42 + i * 0.052],
        [0.56 + i * 0.033, 0.42 + i * 0.052],
      ],
      '#5a4440',
      0.05,
    );
  stroke(
    [
      [0.14, 0.9],
      [0.43, 0.4],
      [0.57, 0.4],
      [0.87, 0.9],
    ],
    '#33261f',
    0.03,
  );
  for (const [x, y] of [
    [0.32, 0.12],
    [0.42, 0.05],
    [0.5, 0.04],
    [0.59, 0.07],
    [0.69, 0.15],
  ] as const)
    stroke(
      [
        [0.5, 0.39],
        [x, y],
      ],
      x === 0.5 ? '#ffb020' : '#ee4a18',
      0.036,
    );
  stroke(
    [
      [0.5, 0.4],
      [0.47, 0.56],
      [0.53, 0.68],
      [0.48, 0.84],
    ],
    '#ee3a10',
    0.05,
  );
  stroke(
    [
      [0.55, 0.42],
      [0.62, 0.58],
      [0.64, 0.72],
    ],
    '#ff8a1c',
    0.036,
  );
  circle(0.28, 0.1, 0.08, 0.045, '#6a6468', 0.04);
  circle(0.74, 0.08, 0.08, 0.045, '#6a6468', 0.04);
}

function webLighthouse(s: Scene): void {
  const { p } = s;
  sky(s, noon, 0.6, false);
  cloud(s, 0.75, 0.2, 0.16, '#ffffff', 0.6);
  cloud(s, 0.2, 0.34, 0.1, '#ffffff', 0.5);
  water(s, noon, 0.6, '#2c6c98');
  const rock = lit(noon, '#6f6a60');
  p.poly(
    [
      [0.1, 1.1],
      [0.2, 0.84],
      [0.36, 0.765],
      [0.62, 0.77],
      [0.8, 0.86],
      [0.95, 1.1],
    ],
    p.down(0.76, 1, lighter(rock, 0.1), darker(rock, 0.4)),
  );
  p.ellipse(0.48, 0.775, 0.16, 0.022, lit(noon, '#6a9a48'));
  house(s, noon, 0.53, 0.775, 0.13, 0.075, '#f4f0e8', '#a04030', { roofHeight: 0.045 });
  lighthouse(s, noon, 0.43, 0.775, 0.54, '#c83030');
}

function webDog(s: Scene): void {
  const evening: Light = { ...noon, top: rgb('#5f97d0'), low: rgb('#f0dcc0'), ambient: rgb('#fff0d8') };
  sky(s, evening, 0.44, false);
  farHills(s, evening, 0.42, 0.035, '#6f9a5a', 0.4);
  ground(s, evening, 0.45, '#8ab858', '#4f8a3a');
  tree(s, 0.12, 0.52, 0.3, lit(evening, '#4a7a40'));
  tree(s, 0.9, 0.5, 0.22, lit(evening, '#54823f'));
  sittingDog(s, 0.5, 0.96, 0.82, { coat: rgb('#b87a3c'), patch: rgb('#f0e4d0'), pointed: false });
}

/** An empty meadow under a wide sky: room for whatever the prompt wants. */
function meadow(s: Scene): void {
  sky(s, noon, 0.6, false);
  cloud(s, 0.24, 0.16, 0.13, '#ffffff', 0.6);
  farHills(s, noon, 0.57, 0.04, '#6a8a68', 0.4);
  ground(s, noon, 0.6, '#8fba5c', '#52893e');
  house(s, noon, 0.06, 0.72, 0.2, 0.12, '#f2e3c6', '#b04a30', { door: true, roofHeight: 0.09 });
  for (const [x, y, h] of [
    [0.34, 0.66, 0.16],
    [0.86, 0.7, 0.26],
    [0.97, 0.66, 0.18],
  ] as const)
    tree(s, x, y, h, lit(noon, '#46793c'));
  shadow(s, 0.86, 0.71, 0.12, 0.015);
}

function beach(s: Scene): void {
  const { p } = s;
  const evening: Light = {
    ...noon,
    top: rgb('#4a5a98'),
    low: rgb('#fbae6a'),
    ambient: rgb('#ffd8b0'),
    strength: 0.86,
  };
  sky(s, evening, 0.5, false);
  p.glow(0.3, 0.46, 0.45, '#ffd27a', 0.6);
  p.dot(0.3, 0.45, 0.05, '#ffe0a0');
  water(s, evening, 0.5, '#2a86a4');
  const sand = lit(evening, '#ecd49a');
  p.shape(
    [-0.1, 0.76],
    [
      [0.3, 0.72, 0.6, 0.82],
      [0.8, 0.85, 1.1, 0.8],
      [1.1, 1.1],
      [-0.1, 1.1],
    ],
    p.down(0.74, 1, lighter(sand, 0.12), darker(sand, 0.15)),
  );
  hills(s, 1.02, 0.01, 0.5, mix(sand, '#6a5a40', 0.3), 8);
  palm(s, 0.86, 0.95, 0.62, lit(evening, '#2f7f3c'), -0.18);
}

interface Recipe {
  medium: Medium;
  seed: number;
  draw: (s: Scene) => void;
}

const recipes = {
  campanile: { medium: 'photo', seed: 180, draw: campanile },
  'drawing-house': { medium: 'flat', seed: 181, draw: drawnHouse },
  'drawing-person': { medium: 'flat', seed: 182, draw: drawnPerson },
  'drawing-volcano': { medium: 'flat', seed: 183, draw: drawnVolcano },
  'web-lighthouse': { medium: 'photo', seed: 184, draw: webLighthouse },
  'web-dog': { medium: 'photo', seed: 185, draw: webDog },
  meadow: { medium: 'photo', seed: 186, draw: meadow },
  beach: { medium: 'photo', seed: 187, draw: beach },
} satisfies Record<string, Recipe>;

export type PagePicture = keyof typeof recipes;
export const pagePictures = Object.keys(recipes) as PagePicture[];

/** RGB, row by row. */
export function pagePicture(name: PagePicture, size: number): Uint8Array {
  const { medium, seed, draw } = recipes[name];
  const scene = (s: Scene) => {
    draw(s);
    return {};
  };
  return render(size, medium, seed, scene, { camera: false }).data;
}

/** Rectangles and ellipses in the unit square; inside is what may change. */
type Region =
  | { box: readonly [number, number, number, number] }
  | { ellipse: readonly [number, number, number, number] };

const masks = {
  /** belfry and spire of the campanile */
  'campanile-top': { box: [0.38, 0.02, 0.68, 0.4] },
  /** the middle of the meadow */
  'meadow-centre': { box: [0.34, 0.3, 0.8, 0.96] },
  /** the sea and sand left of the palm */
  'beach-centre': { ellipse: [0.42, 0.66, 0.3, 0.3] },
} satisfies Record<string, Region>;

export type PageMask = keyof typeof masks;
export const pageMasks = Object.keys(masks) as PageMask[];

/** 1 where the picture may change, else 0; row by row. */
export function pageMask(name: PageMask, size: number): Float32Array {
  const region: Region = masks[name];
  return Float32Array.from({ length: size * size }, (_, i) => {
    const x = ((i % size) + 0.5) / size;
    const y = (Math.floor(i / size) + 0.5) / size;
    if ('box' in region) {
      const [x0, y0, x1, y1] = region.box;
      return Number(x >= x0 && x < x1 && y >= y0 && y < y1);
    }
    const [cx, cy, a, b] = region.ellipse;
    return Number(((x - cx) / a) ** 2 + ((y - cy) / b) ** 2 < 1);
  });
}
