import { css, darker, jittered, lighter, mix } from '../colour.ts';
import { isDark, type Light, light, lit } from '../light.ts';
import { cloud, farHills, ground, hills, meadow, sky, stars, water } from '../nature.ts';
import type { Scene, Subject } from '../scene.ts';

/** Body, nose, fins, port hole, flame: centred on (0, 0), from -1 to about 1.6. Light as in space or on earth. */
function rocket({ p, r }: Scene, l: Light): void {
  const w = r.between(0.25, 0.36);
  const flame = r.between(0.45, 0.85);
  for (const [colour, k] of [
    ['#ff5a14', 1],
    ['#ffb028', 0.7],
    ['#fff2a0', 0.4],
  ] as const)
    p.shape(
      [-w * 0.6 * k, 0.78],
      [
        [-w * 0.5 * k, 0.8 + flame * k * 0.6, 0, 0.8 + flame * k],
        [w * 0.5 * k, 0.8 + flame * k * 0.6, w * 0.6 * k, 0.78],
      ],
      colour,
    );
  const fin = lit(l, jittered(r, r.pick(['#d83030', '#d83030', '#2a5ab8', '#e08020', '#3a8a50']), 10));
  const body = lit(l, jittered(r, r.pick(['#f2f2f4', '#f2f2f4', '#d8dce2', '#f4e6d0']), 6));
  for (const k of [-1, 1])
    p.poly(
      [
        [k * w * 0.8, 0.28],
        [k * w * 2, 0.82],
        [k * w * 1.9, 0.98],
        [k * w * 0.6, 0.74],
      ],
      k > 0 ? darker(fin, 0.3) : fin,
    );
  p.outline(
    [0, -1],
    [
      [w * 1.15, -0.6, w * 1.25, 0.2, w * 0.7, 0.8],
      [-w * 0.7, 0.8],
      [-w * 1.25, 0.2, -w * 1.15, -0.6, 0, -1],
    ],
  );
  p.inside(() => {
    p.rect(
      -w * 2,
      -1.1,
      w * 4,
      2,
      p.linear(-w, 0, w, 0, [
        [0, lighter(body, 0.2)],
        [0.4, body],
        [1, darker(body, 0.45)],
      ]),
    );
    p.rect(-w * 2, -1.1, w * 4, r.between(0.45, 0.62), p.across(-w, w, lighter(fin, 0.15), darker(fin, 0.4)));
    if (r.chance(0.6)) p.rect(-w * 2, 0.5, w * 4, 0.1, fin);
    if (r.chance(0.3)) p.rect(-w * 2, 0.2, w * 4, 0.06, fin);
  });
  const port = (y: number, size: number) => {
    p.dot(0, y, w * size, darker(body, 0.45));
    p.dot(0, y, w * size * 0.74, lit(l, '#5ab8e8'));
    p.dot(-w * 0.1, y - 0.04, w * size * 0.26, css('#ffffff', 0.7));
  };
  port(-0.18, 0.46);
  if (r.chance(0.5)) port(0.2, 0.28);
  p.rect(-w * 0.1, 0.35, w * 0.2, 0.62, darker(fin, 0.2));
}

/** Dark blue, stars, now and then a planet. */
function space(s: Scene): Light {
  const { p, r } = s;
  const l = light(s, ['night']);
  p.cover(
    p.radial(r.unit(), r.unit(), 0.05, 1, [
      [0, jittered(r, r.pick(['#2a2460', '#1a2a58', '#3a2050']), 20)],
      [1, '#050512'],
    ]),
  );
  stars(s, 1, 30, 80);
  if (r.chance(0.5))
    planet(
      s,
      r.chance(0.5) ? r.between(0.05, 0.2) : r.between(0.8, 0.95),
      r.between(0.1, 0.9),
      r.between(0.1, 0.22),
    );
  return { ...l, strength: 1, ambient: [255, 255, 255] };
}

function planet({ p, r }: Scene, x: number, y: number, size: number, ring = false): void {
  const c = jittered(r, r.pick(['#c86a3a', '#3a7ac8', '#c8b080', '#8a5ab0', '#5aa08a']), 14);
  const tilt = r.between(-0.5, 0.5);
  const band = (front: boolean) =>
    p.at(x, y, tilt, size, () => {
      p.g.beginPath();
      p.g.ellipse(0, 0, 1.7, 0.42, 0, front ? 0 : Math.PI, front ? Math.PI : 2 * Math.PI);
      p.g.lineWidth = 0.2;
      p.g.lineCap = 'butt';
      p.g.strokeStyle = css(lighter(c, 0.45), 0.9);
      p.g.stroke();
    });
  if (ring) band(false);
  p.dot(
    x,
    y,
    size,
    p.radial(x - size * 0.4, y - size * 0.4, 0, size * 1.6, [
      [0, lighter(c, 0.35)],
      [0.5, c],
      [1, darker(c, 0.75)],
    ]),
  );
  p.outline(
    [x - size, y],
    [
      [x - size, y - size * 1.33, x + size, y - size * 1.33, x + size, y],
      [x + size, y + size * 1.33, x - size, y + size * 1.33, x - size, y],
    ],
  );
  p.inside(() =>
    p.at(x, y, tilt, size, () => {
      for (let i = 0; i < 4; i++)
        p.rect(
          -1.2,
          r.between(-0.9, 0.8),
          2.4,
          r.between(0.06, 0.2),
          css(r.chance(0.5) ? darker(c, 0.35) : lighter(c, 0.3), 0.35),
        );
    }),
  );
  if (ring) band(true);
}

function moon({ p, r }: Scene, x: number, y: number, size: number): void {
  p.glow(x, y, size * 2.4, '#cfd8f0', 0.4);
  p.dot(
    x,
    y,
    size,
    p.radial(x - size * 0.3, y - size * 0.3, 0, size * 1.5, [
      [0, '#fbf8ec'],
      [0.7, '#d8d4c4'],
      [1, '#8a8678'],
    ]),
  );
  for (let i = 0; i < 9; i++) {
    const a = r.between(0, 6.28);
    const d = r.between(0, 0.75) * size;
    p.ellipse(
      x + Math.cos(a) * d,
      y + Math.sin(a) * d,
      size * r.between(0.06, 0.24),
      size * r.between(0.05, 0.2),
      css('#a8a498', r.between(0.35, 0.75)),
    );
  }
}

function balloon({ p, r }: Scene, l: Light, x: number, y: number, s: number): void {
  const n = 6;
  const colours = [
    jittered(r, r.pick(['#e03a30', '#f0a020', '#3060c0', '#8a40a0', '#20a080']), 10),
    jittered(r, r.pick(['#ffe060', '#ffffff', '#f07030', '#60c0e0']), 10),
  ];
  for (let i = 0; i < n; i++) {
    const a = -1 + (2 * i) / n;
    const b = -1 + (2 * (i + 1)) / n;
    const foot = y + s * 1.02;
    p.shape(
      [x, y - s],
      [
        [x + a * s * 1.3, y - s, x + a * s * 1.15, y + s * 0.4, x + a * s * 0.22, foot],
        [x + b * s * 0.22, foot],
        [x + b * s * 1.15, y + s * 0.4, x + b * s * 1.3, y - s, x, y - s],
      ],
      lit(l, darker(colours[i % 2]!, (i / n) * 0.35)),
    );
  }
  if (r.chance(0.3)) p.rect(x - s * 0.95, y - s * 0.1, s * 1.9, s * 0.16, css(lit(l, '#fff0a0'), 0.6));
  for (const k of [-1, 1])
    p.line(
      [
        [x + k * s * 0.2, y + s],
        [x + k * s * 0.12, y + s * 1.35],
      ],
      0.006,
      '#403020',
    );
  p.rect(x - s * 0.14, y + s * 1.33, s * 0.28, s * 0.22, lit(l, '#8a5a30'));
}

function sailboat({ p, r }: Scene, l: Light, x: number, y: number, s: number): void {
  p.ellipse(x, y + s * 0.3, s * 0.9, s * 0.1, css([255, 255, 255], 0.25));
  const hull = lit(l, jittered(r, r.pick(['#8a4a28', '#ffffff', '#b03030', '#2a4a7a']), 8));
  p.shape(
    [x - s, y],
    [
      [x + s * 1.05, y],
      [x + s * 0.95, y + s * 0.3, x + s * 0.72, y + s * 0.32],
      [x - s * 0.75, y + s * 0.32],
      [x - s * 0.9, y + s * 0.3, x - s, y],
    ],
    p.down(y, y + s * 0.3, lighter(hull, 0.1), darker(hull, 0.4)),
  );
  p.line(
    [
      [x, y],
      [x, y - s * 1.9],
    ],
    s * 0.05,
    lit(l, '#5a3a20'),
  );
  const sail = lit(l, r.pick(['#ffffff', '#fdf3dc', '#f4c8b0', '#e05040', '#ffffff']));
  p.shape(
    [x + s * 0.05, y - s * 0.12],
    [
      [x + s * 0.05, y - s * 1.85],
      [x + s * 0.6, y - s * 0.9, x + s * 0.95, y - s * 0.15],
    ],
    p.across(x, x + s, sail, darker(sail, 0.2)),
  );
  p.shape(
    [x - s * 0.05, y - s * 0.12],
    [
      [x - s * 0.05, y - s * 1.6],
      [x - s * 0.5, y - s * 0.8, x - s * 0.75, y - s * 0.15],
    ],
    p.across(x - s, x, lighter(sail, 0.1), darker(sail, 0.12)),
  );
}

const carColours = {
  red: '#c82828',
  blue: '#2a5ab0',
  yellow: '#e8b020',
  white: '#e8e8ea',
  green: '#2a8a60',
  black: '#303438',
} as const;

/** Wheels on y; s is half its length. */
function car({ p, r }: Scene, l: Light, x: number, y: number, s: number, colour: string): void {
  const c = lit(l, jittered(r, colour, 8));
  p.at(x, y - s * 0.3, 0, [r.side() * s, s], () => {
    p.ellipse(0, 0.3, 1.15, 0.07, css([0, 0, 0], 0.4));
    const tall = r.between(0.6, 0.74);
    p.shape(
      [-0.62, -0.22],
      [
        [-0.45, -tall, -0.3, -tall, 0, -tall],
        [0.3, -tall, 0.42, -0.5, 0.58, -0.22],
      ],
      darker(c, 0.1),
    );
    const glass = lit(l, '#cfe6f2');
    p.poly(
      [
        [-0.48, -0.24],
        [-0.34, -tall + 0.12],
        [-0.05, -tall + 0.1],
        [-0.05, -0.24],
      ],
      glass,
    );
    p.poly(
      [
        [0.03, -0.24],
        [0.03, -tall + 0.1],
        [0.24, -tall + 0.14],
        [0.43, -0.24],
      ],
      glass,
    );
    p.shape(
      [-1, 0.12],
      [
        [-1.06, -0.2, -0.8, -0.28, -0.6, -0.26],
        [0.6, -0.26],
        [0.9, -0.22, 1.08, -0.16, 1.04, 0.12],
      ],
      p.linear(0, -0.28, 0, 0.14, [
        [0, lighter(c, 0.35)],
        [0.4, c],
        [1, darker(c, 0.4)],
      ]),
    );
    for (const k of [-0.58, 0.6]) {
      p.dot(k, 0.12, 0.2, '#18181c');
      p.dot(k, 0.12, 0.1, '#b8bcc4');
    }
    p.ellipse(0.98, -0.06, 0.06, 0.07, '#fff3b0');
  });
}

/** An engine and carriages on rails at y. */
function train({ p, r }: Scene, l: Light, x: number, y: number, s: number, colour: string): void {
  const c = lit(l, jittered(r, colour, 8));
  p.at(x, y, 0, [r.side() * s, s], () => {
    for (let i = 0; i < 12; i++)
      p.line(
        [
          [0.25 + i * 0.09 * (1 + i * 0.02) - 0.3, -0.95 - i * 0.06],
          [0.25 - 0.3 + i * 0.09, -0.95 - i * 0.06],
        ],
        0.2 + i * 0.03,
        css(lit(l, '#e8e8ec'), 0.4),
      );
    for (let k = 0; k < 2; k++) {
      const left = -2.1 + k * 0.95;
      p.rect(left, -0.62, 0.86, 0.5, p.down(-0.62, -0.1, lighter(c, 0.2), darker(c, 0.35)));
      p.rect(left - 0.03, -0.68, 0.92, 0.08, darker(c, 0.5));
      for (let i = 0; i < 3; i++)
        p.rect(left + 0.08 + i * 0.26, -0.52, 0.17, 0.18, isDark(l) ? '#ffe08a' : lit(l, '#cfe6f2'));
      for (const w of [0.2, 0.66]) p.dot(left + w, -0.08, 0.1, '#202024');
    }
    p.rect(-0.2, -0.78, 0.42, 0.66, p.down(-0.78, -0.1, lighter(c, 0.15), darker(c, 0.4)));
    p.rect(-0.26, -0.85, 0.54, 0.09, darker(c, 0.55));
    p.rect(-0.12, -0.68, 0.24, 0.22, isDark(l) ? '#ffe08a' : lit(l, '#cfe6f2'));
    p.rect(
      0.2,
      -0.56,
      0.78,
      0.4,
      p.linear(0, -0.56, 0, -0.16, [
        [0, lighter(c, 0.1)],
        [0.3, lighter(c, 0.3)],
        [1, darker(c, 0.55)],
      ]),
    );
    p.dot(0.98, -0.36, 0.2, darker(c, 0.45));
    p.poly(
      [
        [0.68, -0.54],
        [0.64, -0.86],
        [0.88, -0.86],
        [0.84, -0.54],
      ],
      '#26262c',
    );
    p.ellipse(0.46, -0.58, 0.1, 0.08, '#c8a040');
    for (const w of [0.05, 0.42, 0.75]) {
      p.dot(w, -0.1, 0.15, '#202024');
      p.dot(w, -0.1, 0.07, darker('#c83030', 0.1));
    }
    p.poly(
      [
        [0.95, -0.16],
        [1.2, 0.04],
        [0.9, 0.04],
      ],
      '#303036',
    );
  });
}

export const vehicles = {
  rocket: {
    weight: 3.4,
    words: ['a rocket ship', 'a rocket ship', 'a rocket', 'a spaceship'],
    flies: true,
    draw(s) {
      const { p, r } = s;
      const out = r.chance(0.42);
      const l = out ? space(s) : light(s, ['day', 'day', 'dusk', 'sunset', 'morning', 'night']);
      if (!out) sky(s, l, 0.9);
      const launch = !out && r.chance(0.65);
      const x = r.between(0.42, 0.58);
      const size = r.between(0.28, 0.4);
      const y = launch ? r.between(0.4, 0.5) : r.between(0.45, 0.53);
      if (launch) {
        ground(s, l, 0.9, '#7a8070', '#5a5a50', false);
        if (r.chance(0.4)) {
          const tx = x + r.side() * r.between(0.2, 0.3);
          for (const k of [-0.03, 0.03]) p.rect(tx + k, 0.3, 0.012, 0.62, lit(l, '#8a4a3a'));
          for (let i = 0; i < 8; i++)
            p.line(
              [
                [tx - 0.03, 0.34 + i * 0.07],
                [tx + 0.04, 0.38 + i * 0.07],
              ],
              0.008,
              lit(l, '#8a4a3a'),
            );
        }
        for (let i = 0; i < 26; i++) {
          const t = r.unit();
          p.ellipse(
            x + r.normal() * (0.06 + 0.16 * t),
            y + size * 1.05 + t * 0.34,
            0.05 + 0.08 * t,
            0.04 + 0.05 * t,
            css(mix(lit(l, '#f4efe8'), '#ff9a40', 0.35 * (1 - t)), 0.7),
          );
        }
      }
      p.at(x, y, launch ? r.between(-0.06, 0.06) : r.between(-0.75, 0.75), size, () => rocket(s, l));
      return {
        light: out ? undefined : l,
        words: out
          ? ['a spaceship flying in space', 'a rocket ship flying in space']
          : launch
            ? ['a rocket ship launching', 'a rocket launching']
            : ['a rocket ship flying in the sky'],
      };
    },
    thing: (s, l, x, y, h) =>
      s.p.at(x, y, s.r.between(-0.5, 0.5), h * 0.42, () =>
        rocket(s, { ...l, strength: Math.max(l.strength, 0.75) }),
      ),
  },
  balloon: {
    weight: 1,
    words: [
      'a hot air balloon',
      'a colourful hot air balloon in the sky',
      'hot air balloons',
      'a hot air balloon',
    ],
    flies: true,
    draw(s) {
      const { r } = s;
      const l = light(s, ['day', 'day', 'morning', 'sunset', 'dusk']);
      const horizon = r.between(0.76, 0.88);
      sky(s, l, horizon);
      hills(s, horizon, 0.03, 0.55, lit(l, jittered(r, '#7a9a58', 14)));
      r.times(0, 3, () => balloon(s, l, r.between(0.08, 0.92), r.between(0.15, 0.5), r.between(0.04, 0.08)));
      balloon(s, l, r.between(0.35, 0.65), r.between(0.32, 0.46), r.between(0.18, 0.29));
      return { light: l };
    },
    thing: (s, l, x, y, h) => balloon(s, l, x, y - h * 0.1, h * 0.4),
  },
  sailboat: {
    weight: 1,
    words: ['a sailboat on the sea', 'a sailing boat', 'a sailboat', 'a ship on the ocean'],
    draw(s) {
      const { r } = s;
      const l = light(s);
      const horizon = r.between(0.5, 0.64);
      sky(s, l, horizon);
      if (r.chance(0.4)) farHills(s, l, horizon - 0.03, 0.03, '#6a8090', 0.5);
      water(s, l, horizon, r.pick(['#24689c', '#1f7fa0', '#2a5a8a']));
      if (r.chance(0.25)) sailboat(s, l, r.between(0.1, 0.9), horizon + 0.02, 0.06);
      sailboat(s, l, r.between(0.38, 0.62), r.between(0.7, 0.82), r.between(0.19, 0.29));
      return { light: l };
    },
  },
  car: {
    weight: 1,
    words: ['a car', 'a car on a road', 'a vintage car'],
    draw(s) {
      const { p, r } = s;
      const l = light(s);
      const horizon = r.between(0.48, 0.58);
      meadow(s, l, horizon);
      p.below(0.72, p.down(0.72, 1, lit(l, '#70727a'), lit(l, '#4a4c54')));
      for (let i = 0; i < 5; i++) p.rect(i * 0.24 - 0.05, 0.9, 0.12, 0.014, lit(l, '#f0e8c0'));
      const name = r.pick(['red', 'red', 'blue', 'yellow', 'white', 'green', 'black'] as const);
      const size = r.between(0.28, 0.37);
      car(s, l, r.between(0.44, 0.56), r.between(0.83, 0.87), size, carColours[name]);
      return { light: l, words: [`a ${name} car`, `a ${name} car on a road`] };
    },
    thing: (s, l, x, y, h) => car(s, l, x, y, h * 0.75, s.r.pick(Object.values(carColours))),
  },
  train: {
    weight: 1,
    words: ['a train', 'a steam train', 'a steam locomotive'],
    draw(s) {
      const { p, r } = s;
      const l = light(s);
      const horizon = r.between(0.5, 0.62);
      meadow(s, l, horizon);
      const y = r.between(0.78, 0.86);
      p.below(y - 0.02, p.down(y, 1, lit(l, '#8a8478'), lit(l, '#6a7a50')));
      p.rect(-0.1, y + 0.012, 1.2, 0.012, lit(l, '#606468'));
      for (let i = 0; i < 16; i++) p.rect(i * 0.07 - 0.05, y + 0.02, 0.03, 0.02, lit(l, '#5a4030'));
      train(
        s,
        l,
        r.between(0.48, 0.6),
        y,
        r.between(0.3, 0.36),
        r.pick(['#a82a28', '#2a5a3a', '#26262c', '#2a4a8a', '#8a5a2a']),
      );
      return { light: l };
    },
  },
  planet: {
    weight: 1,
    words: ['a planet', 'a planet in space'],
    draw(s) {
      const { p, r } = s;
      if (r.chance(0.55)) {
        p.cover(
          p.radial(r.unit(), r.unit(), 0.05, 1, [
            [0, jittered(r, r.pick(['#2a2460', '#1a2a58', '#3a2050']), 20)],
            [1, '#050512'],
          ]),
        );
        stars(s, 1, 30, 80);
        const ring = r.chance(0.6);
        planet(s, r.between(0.4, 0.6), r.between(0.42, 0.58), r.between(0.18, ring ? 0.25 : 0.32), ring);
        return {
          words: ring
            ? ['the planet saturn', 'a planet with a ring', 'saturn']
            : ['a planet in space', 'a planet'],
        };
      }
      const l = light(s, ['night']);
      sky(s, l, 0.9, false);
      const size = r.between(0.16, 0.3);
      moon(s, r.between(0.35, 0.65), r.between(0.32, 0.5), size);
      r.times(0, 3, () => cloud(s, r.unit(), r.between(0.2, 0.7), r.between(0.1, 0.2), '#3a4a78', 0.5));
      if (r.chance(0.7)) hills(s, r.between(0.8, 0.9), 0.05, 0.55, lit(l, '#2a3a4a'));
      return { words: ['the full moon', 'the moon', 'the moon over the mountains'] };
    },
    thing: (s, _l, x, y, h) => (s.r.chance(0.5) ? moon(s, x, y, h * 0.35) : planet(s, x, y, h * 0.3, true)),
    flies: true,
  },
} satisfies Record<string, Subject>;
