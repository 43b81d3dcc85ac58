import { type Colour, css, darker, jittered, lighter, mix } from './colour.ts';
import { light, lit } from './light.ts';
import { backdrop, ground, hills, sky } from './nature.ts';
import type { Scene } from './scene.ts';

export const skins = ['#f3cfb3', '#e8b894', '#d39a73', '#a86c46', '#7a4a2e', '#f0c3a0'];
const hairs = ['#2a1c14', '#4a2f1c', '#7a4a24', '#b8843c', '#1a1818', '#8a3a1c'];
const greys = ['#e4e2de', '#c8c6c4', '#a8a6a6', '#f2f0ec'];
const clothes = ['#3a4a6a', '#6a2a2a', '#2a4a3a', '#55504a', '#7a6a4a', '#2a2a30', '#a86a3a', '#5a3a5a'];

/** A small figure, h high, feet at y. */
export function figure({ p }: Scene, x: number, y: number, h: number, coat: Colour, skin: Colour): void {
  p.rect(x - h * 0.09, y - h * 0.45, h * 0.075, h * 0.45, darker(coat, 0.5));
  p.rect(x + h * 0.015, y - h * 0.45, h * 0.075, h * 0.45, darker(coat, 0.55));
  p.ellipse(x, y - h * 0.6, h * 0.13, h * 0.22, coat);
  for (const k of [-1, 1])
    p.line(
      [
        [x + k * h * 0.12, y - h * 0.7],
        [x + k * h * 0.17, y - h * 0.45],
      ],
      h * 0.06,
      darker(coat, 0.12),
    );
  p.ellipse(x, y - h * 0.88, h * 0.085, h * 0.1, skin);
  p.ellipse(x, y - h * 0.93, h * 0.088, h * 0.06, darker(coat, 0.65));
}

type Hat = 'fedora' | 'top hat' | 'beanie' | 'cap' | 'cowboy hat';
export const hats: readonly Hat[] = ['fedora', 'fedora', 'top hat', 'beanie', 'cap', 'cowboy hat'];

export interface Sitter {
  old?: boolean;
  long?: boolean;
  bald?: boolean;
  bun?: boolean;
  beard?: boolean;
  /** 0 stubble, 1 down to the chest */
  beardLength?: number;
  moustache?: boolean;
  glasses?: boolean;
  lips?: boolean;
  hat?: Hat | undefined;
  apron?: boolean;
  cup?: boolean;
  clothes?: readonly string[];
}

/** Head and shoulders, face to the viewer; s is half a head's width. */
export function portrait(scene: Scene, o: Sitter): void {
  const { p, r } = scene;
  const skin = jittered(r, r.pick(skins), 8);
  const x = r.between(0.44, 0.56);
  const y = r.between(0.41, 0.48);
  const s = scene.loose ? r.between(0.15, 0.3) : r.between(0.175, 0.23);
  const hair = jittered(r, r.pick(o.old ? greys : hairs), 8);
  const from = r.side(); // the lit side
  const coat = jittered(r, r.pick(o.clothes ?? clothes), 12);
  // In three quarters the face moves over the head, and the far ear behind it.
  const turn = r.between(-0.12, 0.12) * s * (scene.loose ? 3.2 : 1);
  const across = (c: Colour, width: number, dark = 0.42) =>
    p.linear(x - from * s * width, 0, x + from * s * width, 0, [
      [0, lighter(c, 0.2)],
      [0.5, rgbOf(c)],
      [1, darker(c, dark)],
    ]);

  p.shape(
    [x - s * 2.05, 1.1],
    [
      [x - s * 2, y + s * 1.75, x - s * 1.1, y + s * 1.65, x - s * 0.45, y + s * 1.4],
      [x + s * 0.45, y + s * 1.4],
      [x + s * 1.1, y + s * 1.65, x + s * 2, y + s * 1.75, x + s * 2.05, 1.1],
    ],
    across(coat, 2, 0.5),
  );
  if (o.apron) {
    const apron = jittered(r, r.pick(['#6a4a30', '#2f5a48', '#3a3a40', '#8a5a3a']), 8);
    p.poly(
      [
        [x - s * 0.9, 1.1],
        [x - s * 0.75, y + s * 1.95],
        [x + s * 0.75, y + s * 1.95],
        [x + s * 0.9, 1.1],
      ],
      apron,
    );
    for (const k of [-1, 1])
      p.line(
        [
          [x + k * s * 0.7, y + s * 2],
          [x + k * s * 0.5, y + s * 1.4],
        ],
        s * 0.13,
        apron,
      );
  } else if (r.chance(0.5)) {
    p.poly(
      [
        [x - s * 0.42, y + s * 1.4],
        [x, y + s * 2.1],
        [x + s * 0.42, y + s * 1.4],
      ],
      r.chance(0.6) ? '#f0ece6' : darker(coat, 0.3),
    );
    if (r.chance(0.4))
      p.poly(
        [
          [x - s * 0.1, y + s * 1.75],
          [x + s * 0.1, y + s * 1.75],
          [x + s * 0.14, 1.1],
          [x - s * 0.14, 1.1],
        ],
        r.pick(['#8a2a2a', '#2a3a6a', '#303030']),
      );
  }
  if (o.long)
    p.shape(
      [x - s * 0.8, y - s * 0.6],
      [
        [x - s * 1.35, y + s * 0.2, x - s, y + s, x - s * 1.25, y + s * 1.75],
        [x + s * 1.25, y + s * 1.75],
        [x + s, y + s, x + s * 1.35, y + s * 0.2, x + s * 0.8, y - s * 0.6],
      ],
      darker(hair, 0.15),
    );

  // neck, ears, head
  p.poly(
    [
      [x - s * 0.42, y + s * 0.7],
      [x + s * 0.42, y + s * 0.7],
      [x + s * 0.46, y + s * 1.5],
      [x, y + s * 1.75],
      [x - s * 0.46, y + s * 1.5],
    ],
    darker(skin, 0.22),
  );
  for (const k of [-1, 1])
    if (k * turn < s * 0.2)
      p.ellipse(x + k * s * 0.86 - turn * 0.5, y + s * 0.1, s * 0.14, s * 0.25, darker(skin, 0.15));
  p.ellipse(x, y, s * 0.86, s * 1.14, across(skin, 0.9));
  p.ellipse(x - from * s * 0.3, y - s * 0.45, s * 0.4, s * 0.35, css(lighter(skin, 0.4), 0.25));
  for (const k of [-1, 1])
    p.ellipse(x + k * s * 0.45 + turn, y + s * 0.36, s * 0.22, s * 0.16, css('#e07060', 0.18));
  if (o.beard) beard(scene, x, y, s, o.old ? hair : darker(hair, 0.1), o.beardLength ?? 1, from);
  face(scene, x + turn, y, s, skin, hair, from, o);
  top(scene, x, y, s, hair, from, o);
  if (o.hat) hat(scene, o.hat, x, y - s * 0.5, s, from);
  if (o.cup) cup(scene, x + from * s * 1.25, s * 0.5, skin);
}

const rgbOf = (c: Colour) => mix(c, c, 0);

function beard(
  { p, r }: Scene,
  x: number,
  y: number,
  s: number,
  colour: Colour,
  length: number,
  from: number,
): void {
  const chin = y + s * (1.3 + 0.65 * length);
  const jaw = y + s * (1.2 + 0.5 * length);
  const paint = p.across(x - from * s, x + from * s, lighter(colour, 0.12), darker(colour, 0.35));
  p.shape(
    [x - s * 0.87, y + s * 0.05],
    [
      [x - s * 0.9, jaw, x - s * 0.3, chin, x, chin],
      [x + s * 0.3, chin, x + s * 0.9, jaw, x + s * 0.87, y + s * 0.05],
      [x + s * 0.6, y + s * 0.5, x + s * 0.45, y + s * 0.42, x, y + s * 0.44],
      [x - s * 0.45, y + s * 0.42, x - s * 0.6, y + s * 0.5, x - s * 0.87, y + s * 0.05],
    ],
    paint,
  );
  for (let i = 0; i < 6; i++) {
    const bx = x + r.between(-0.55, 0.55) * s;
    p.line(
      [
        [bx, y + s * 0.75],
        [bx * 0.9 + x * 0.1, y + s * (1.1 + 0.4 * length)],
      ],
      s * 0.04,
      css(darker(colour, 0.3), 0.5),
    );
  }
}

function face(
  { p, r }: Scene,
  x: number,
  y: number,
  s: number,
  skin: Colour,
  hair: Colour,
  from: number,
  o: Sitter,
): void {
  const ey = y - s * 0.05;
  const iris = r.pick(['#3a2414', '#2a4a6a', '#3a5a3a']);
  for (const k of [-1, 1]) {
    const ex = x + k * s * 0.36;
    p.ellipse(ex, ey + s * 0.02, s * 0.22, s * 0.15, css(darker(skin, 0.3), 0.6));
    p.ellipse(ex, ey, s * 0.165, s * 0.085, '#f4f0ea');
    p.ellipse(ex, ey, s * 0.085, s * 0.085, iris);
    p.line(
      [
        [ex - s * 0.2, ey - s * 0.2],
        [ex + s * 0.2, ey - s * (o.old ? 0.2 : 0.24)],
      ],
      s * 0.09,
      darker(hair, 0.22),
    );
    if (o.old)
      p.line(
        [
          [ex - s * 0.14, ey + s * 0.2],
          [ex + s * 0.16, ey + s * 0.22],
        ],
        s * 0.04,
        css(darker(skin, 0.42), 0.8),
      );
  }
  if (o.old)
    for (let i = 0; i < 3; i++)
      p.curve(
        [x - s * 0.5, y - s * (0.42 + i * 0.14)],
        [x, y - s * (0.5 + i * 0.14)],
        [x + s * 0.5, y - s * (0.42 + i * 0.14)],
        s * 0.035,
        css(darker(skin, 0.4), 0.65),
      );
  p.poly(
    [
      [x - s * 0.05, ey + s * 0.05],
      [x + from * s * 0.17, y + s * 0.38],
      [x - s * 0.15, y + s * 0.4],
    ],
    css(darker(skin, 0.28), 0.75),
  );
  p.ellipse(x, y + s * 0.37, s * 0.16, s * 0.09, darker(skin, 0.18));
  if (o.moustache || o.beard)
    for (const k of [-1, 1])
      p.ellipse(
        x + k * s * 0.2,
        y + s * 0.53,
        s * 0.26,
        s * 0.1,
        darker(hair, o.old ? 0.05 : 0.15),
        k * 0.25,
      );
  const smile = r.between(-0.02, 0.09);
  p.curve(
    [x - s * 0.22, y + s * 0.65],
    [x, y + s * (0.66 + smile)],
    [x + s * 0.22, y + s * 0.65],
    s * 0.08,
    o.lips ? '#b83a48' : mix(darker(skin, 0.35), '#a04038', 0.45),
  );
  if (o.old && !o.beard)
    for (const k of [-1, 1])
      p.curve(
        [x + k * s * 0.2, y + s * 0.35],
        [x + k * s * 0.42, y + s * 0.5],
        [x + k * s * 0.38, y + s * 0.75],
        s * 0.04,
        css(darker(skin, 0.42), 0.7),
      );
  if (!o.glasses) return;
  for (const k of [-1, 1]) p.ring(x + k * s * 0.36, ey, s * 0.27, s * 0.22, s * 0.07, '#20181a');
  p.line(
    [
      [x - s * 0.1, ey],
      [x + s * 0.1, ey],
    ],
    s * 0.07,
    '#20181a',
  );
}

function top({ p }: Scene, x: number, y: number, s: number, hair: Colour, from: number, o: Sitter): void {
  if (o.bald) for (const k of [-1, 1]) p.ellipse(x + k * s * 0.84, y - s * 0.15, s * 0.16, s * 0.42, hair);
  else if (!o.hat || o.long) {
    const paint = p.across(x - from * s, x + from * s, lighter(hair, 0.15), darker(hair, 0.35));
    p.shape(
      [x - s * 0.95, y + s * 0.05],
      [
        [x - s * 1.1, y - s * 1.5, x + s * 1.1, y - s * 1.5, x + s * 0.95, y + s * 0.05],
        [x + s * 0.8, y - s * 0.5, x + s * 0.5, y - s * 0.68, x + from * s * 0.2, y - s * 0.66],
        [x - s * 0.5, y - s * 0.7, x - s * 0.8, y - s * 0.45, x - s * 0.95, y + s * 0.05],
      ],
      paint,
    );
    if (o.bun) p.ellipse(x, y - s * 1.3, s * 0.3, s * 0.28, hair);
  } else for (const k of [-1, 1]) p.rect(x + k * s * 0.84 - s * 0.1, y - s * 0.5, s * 0.2, s * 0.55, hair);
}

function hat({ p, r }: Scene, kind: Hat, x: number, y: number, s: number, from: number): void {
  const c = jittered(
    r,
    r.pick(['#3a2a20', '#6a5038', '#1c1c22', '#7a2a28', '#2a3a5a', '#b89a60', '#d8c090', '#445a40']),
    10,
  );
  const felt = p.linear(x - from * s * 1.2, 0, x + from * s * 1.2, 0, [
    [0, lighter(c, 0.22)],
    [0.5, c],
    [1, darker(c, 0.45)],
  ]);
  const band = r.pick(['#181818', '#8a2a2a', '#d8c8a0', '#2a3a5a']);
  const draw: Record<Hat, () => void> = {
    fedora: () => {
      p.shape(
        [x - s * 0.82, y + s * 0.02],
        [
          [x - s * 0.85, y - s * 0.95, x - s * 0.4, y - s * 1.05, x, y - s * 0.82],
          [x + s * 0.4, y - s * 1.05, x + s * 0.85, y - s * 0.95, x + s * 0.82, y + s * 0.02],
        ],
        felt,
      );
      p.rect(x - s * 0.83, y - s * 0.26, s * 1.66, s * 0.22, band);
      p.ellipse(x, y, s * 1.55, s * 0.24, felt);
    },
    'top hat': () => {
      p.rect(x - s * 0.72, y - s * 1.3, s * 1.44, s * 1.3, felt);
      p.ellipse(x, y - s * 1.3, s * 0.72, s * 0.1, lighter(c, 0.1));
      p.rect(x - s * 0.73, y - s * 0.28, s * 1.46, s * 0.22, band);
      p.ellipse(x, y, s * 1.25, s * 0.18, felt);
    },
    beanie: () => {
      p.shape(
        [x - s * 0.92, y + s * 0.1],
        [[x - s * 0.95, y - s * 1.15, x + s * 0.95, y - s * 1.15, x + s * 0.92, y + s * 0.1]],
        felt,
      );
      p.rect(x - s * 0.96, y - s * 0.14, s * 1.92, s * 0.3, lighter(c, 0.18));
    },
    cap: () => {
      p.shape(
        [x - s * 0.9, y + s * 0.05],
        [[x - s * 0.9, y - s * 0.95, x + s * 0.9, y - s * 0.95, x + s * 0.9, y + s * 0.05]],
        felt,
      );
      p.ellipse(x + from * s * 0.35, y + s * 0.08, s * 1.05, s * 0.17, darker(c, 0.25));
    },
    'cowboy hat': () => {
      p.shape(
        [x - s * 0.75, y],
        [
          [x - s * 0.8, y - s * 1.1, x - s * 0.3, y - s * 1.15, x, y - s * 0.9],
          [x + s * 0.3, y - s * 1.15, x + s * 0.8, y - s * 1.1, x + s * 0.75, y],
        ],
        felt,
      );
      p.shape(
        [x - s * 1.8, y - s * 0.35],
        [
          [x, y + s * 0.55, x + s * 1.8, y - s * 0.35],
          [x, y + s * 0.1, x - s * 1.8, y - s * 0.35],
        ],
        felt,
      );
      p.rect(x - s * 0.76, y - s * 0.26, s * 1.52, s * 0.18, band);
    },
  };
  draw[kind]();
}

function cup({ p }: Scene, x: number, s: number, skin: Colour): void {
  p.ellipse(x, 0.9 + s * 0.3, s * 0.8, s * 0.7, darker(skin, 0.1));
  p.rect(
    x - s * 0.6,
    0.9 - s * 0.7,
    s * 1.2,
    s * 1.3,
    p.across(x - s * 0.6, x + s * 0.6, '#ffffff', '#b8b4ac'),
  );
  p.ellipse(x, 0.9 - s * 0.7, s * 0.6, s * 0.16, '#5a3418');
}

/** Behind a sitter: shelves of a bar, open air, or a wall. */
export function behindPortrait(s: Scene, cafe = false): void {
  const { p, r } = s;
  if (cafe || r.chance(0.2)) {
    const wall = jittered(r, r.pick(['#6a4a34', '#4a3a34', '#7a5a40', '#3a4a48']), 10);
    p.cover(p.down(0, 1, darker(wall, 0.2), darker(wall, 0.45)));
    for (let j = 0; j < 3; j++) {
      const y = 0.16 + j * 0.22;
      p.rect(-0.1, y, 1.2, 0.022, lighter(wall, 0.25));
      for (let i = 0; i < 8; i++)
        if (r.chance(0.7)) {
          const h = r.between(0.05, 0.12);
          p.rect(
            i * 0.14 + r.between(-0.04, 0.03),
            y - h,
            r.between(0.04, 0.08),
            h,
            jittered(r, r.pick(['#d8c8a8', '#a85a3a', '#5a7a6a', '#e8e0d0', '#8a6a4a']), 14),
          );
        }
    }
    r.times(1, 3, () => {
      const x = r.unit();
      p.dot(x, 0.06, 0.05, css('#ffd890', 0.75));
      p.dot(x, 0.06, 0.12, css('#ffc060', 0.25));
    });
  } else if (r.chance(0.4)) {
    const l = light(s, ['day', 'morning', 'sunset', 'cloudy']);
    const horizon = r.between(0.5, 0.7);
    sky(s, l, horizon);
    hills(s, horizon - 0.03, 0.05, 0.55, mix(lit(l, '#6a8a60'), l.low, 0.3), 16);
    ground(s, l, horizon + 0.02, '#8aa860', '#5a7a44');
  } else
    backdrop(s, [
      '#4a4038',
      '#5a6a78',
      '#8a7a68',
      '#3a4a44',
      '#a89888',
      '#6a3a34',
      '#c8c0b4',
      '#2a2e3a',
      '#48586a',
    ]);
}
