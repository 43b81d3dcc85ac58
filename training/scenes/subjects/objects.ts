import { css, darker, jittered, lighter, type Rgb } from '../colour.ts';
import { light } from '../light.ts';
import { backdrop, ground, meadow, shadow, sky, snowField, table, water } from '../nature.ts';
import type { Drawn, Scene, Subject } from '../scene.ts';

const pencilColours = { yellow: '#f2b824', red: '#d83a2c', blue: '#2a6ac0', green: '#3a9a4a' } as const;

/** Along the x axis, from -1 (rubber) to 1 (point), w thick either side. */
function pencil({ p }: Scene, colour: Rgb, w: number, lead: Rgb): void {
  const from = -1 + w * 2.2;
  const to = 1 - w * 3;
  const facets = [
    [-1, -0.45, lighter(colour, 0.35)],
    [-0.45, 0.4, colour],
    [0.4, 1, darker(colour, 0.36)],
  ] as const;
  for (const [upper, lower, paint] of facets) p.rect(from, w * upper, to - from, w * (lower - upper), paint);
  for (const y of [-0.45, 0.4]) p.rect(from, w * y - w * 0.05, to - from, w * 0.1, darker(colour, 0.45));
  p.rect(
    -1 + w,
    -w,
    w * 1.25,
    w * 2,
    p.linear(0, -w, 0, w, [
      [0, '#e8e8ea'],
      [0.5, '#b0b2b8'],
      [1, '#707278'],
    ]),
  );
  p.ellipse(-1 + w, 0, w * 0.9, w, '#e88a8a');
  p.rect(-1 + w * 0.9, -w, w * 0.4, w * 2, '#d87878');
  p.rect(
    -1 + w * 1.2,
    -w,
    w * 1.05,
    w * 2,
    p.linear(0, -w, 0, w, [
      [0, '#e8e8ea'],
      [0.5, '#b0b2b8'],
      [1, '#707278'],
    ]),
  );
  p.poly(
    [
      [to, -w],
      [1, 0],
      [to, w],
    ],
    p.linear(0, -w, 0, w, [
      [0, '#f8e2bc'],
      [1, '#c08e5c'],
    ]),
  );
  // The sharpener cuts each facet in an arc: the paint ends in scallops.
  for (const [upper, lower, paint] of facets)
    p.shape(
      [to - w * 0.02, w * upper],
      [[to + w * 0.75, (w * (upper + lower)) / 2, to - w * 0.02, w * lower]],
      paint,
    );
  p.poly(
    [
      [1 - w * 1.15, -w * 0.39],
      [1.01, 0],
      [1 - w * 1.15, w * 0.39],
    ],
    lead,
  );
}

/** A room with a wall, perhaps a curtain or a window, and a floor; says where that begins. */
function room(s: Scene): number {
  const { p, r } = s;
  const wall = jittered(
    r,
    r.pick(['#c8a888', '#8a3038', '#4a5a70', '#d8d0c0', '#6a4a3a', '#9ab0a0', '#303848']),
    12,
  );
  const floor = r.between(0.66, 0.76);
  p.cover(
    p.radial(r.between(0.35, 0.65), 0.3, 0.05, 0.9, [
      [0, lighter(wall, 0.25)],
      [1, darker(wall, 0.35)],
    ]),
  );
  if (r.chance(0.4))
    for (let i = 0; i < 8; i++)
      p.rect(
        i * 0.16 - 0.1,
        -0.1,
        0.05,
        floor + 0.1,
        p.across(i * 0.16 - 0.1, i * 0.16 - 0.05, darker(wall, 0.4), darker(wall, 0.15)),
      );
  else if (r.chance(0.35)) {
    const x = r.between(0.05, 0.7);
    p.rect(x, 0.08, 0.2, 0.3, '#e8f2fa');
    p.ring(x + 0.1, 0.23, 0.1, 0.15, 0.015, css('#ffffff', 0.5));
  }
  table(s, floor, ['#a8743c', '#8a5a30', '#5a3a28', '#c09060']);
  return floor;
}

/** On a meadow or a beach, as pianos stand in open-air concerts. */
function openAir(s: Scene): number {
  const { r } = s;
  const l = light(s, ['day', 'day', 'morning', 'sunset', 'cloudy']);
  const floor = r.between(0.6, 0.74);
  if (r.chance(0.7)) meadow(s, l, floor);
  else {
    sky(s, l, floor);
    water(s, l, floor - r.between(0.05, 0.12));
    ground(s, l, floor, '#e8d0a0', '#b89468', false);
  }
  return floor;
}

const pianoColours = { black: '#18181c', white: '#e8e4da', brown: '#6a3a20' } as const;

function piano(s: Scene): Drawn {
  const { p, r } = s;
  const colour = r.pick(['black', 'black', 'black', 'white', 'white', 'brown'] as const);
  const floor = r.chance(0.4) ? openAir(s) : room(s);
  p.at(0.5, floor + 0.2, 0, r.between(0.7, 1), () =>
    p.at(-0.5, -floor - 0.2, 0, 1, () => grandPiano(s, floor, colour)),
  );
  return { words: [`a ${colour} grand piano`] };
}

function grandPiano({ p, r }: Scene, floor: number, colour: keyof typeof pianoColours): void {
  const body = jittered(r, pianoColours[colour], 6);
  const x0 = r.between(0.08, 0.17);
  const x1 = r.between(0.8, 0.91);
  const y = r.between(0.49, 0.57);
  const h = r.between(0.085, 0.125);
  const lid = r.between(0.3, 0.46);
  p.mirrored(r.chance(0.5), () => {
    p.ellipse(0.5, floor + 0.2, 0.42, 0.04, css([0, 0, 0], 0.3));
    for (const x of [x0 + 0.08, x0 + 0.3, x1 - 0.1])
      p.poly(
        [
          [x - 0.022, y + h],
          [x + 0.022, y + h],
          [x + 0.012, floor + 0.2],
          [x - 0.012, floor + 0.2],
        ],
        darker(body, 0.1),
      );
    p.poly(
      [
        [x0 + 0.18, y - 0.02],
        [x0 + 0.24, y - lid],
        [x1 - 0.02, y - lid * 0.76],
        [x1, y],
      ],
      p.down(y - lid, y, lighter(body, 0.24), lighter(body, 0.05)),
    );
    p.line(
      [
        [x1 - 0.2, y],
        [x1 - 0.12, y - lid * 0.74],
      ],
      0.011,
      lighter(body, 0.5),
    );
    p.poly(
      [
        [x0 + 0.2, y],
        [x1 - 0.02, y],
        [x1 - 0.06, y - 0.05],
        [x0 + 0.22, y - 0.06],
      ],
      '#c8963c',
    );
    for (let i = 0; i < 8; i++)
      p.line(
        [
          [x0 + 0.24 + i * 0.05, y - 0.055],
          [x0 + 0.3 + i * 0.055, y],
        ],
        0.004,
        '#7a5418',
      );
    p.shape(
      [x0, y],
      [
        [x1 - 0.04, y],
        [x1 + 0.03, y + h * 0.2, x1 - 0.03, y + h],
        [x0, y + h],
      ],
      p.linear(0, y, 0, y + h, [
        [0, lighter(body, 0.32)],
        [0.3, body],
        [1, darker(body, 0.3)],
      ]),
    );
    p.rect(x0 - 0.05, y + h * 0.25, 0.24, h * 0.75, darker(body, 0.1));
    p.rect(x0 - 0.06, y + h * 0.12, 0.25, h * 0.3, '#f8f6ee');
    for (let i = 0; i < 8; i++) p.rect(x0 - 0.05 + i * 0.03, y + h * 0.12, 0.012, h * 0.17, '#151515');
    p.rect(x0 + 0.02, y - 0.1, 0.13, 0.085, lighter(body, 0.12));
    p.rect(x0 + 0.035, y - 0.09, 0.05, 0.06, '#fbf8f0');
    p.rect(x0 + 0.09, y - 0.09, 0.05, 0.06, '#f0ece0');
    if (r.chance(0.6)) {
      const bench = x0 - 0.02;
      p.rect(bench - 0.02, floor + 0.03, 0.16, 0.035, body);
      for (const k of [0, 0.11]) p.rect(bench + k, floor + 0.06, 0.012, 0.12, body);
    }
  });
}

/** s is half its width; (x, y) between the eyes. */
function skull({ p, r }: Scene, x: number, y: number, s: number): void {
  const bone = jittered(r, r.pick(['#eadfc4', '#f2ecdc', '#d8cdb0']), 8);
  p.at(x, y, r.between(-0.12, 0.12), [s * r.between(0.9, 1.04), s], () => {
    const turn = r.between(-0.12, 0.12);
    const from = r.side();
    const paint = p.radial(from * 0.4, -0.5, 0, 2, [
      [0, lighter(bone, 0.35)],
      [0.45, bone],
      [1, darker(bone, 0.6)],
    ]);
    p.shape(
      [-0.58, 0.55],
      [
        [-0.46, 1.22],
        [0, 1.46, 0.46, 1.22],
        [0.58, 0.55],
      ],
      paint,
    );
    p.ellipse(0, -0.16, 0.93, 0.92, paint);
    for (const k of [-1, 1]) p.ellipse(k * 0.62, 0.4, 0.22, 0.2, paint);
    const hollow: Rgb = [22, 16, 16];
    const size = r.between(0.2, 0.24);
    for (const k of [-1, 1]) {
      p.ellipse(k * 0.36 + turn, 0.12, size + 0.04, size + 0.03, darker(bone, 0.55));
      p.ellipse(k * 0.36 + turn, 0.14, size, size, hollow);
    }
    p.poly(
      [
        [turn * 1.2, 0.32],
        [turn * 1.2 - 0.13, 0.62],
        [turn * 1.2, 0.56],
        [turn * 1.2 + 0.13, 0.62],
      ],
      hollow,
    );
    p.rect(-0.36 + turn * 0.6, 0.82, 0.72, 0.3, lighter(bone, 0.25));
    for (let i = 0; i <= 6; i++)
      p.rect(-0.36 + turn * 0.6 + i * 0.12 - 0.014, 0.82, 0.028, 0.3, css(hollow, 0.85));
    p.rect(-0.38 + turn * 0.6, 0.96, 0.76, 0.04, hollow);
    for (const k of [-1, 1]) p.ellipse(k * 0.6, 0.64, 0.1, 0.16, css(darker(bone, 0.6), 0.7));
    if (r.chance(0.5))
      p.line(
        [
          [0.1, -0.95],
          [0.02, -0.75],
          [0.1, -0.6],
        ],
        0.02,
        darker(bone, 0.5),
      );
  });
}

function flowers({ p, r }: Scene, petals: string): void {
  const x = r.between(0.44, 0.56);
  const vase = jittered(r, r.pick(['#3a6ab0', '#c06a3a', '#e8e4dc', '#4a8a70', '#8a4a6a']), 12);
  const n = r.integer(3, 7);
  const heads = Array.from({ length: n }, (_, i) => {
    const a = -Math.PI / 2 + ((i + 0.5) / n - 0.5) * 2.4;
    const length = r.between(0.2, 0.36);
    return [x + Math.cos(a) * length * 0.95, 0.58 + Math.sin(a) * length] as const;
  });
  for (const [fx, fy] of heads) {
    p.curve([x, 0.64], [(x + fx) / 2, fy + 0.15], [fx, fy], 0.012, '#3f7a3a');
    if (r.chance(0.7))
      p.ellipse(
        (x + fx) / 2 + r.between(-0.04, 0.04),
        (fy + 0.62) / 2,
        0.05,
        0.02,
        '#4f8f45',
        r.between(-1, 1),
      );
  }
  for (const [fx, fy] of heads) {
    const size = r.between(0.07, 0.11);
    for (let i = 0; i < 10; i++) {
      const a = (i * 2 * Math.PI) / 10;
      p.ellipse(
        fx + Math.cos(a) * size * 0.7,
        fy + Math.sin(a) * size * 0.7,
        size * 0.45,
        size * 0.22,
        jittered(r, petals, 14),
        a,
      );
    }
    p.dot(fx, fy, size * 0.42, petals === '#f5b81e' ? '#5a3418' : '#f0c840');
  }
  p.shape(
    [x - 0.06, 0.6],
    [
      [x - 0.06, 0.68, x - 0.15, 0.72, x - 0.1, 0.92],
      [x + 0.1, 0.92],
      [x + 0.15, 0.72, x + 0.06, 0.68, x + 0.06, 0.6],
    ],
    p.linear(x - 0.13, 0, x + 0.13, 0, [
      [0, lighter(vase, 0.3)],
      [0.4, vase],
      [1, darker(vase, 0.45)],
    ]),
  );
}

function fruitBowl({ p, r }: Scene): void {
  const x = r.between(0.44, 0.56);
  const y = r.between(0.65, 0.71);
  p.ellipse(x, y + 0.2, 0.32, 0.035, css([0, 0, 0], 0.3));
  r.times(4, 7, (i, n) => {
    const fx = x + ((i + 0.5) / n - 0.5) * 0.46;
    const fy = y - 0.05 - r.between(0, 0.09) - (i % 2) * 0.06;
    const size = r.between(0.075, 0.105);
    const c = jittered(r, r.pick(['#d02a28', '#e8a020', '#88b830', '#f0742a', '#f2d030', '#a02850']), 10);
    p.ellipse(
      fx,
      fy,
      size,
      size * 0.95,
      p.radial(fx - size * 0.4, fy - size * 0.4, 0, size * 1.7, [
        [0, lighter(c, 0.5)],
        [0.35, c],
        [1, darker(c, 0.5)],
      ]),
    );
    p.line(
      [
        [fx, fy - size * 0.8],
        [fx + 0.012, fy - size * 1.2],
      ],
      0.009,
      '#4a3018',
    );
  });
  const bowl = jittered(r, r.pick(['#e8e4dc', '#4a6a9a', '#b07a4a', '#6a8a80']), 10);
  p.shape(
    [x - 0.31, y - 0.03],
    [
      [x - 0.27, y + 0.16, x - 0.15, y + 0.19, x - 0.1, y + 0.2],
      [x + 0.1, y + 0.2],
      [x + 0.15, y + 0.19, x + 0.27, y + 0.16, x + 0.31, y - 0.03],
    ],
    p.linear(x - 0.3, 0, x + 0.3, 0, [
      [0, lighter(bowl, 0.3)],
      [0.4, bowl],
      [1, darker(bowl, 0.45)],
    ]),
  );
}

function teacup({ p, r }: Scene): void {
  const x = r.between(0.42, 0.54);
  const y = r.between(0.43, 0.51);
  const s = r.between(0.19, 0.26);
  const c = jittered(r, r.pick(['#f4f0ea', '#d84a3a', '#3a7ab0', '#f0c850', '#6aa88a']), 8);
  p.ellipse(x, y + s * 1.35, s * 1.5, s * 0.3, darker(c, 0.45));
  p.ellipse(x, y + s * 1.28, s * 1.45, s * 0.27, lighter(c, 0.1));
  p.ring(x + s * 1.02, y + s * 0.5, s * 0.38, s * 0.36, s * 0.16, darker(c, 0.2));
  p.shape(
    [x - s, y],
    [
      [x - s * 0.95, y + s * 0.9, x - s * 0.5, y + s * 1.3, x, y + s * 1.3],
      [x + s * 0.5, y + s * 1.3, x + s * 0.95, y + s * 0.9, x + s, y],
    ],
    p.linear(x - s, 0, x + s, 0, [
      [0, lighter(c, 0.35)],
      [0.4, c],
      [1, darker(c, 0.4)],
    ]),
  );
  p.ellipse(x, y, s, s * 0.26, lighter(c, 0.35));
  p.ellipse(x, y + s * 0.02, s * 0.88, s * 0.2, r.pick(['#4a2a14', '#8a5a24', '#3a2010']));
  if (r.chance(0.7))
    for (let i = 0; i < 3; i++) {
      const sx = x + (i - 1) * s * 0.45;
      p.line(
        Array.from(
          { length: 9 },
          (_, k) => [sx + Math.sin(k * 0.8 + i) * s * 0.1, y - s * 0.2 - (k * s * 1.1) / 8] as const,
        ),
        0.016,
        css('#ffffff', 0.3),
      );
    }
}

function snowman(s: Scene, x: number, y: number, h: number): void {
  const { p, r } = s;
  const u = h / 4.4;
  shadow(s, x, y, u * 1.5, u * 0.2, 0.25);
  const ball = (cy: number, size: number) =>
    p.dot(
      x,
      cy,
      size,
      p.radial(x - size * 0.4, cy - size * 0.4, 0, size * 1.7, [
        [0, '#ffffff'],
        [0.5, '#eef2fa'],
        [1, '#9aaccc'],
      ]),
    );
  ball(y - u * 1.1, u * 1.15);
  ball(y - u * 2.55, u * 0.85);
  for (const k of [-1, 1])
    p.line(
      [
        [x + k * u * 0.7, y - u * 2.7],
        [x + k * u * 1.6, y - u * r.between(2.9, 3.6)],
      ],
      u * 0.1,
      '#4a3020',
    );
  ball(y - u * 3.65, u * 0.62);
  const scarf = r.pick(['#d03030', '#3060c0', '#2a9a50', '#e0a020']);
  p.line(
    [
      [x - u * 0.55, y - u * 3.15],
      [x, y - u * 3.05],
      [x + u * 0.55, y - u * 3.15],
    ],
    u * 0.24,
    scarf,
  );
  p.line(
    [
      [x + u * 0.3, y - u * 3.1],
      [x + u * 0.4, y - u * 2.3],
    ],
    u * 0.24,
    darker(scarf, 0.15),
  );
  for (const k of [-1, 1]) p.dot(x + k * u * 0.22, y - u * 3.8, u * 0.09, '#14141a');
  p.poly(
    [
      [x, y - u * 3.72],
      [x + r.side() * u * 0.55, y - u * 3.6],
      [x, y - u * 3.52],
    ],
    '#f08020',
  );
  for (let i = 0; i < 3; i++) p.dot(x, y - u * (2.8 - i * 0.35), u * 0.08, '#14141a');
  if (r.chance(0.75)) {
    p.rect(x - u * 0.75, y - u * 4.2, u * 1.5, u * 0.14, '#22222a');
    p.rect(x - u * 0.45, y - u * 4.8, u * 0.9, u * 0.65, '#22222a');
    p.rect(x - u * 0.45, y - u * 4.34, u * 0.9, u * 0.12, scarf);
  }
}

export const objects = {
  pencil: {
    weight: 2.6,
    words: ['a pencil', 'a pencil', 'a sharpened pencil', 'a pencil on paper'],
    draw(s) {
      const { p, r } = s;
      const ground = jittered(
        r,
        r.pick(['#f5f1e6', '#e8eef2', '#c8a878', '#8aa8b8', '#f8f8f8', '#d8c0a0', '#5a7a6a']),
        10,
      );
      p.cover(
        p.radial(r.between(0.2, 0.8), r.between(0.1, 0.5), 0.05, 1, [
          [0, lighter(ground, 0.2)],
          [1, darker(ground, 0.22)],
        ]),
      );
      if (r.chance(0.3))
        for (let i = 0; i < 9; i++) p.rect(-0.1, 0.08 + i * 0.11, 1.2, 0.005, css('#8aa0c8', 0.5));
      const turn = r.pick([-0.785, 0.785, 0, -1.57, -0.5, 0.6, -0.9]) + r.between(-0.22, 0.22);
      // As long as fits: a slanting pencil has the longer diagonal.
      const length =
        r.between(0.88, 1) * (0.455 / Math.max(Math.abs(Math.cos(turn)), Math.abs(Math.sin(turn))));
      const w = r.between(0.062, 0.08) / length;
      const name = r.pick(['yellow', 'yellow', 'yellow', 'red', 'blue', 'green'] as const);
      const colour = jittered(r, pencilColours[name], 8);
      const x = r.between(0.46, 0.54);
      const y = r.between(0.46, 0.54);
      const facing = r.side();
      // In ink a shadow would only be a second outline.
      if (s.medium !== 'lithograph' && s.medium !== 'sketch')
        p.at(x + 0.015, y + 0.025, turn, [facing * length, length], () =>
          p.poly(
            [
              [-1, -w],
              [1 - w * 3, -w],
              [1, 0],
              [1 - w * 3, w],
              [-1, w],
            ],
            css([20, 20, 30], 0.22),
          ),
        );
      p.at(x, y, turn, [facing * length, length], () =>
        pencil(s, colour, w, name === 'yellow' ? [40, 40, 44] : darker(colour, 0.3)),
      );
      if (r.chance(0.3))
        p.curve(
          [r.between(0.05, 0.3), r.between(0.7, 0.95)],
          [0.5, r.between(0.7, 1)],
          [r.between(0.7, 0.95), r.between(0.75, 0.95)],
          0.008,
          css([60, 60, 66], 0.7),
        );
      return { words: [`a ${name} pencil`] };
    },
  },
  piano: {
    weight: 2.6,
    words: [
      'a Steinway nine-foot grand piano',
      'a Steinway nine-foot grand piano',
      'a grand piano',
      'a piano on a stage',
      'a piano',
    ],
    draw: piano,
  },
  skull: {
    weight: 3.6,
    words: ['a skull', 'a skull', 'a human skull', 'a skull on a dark background'],
    draw(s) {
      const { r } = s;
      backdrop(s, ['#2a2a30', '#3a2a26', '#1c2430', '#d8d0c0', '#8a8478', '#e8e4d8', '#4a2a2a']);
      if (r.chance(0.2)) table(s, r.between(0.8, 0.88), ['#6a4a30', '#3a2a20', '#a8743c']);
      skull(s, r.between(0.45, 0.55), r.between(0.41, 0.49), r.between(0.27, 0.35));
      return {};
    },
    thing: (s, _l, x, y, h) => skull(s, x, y - h * 0.55, h * 0.42),
  },
  flowers: {
    weight: 1.2,
    words: ['a vase of flowers', 'a bouquet of flowers in a vase', 'flowers'],
    draw(s) {
      const { r } = s;
      backdrop(s, ['#6a9ac8', '#d8c090', '#4a6a5a', '#c8a0a0', '#303848', '#e8e0d0']);
      table(s, r.between(0.73, 0.81), ['#a8743c', '#6a4a30', '#d8c8b0']);
      const petals = r.pick(['#f5b81e', '#f5b81e', '#e84a5a', '#f4f0f0', '#d070c0', '#f08030']);
      flowers(s, petals);
      return {
        words:
          petals === '#f5b81e'
            ? ['sunflowers in a vase', 'a sunflower', 'sunflowers']
            : ['a vase of flowers'],
      };
    },
  },
  fruit: {
    weight: 1,
    words: ['a bowl of fruit', 'apples in a bowl', 'a still life with fruit'],
    draw(s) {
      const { r } = s;
      backdrop(s, ['#4a3a30', '#6a7a70', '#c8b090', '#384858', '#8a4a40']);
      table(s, r.between(0.58, 0.68), ['#a8743c', '#6a4a30', '#d8d0c0', '#e8e4dc']);
      fruitBowl(s);
      return {};
    },
  },
  teacup: {
    weight: 1,
    words: ['a cup of coffee', 'a teacup on a table', 'a cup of tea'],
    draw(s) {
      const { r } = s;
      backdrop(s, ['#6a4a38', '#a8b8b0', '#c8a888', '#485868', '#d8d0c8']);
      table(s, r.between(0.57, 0.67), ['#a8743c', '#6a4a30', '#d8c0a0', '#8a5a38']);
      teacup(s);
      return {};
    },
  },
  snowman: {
    weight: 1,
    words: ['a snowman', 'a snowman wearing a hat', 'a snowman in the snow'],
    draw(s) {
      const { r } = s;
      const l = light(s, ['day', 'day', 'morning', 'dusk', 'night', 'cloudy']);
      snowField(s, l, r.between(0.5, 0.64));
      snowman(s, r.between(0.42, 0.58), r.between(0.88, 0.95), r.between(0.62, 0.74));
      return { light: l };
    },
    thing: (s, _l, x, y, h) => snowman(s, x, y, h * 0.92),
  },
} satisfies Record<string, Subject>;
