import { type Colour, css, darker, jittered, mix } from '../colour.ts';
import { type Light, light, lit } from '../light.ts';
import { hills, pine, sky, water } from '../nature.ts';
import { behindPortrait, hats, portrait, skins } from '../people.ts';
import type { Scene, Subject } from '../scene.ts';

function fire({ p, r }: Scene, x: number, y: number, h: number): void {
  p.line(
    [
      [x - h * 0.4, y + h * 0.13],
      [x + h * 0.35, y - h * 0.04],
    ],
    h * 0.12,
    '#5a3418',
  );
  p.line(
    [
      [x - h * 0.35, y - h * 0.04],
      [x + h * 0.4, y + h * 0.13],
    ],
    h * 0.12,
    '#43260f',
  );
  for (const [colour, k] of [
    ['#f0480c', 1],
    ['#ff8a1c', 0.76],
    ['#ffc93c', 0.52],
    ['#fff3b0', 0.28],
  ] as const) {
    const w = 0.36 * h * k;
    const t = h * k;
    p.shape(
      [x - w, y],
      [
        [x - w * 1.5, y - t * 0.4, x - w * 0.2, y - t * 0.5, x + r.between(-0.1, 0.1) * h, y - t],
        [x + w * 0.5, y - t * 0.55, x + w * 1.5, y - t * 0.4, x + w, y],
      ],
      colour,
    );
  }
  r.times(4, 14, () =>
    p.dot(x + r.normal() * h * 0.26, y - h - r.between(0, h), h * 0.022, css('#ffc050', 0.9)),
  );
}

/** Someone sitting or standing by the fire, its light on the side turned to it (1 is the right). */
function camper(s: Scene, x: number, y: number, side: 1 | -1): void {
  const { p, r } = s;
  const coat = jittered(r, r.pick(['#b04434', '#3a66a0', '#4f8048', '#b0803a', '#7a4a8a', '#c87830']), 10);
  const skin = r.pick(skins);
  const glow = '#ffb050';
  const stands = r.chance(0.25);
  const h = r.between(0.34, 0.42) * (stands ? 1.2 : 1);
  const warm = (colour: Colour, reach: number, light = 0.55) => {
    const from = x - side * reach;
    const to = x + side * reach;
    return p.across(from, to, darker(colour, 0.62), mix(colour, glow, light));
  };
  const head = h * (stands ? 0.1 : 0.125);
  const neck = y - h * (stands ? 0.78 : 0.68);
  p.ellipse(x, y, h * 0.24, h * 0.05, css('#080608', 0.6));
  if (stands) {
    for (const k of [-1, 1])
      p.line(
        [
          [x + k * h * 0.055, y - h * 0.4],
          [x + k * h * 0.07, y - h * 0.02],
        ],
        h * 0.1,
        warm('#34303c', h * 0.12, 0.3),
      );
    p.ellipse(x, y - h * 0.57, h * 0.15, h * 0.24, warm(coat, h * 0.15));
  } else {
    // On a log, knees drawn up towards the warmth.
    p.rect(x - h * 0.28, y - h * 0.17, h * 0.5, h * 0.14, warm('#4a2e1a', h * 0.3, 0.12));
    p.ellipse(x, y - h * 0.42, h * 0.18, h * 0.3, warm(coat, h * 0.18));
    p.line(
      [
        [x, y - h * 0.2],
        [x + side * h * 0.25, y - h * 0.3],
        [x + side * h * 0.27, y - h * 0.03],
      ],
      h * 0.12,
      warm('#3c3a50', h * 0.28, 0.3),
    );
  }
  p.line(
    [
      [x - side * h * 0.02, neck + h * 0.12],
      [x + side * h * 0.12, neck + h * 0.28],
      [x + side * h * 0.27, neck + h * 0.22],
    ],
    h * 0.075,
    warm(coat, h * 0.3),
  );
  p.dot(x + side * h * 0.28, neck + h * 0.22, h * 0.045, mix(skin, glow, 0.4));
  p.dot(x, neck - head * 0.75, head * 1.1, warm(skin, head * 1.3));
  p.ellipse(
    x - side * head * 0.25,
    neck - head * 1.4,
    head * 1.05,
    head * 0.6,
    darker(r.pick(['#3a2618', '#8a3a30', '#2a3a5a', '#a87838']), 0.15),
  );
}

function campfire(s: Scene, alone = false): Light {
  const { p, r } = s;
  const bright = r.chance(0.35);
  const l = light(s, bright ? ['sunset', 'sunset', 'day', 'morning'] : ['night', 'night', 'night', 'dusk']);
  const horizon = r.between(0.5, 0.64);
  sky(s, l, horizon);
  if (r.chance(bright ? 0.6 : 0.2)) {
    water(s, l, horizon - 0.04);
    p.below(horizon + 0.02, p.down(horizon, 1, lit(l, '#d8b888'), lit(l, '#8a6a48')));
  } else {
    hills(s, horizon - 0.03, r.between(0.03, 0.08), 0.6, darker(l.low, 0.5), 16);
    r.times(3, 10, () =>
      pine(s, r.unit(), horizon + 0.06, r.between(0.22, 0.5), darker(l.low, r.between(0.62, 0.8))),
    );
    p.below(
      horizon + 0.02,
      bright
        ? p.down(horizon, 1, lit(l, '#7a8a4a'), lit(l, '#4a5a30'))
        : p.down(horizon, 1, '#2a2220', '#14100f'),
    );
  }
  const x = alone ? r.between(0.3, 0.7) : r.between(0.42, 0.58);
  const y = r.between(0.75, alone ? 0.92 : 0.84);
  p.glow(x, y - 0.08, 0.55, '#ff9030', bright ? 0.5 : 0.9);
  if (r.chance(0.25)) {
    const tx = x + r.side() * r.between(0.3, 0.38);
    p.poly(
      [
        [tx - 0.14, horizon + 0.14],
        [tx, horizon - 0.06],
        [tx + 0.14, horizon + 0.14],
      ],
      p.across(tx - 0.14, tx + 0.14, '#c87a3a', '#5a3a28'),
    );
    p.poly(
      [
        [tx - 0.03, horizon + 0.14],
        [tx, horizon],
        [tx + 0.03, horizon + 0.14],
      ],
      '#20181a',
    );
  }
  const places = [
    [-1, 0.06, 0.33],
    [1, 0.06, 0.33],
    [-1, -0.08, 0.22],
    [1, -0.08, 0.22],
  ] as const;
  const seats = places
    .slice(0, r.integer(3, 4))
    .map(
      ([side, dy, dx]) => [x + side * dx * r.between(0.85, 1.05), y + dy + r.between(-0.02, 0.03)] as const,
    );
  if (r.chance(0.35)) seats.push([x + r.between(-0.05, 0.05), y - 0.1]);
  if (!alone)
    for (const [px, py] of [...seats].sort((a, b) => a[1] - b[1])) camper(s, px, py + 0.06, px < x ? 1 : -1);
  fire(s, x, y, alone ? r.between(0.25, 0.55) : r.between(0.18, 0.28));
  return l;
}

export const persons = {
  campfire: {
    weight: 3.8,
    words: [
      'people around a campfire',
      'people around a campfire',
      'people sitting around a campfire',
      'friends around a fire at night',
      'a group of people by a campfire',
    ],
    draw(s) {
      const alone = s.loose === true && s.r.chance(0.4);
      const light = campfire(s, alone);
      return alone ? { light, only: ['a campfire', 'a campfire', 'a fire'] } : { light };
    },
  },
  manhat: {
    weight: 3.6,
    words: [
      'a man wearing a hat',
      'a man wearing a hat',
      'a man in a hat',
      'a portrait of a man wearing a hat',
      'a man with a hat',
    ],
    draw(s) {
      const { r } = s;
      behindPortrait(s);
      const hat = r.pick(hats);
      portrait(s, {
        hat,
        beard: r.chance(0.35),
        beardLength: r.between(0, 0.5),
        moustache: r.chance(0.3),
        glasses: r.chance(0.15),
        old: r.chance(0.12),
      });
      return { words: [`a man wearing a ${hat}`] };
    },
  },
  oldman: {
    weight: 3.8,
    words: [
      'an old man',
      'an old man',
      'a portrait of an old man',
      'an elderly man',
      'the face of an old man',
    ],
    draw(s) {
      const { r } = s;
      behindPortrait(s);
      const beard = r.chance(0.6);
      portrait(s, {
        old: true,
        bald: r.chance(0.5),
        beard,
        beardLength: r.between(0.2, 1),
        moustache: r.chance(0.5),
        glasses: r.chance(0.25),
      });
      return beard ? { words: ['an old man with a beard', 'an old man with a white beard'] } : {};
    },
  },
  barista: {
    weight: 3,
    words: [
      'a hipster barista',
      'a hipster barista',
      'a barista with a beard',
      'a hipster barista holding a cup of coffee',
    ],
    draw(s) {
      const { r } = s;
      behindPortrait(s, true);
      portrait(s, {
        apron: true,
        beard: true,
        beardLength: r.between(0.1, 0.7),
        glasses: r.chance(0.6),
        hat: r.chance(0.25) ? r.pick(hats) : undefined,
        bun: r.chance(0.4),
        cup: r.chance(0.75),
        clothes: ['#a83a34', '#3a5a7a', '#e8e4dc', '#4a4a4a', '#6a7a4a', '#c88a3a'],
      });
      return {};
    },
  },
  woman: {
    weight: 1.6,
    words: ['a woman', 'a woman', 'a portrait of a woman', 'a young woman with long hair'],
    draw(s) {
      const { r } = s;
      behindPortrait(s);
      const hat = r.chance(0.12) ? r.pick(hats) : undefined;
      const glasses = r.chance(0.12);
      portrait(s, {
        long: true,
        lips: true,
        glasses,
        hat,
        clothes: ['#a83a54', '#3a5a8a', '#e8d4c4', '#4a7a6a', '#6a4a8a', '#c88a3a', '#202024'],
      });
      return {
        words: hat
          ? [`a woman wearing a ${hat}`, 'a woman wearing a hat']
          : glasses
            ? ['a woman with glasses']
            : ['a woman with long hair'],
      };
    },
  },
  man: {
    weight: 1.8,
    words: ['a man', 'a man', 'a portrait of a man', 'a young man'],
    draw(s) {
      const { r } = s;
      behindPortrait(s);
      const beard = r.chance(0.3);
      const glasses = r.chance(0.25);
      portrait(s, { beard, beardLength: r.between(0, 0.3), moustache: r.chance(0.15), glasses });
      return beard ? { words: ['a man with a beard'] } : glasses ? { words: ['a man with glasses'] } : {};
    },
  },
} satisfies Record<string, Subject>;

export { fire };
