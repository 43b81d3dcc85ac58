import { type Colour, css, darker, jittered, lighter, mix } from '../colour.ts';
import { type Light, light, lit } from '../light.ts';
import { backdrop, meadow, pine, shadow, sky, snowField, water } from '../nature.ts';
import type { Scene, Subject } from '../scene.ts';

const coats = {
  brown: '#8a5430',
  black: '#34302e',
  white: '#ece4d8',
  golden: '#d8a050',
  grey: '#8a8278',
  tan: '#b8803f',
} as const;

interface Dog {
  coat: Colour;
  patch: Colour;
  pointed: boolean;
}

function dogHead({ p, r }: Scene, x: number, y: number, s: number, { coat, patch, pointed }: Dog): void {
  const ear = darker(coat, r.between(0.25, 0.45));
  const tilt = r.between(-0.06, 0.06) * s;
  for (const k of [-1, 1]) {
    if (pointed)
      p.poly(
        [
          [x + k * s * 0.85, y - s * 0.1],
          [x + k * s * 0.78, y - s * 1.15],
          [x + k * s * 0.2, y - s * 0.75],
        ],
        ear,
      );
    else p.ellipse(x + k * s * 0.88, y + s * 0.12 + k * tilt, s * 0.3, s * 0.68, ear, k * -0.18);
  }
  p.ellipse(
    x,
    y,
    s * 0.86,
    s * 0.9,
    p.radial(x - s * 0.3, y - s * 0.4, 0, s * 1.7, [
      [0, lighter(coat, 0.2)],
      [1, darker(coat, 0.4)],
    ]),
  );
  if (r.chance(0.5))
    p.poly(
      [
        [x - s * 0.16, y - s * 0.85],
        [x + s * 0.16, y - s * 0.85],
        [x + s * 0.1, y],
        [x - s * 0.1, y],
      ],
      patch,
    );
  p.ellipse(
    x,
    y + s * 0.42,
    s * 0.5,
    s * 0.44,
    p.radial(x, y + s * 0.3, 0, s * 0.6, [
      [0, lighter(patch, 0.15)],
      [1, darker(patch, 0.12)],
    ]),
  );
  for (const k of [-1, 1]) {
    p.ellipse(x + k * s * 0.36, y - s * 0.12, s * 0.15, s * 0.16, '#18100e');
    p.dot(x + k * s * 0.36 - s * 0.04, y - s * 0.17, s * 0.05, '#ffffff');
  }
  p.ellipse(x, y + s * 0.24, s * 0.2, s * 0.15, '#181214');
  p.line(
    [
      [x, y + s * 0.36],
      [x, y + s * 0.52],
    ],
    s * 0.05,
    '#281818',
  );
  p.curve([x - s * 0.26, y + s * 0.5], [x, y + s * 0.72], [x + s * 0.26, y + s * 0.5], s * 0.05, '#281818');
  if (r.chance(0.55)) p.ellipse(x, y + s * 0.74, s * 0.14, s * 0.2, '#e86a78');
}

function breed(r: Scene['r'], name?: keyof typeof coats): Dog {
  const coat = jittered(r, name ? coats[name] : r.pick(Object.values(coats)), 12);
  return { coat, patch: r.chance(0.7) ? lighter(coat, 0.65) : lighter(coat, 0.25), pointed: r.chance(0.3) };
}

function collar({ p, r }: Scene, x: number, y: number, s: number): void {
  if (r.chance(0.7))
    p.line(
      [
        [x - s * 0.6, y - s * 0.08],
        [x, y + s * 0.08],
        [x + s * 0.6, y - s * 0.08],
      ],
      s * 0.17,
      r.pick(['#d03030', '#3060c0', '#30a050', '#e0a020']),
    );
}

/** Sitting, seen from the front: paws on y, h high. */
function sittingDog(s: Scene, x: number, y: number, h: number, dog: Dog): void {
  const { p } = s;
  const u = h / 4.1; // half a head's width
  const head = y - u * 3.15;
  shadow(s, x, y, u * 1.5, u * 0.25);
  p.curve(
    [x + u * 0.7, y - u * 0.3],
    [x + u * 1.7, y - u * 0.4],
    [x + u * 1.5, y - u * 1.3],
    u * 0.3,
    darker(dog.coat, 0.15),
  );
  p.ellipse(x, head + u * 2.1, u * 1.05, u * 1.25, p.across(x - u, x + u, dog.coat, darker(dog.coat, 0.35)));
  p.ellipse(x, head + u * 1.9, u * 0.55, u * 0.85, dog.patch);
  for (const k of [-1, 1]) {
    p.line(
      [
        [x + k * u * 0.42, head + u * 1.8],
        [x + k * u * 0.46, head + u * 2.95],
      ],
      u * 0.42,
      k < 0 ? lighter(dog.coat, 0.06) : darker(dog.coat, 0.1),
    );
    p.ellipse(x + k * u * 0.48, head + u * 3.05, u * 0.3, u * 0.17, dog.patch);
  }
  collar(s, x, head + u * 1.02, u);
  dogHead(s, x, head, u, dog);
}

/** Standing, seen from the side. */
function standingDog(s: Scene, x: number, y: number, h: number, dog: Dog): void {
  const { p, r } = s;
  const u = h / 3.2;
  shadow(s, x, y, u * 2, u * 0.2);
  p.mirrored(
    r.chance(0.5),
    () => {
      for (const k of [-1.15, -0.8, 0.55, 0.95])
        p.line(
          [
            [x + k * u, y - u * 1.1],
            [x + k * u, y - u * 0.12],
          ],
          u * 0.34,
          k === -0.8 || k === 0.55 ? darker(dog.coat, 0.3) : dog.coat,
        );
      p.curve(
        [x - u * 1.3, y - u * 1.6],
        [x - u * 1.9, y - u * 1.9],
        [x - u * 1.8, y - u * 2.5],
        u * 0.26,
        dog.coat,
      );
      p.ellipse(
        x - u * 0.1,
        y - u * 1.4,
        u * 1.35,
        u * 0.62,
        p.down(y - u * 2, y - u * 0.8, lighter(dog.coat, 0.15), darker(dog.coat, 0.3)),
      );
      p.ellipse(x + u * 0.9, y - u * 1.7, u * 0.5, u * 0.6, dog.coat);
      dogHead(s, x + u * 1.2, y - u * 2.3, u * 0.78, dog);
    },
    x,
  );
}

const catCoats = {
  orange: '#d88a3c',
  grey: '#6a6a70',
  black: '#2a2828',
  white: '#e8e0d4',
  brown: '#a08068',
} as const;

function cat({ p, r }: Scene, x: number, y: number, s: number, coat: Colour): void {
  p.ellipse(x, y + s * 1.7, s * 0.95, s * 1.05, p.across(x - s, x + s, coat, darker(coat, 0.35)));
  for (const k of [-1, 1]) {
    p.poly(
      [
        [x + k * s * 0.9, y - s * 0.05],
        [x + k * s * 0.82, y - s * 1.2],
        [x + k * s * 0.15, y - s * 0.7],
      ],
      coat,
    );
    p.poly(
      [
        [x + k * s * 0.75, y - s * 0.3],
        [x + k * s * 0.74, y - s * 0.95],
        [x + k * s * 0.34, y - s * 0.65],
      ],
      '#e8a0a0',
    );
  }
  p.ellipse(
    x,
    y,
    s * 0.98,
    s * 0.82,
    p.radial(x - s * 0.3, y - s * 0.4, 0, s * 1.7, [
      [0, lighter(coat, 0.2)],
      [1, darker(coat, 0.35)],
    ]),
  );
  for (let i = -1; i <= 1; i++)
    p.line(
      [
        [x + i * s * 0.16, y - s * 0.75],
        [x + i * s * 0.13, y - s * 0.42],
      ],
      s * 0.08,
      darker(coat, 0.45),
    );
  const iris = r.pick(['#7ac050', '#e0b030', '#50a0d0']);
  p.ellipse(x, y + s * 0.36, s * 0.34, s * 0.24, lighter(coat, 0.6));
  for (const k of [-1, 1]) {
    p.ellipse(x + k * s * 0.4, y - s * 0.1, s * 0.2, s * 0.18, iris);
    p.ellipse(x + k * s * 0.4, y - s * 0.1, s * 0.07, s * 0.16, '#0f0f0f');
    p.line(
      [
        [x + k * s * 0.3, y + s * 0.32],
        [x + k * s * 1.05, y + s * r.between(0.15, 0.3)],
      ],
      0.006,
      css('#ffffff', 0.8),
    );
    p.line(
      [
        [x + k * s * 0.3, y + s * 0.38],
        [x + k * s * 1.05, y + s * 0.45],
      ],
      0.006,
      css('#ffffff', 0.8),
    );
  }
  p.poly(
    [
      [x - s * 0.1, y + s * 0.2],
      [x + s * 0.1, y + s * 0.2],
      [x, y + s * 0.32],
    ],
    '#d87888',
  );
}

/** Perched with its feet on y. */
function owl({ p, r }: Scene, l: Light, x: number, y: number, h: number): void {
  const c = lit(l, jittered(r, r.pick(['#8a6a48', '#6a5a50', '#d8cfc0', '#a0784a']), 10));
  const s = h * 0.5;
  const cy = y - s;
  p.ellipse(x, cy, s * 0.62, s, p.across(x - s * 0.6, x + s * 0.6, lighter(c, 0.1), darker(c, 0.35)));
  p.ellipse(x, cy + s * 0.3, s * 0.4, s * 0.6, lighter(c, 0.4));
  for (let i = 0; i < 9; i++)
    p.ellipse(
      x + ((i % 3) - 1) * s * 0.22,
      cy + s * (0.1 + 0.22 * Math.floor(i / 3)),
      s * 0.06,
      s * 0.05,
      darker(c, 0.25),
    );
  for (const k of [-1, 1]) {
    p.ellipse(x + k * s * 0.58, cy + s * 0.15, s * 0.18, s * 0.62, darker(c, 0.3), k * 0.12);
    p.poly(
      [
        [x + k * s * 0.15, cy - s * 0.85],
        [x + k * s * 0.55, cy - s * 1.15],
        [x + k * s * 0.55, cy - s * 0.6],
      ],
      darker(c, 0.15),
    );
    p.dot(x + k * s * 0.25, cy - s * 0.48, s * 0.27, lighter(c, 0.5));
    p.dot(x + k * s * 0.25, cy - s * 0.48, s * 0.19, '#f0b020');
    p.dot(x + k * s * 0.25, cy - s * 0.48, s * 0.11, '#14100e');
    p.line(
      [
        [x + k * s * 0.15, y],
        [x + k * s * 0.22, y],
      ],
      s * 0.12,
      '#c89030',
    );
  }
  p.poly(
    [
      [x - s * 0.09, cy - s * 0.36],
      [x + s * 0.09, cy - s * 0.36],
      [x, cy - s * 0.14],
    ],
    '#d89a30',
  );
}

function penguin(s: Scene, x: number, y: number, h: number): void {
  const { p } = s;
  const u = h / 2.5;
  shadow(s, x, y, u * 0.8, u * 0.12, 0.25);
  for (const k of [-1, 1]) p.ellipse(x + k * u * 0.28, y - u * 0.06, u * 0.26, u * 0.1, '#e89a28');
  for (const k of [-1, 1]) p.ellipse(x + k * u * 0.68, y - u * 1.05, u * 0.16, u * 0.6, '#1e2430', k * -0.25);
  p.ellipse(x, y - u * 0.98, u * 0.68, u * 0.98, p.across(x - u * 0.7, x + u * 0.7, '#343c4c', '#12161e'));
  p.ellipse(x, y - u * 0.84, u * 0.46, u * 0.78, p.across(x - u * 0.5, x + u * 0.5, '#ffffff', '#c8d0dc'));
  p.ellipse(x, y - u * 1.98, u * 0.5, u * 0.48, p.across(x - u * 0.5, x + u * 0.5, '#343c4c', '#12161e'));
  for (const k of [-1, 1]) {
    p.ellipse(x + k * u * 0.2, y - u * 1.94, u * 0.2, u * 0.22, '#f4f6fa');
    p.dot(x + k * u * 0.18, y - u * 1.98, u * 0.08, '#101014');
  }
  p.poly(
    [
      [x - u * 0.16, y - u * 1.86],
      [x + u * 0.16, y - u * 1.86],
      [x, y - u * 1.66],
    ],
    '#f0a028',
  );
}

export const animals = {
  dog: {
    weight: 3.4,
    words: ['a dog', 'a dog', 'a cute dog', 'a dog looking at the camera', 'a puppy'],
    draw(s) {
      const { r } = s;
      const outside = r.chance(0.55);
      let l: Light | undefined;
      if (outside) {
        l = light(s, ['day', 'day', 'morning', 'sunset']);
        const place = r.chance(0.25) ? snowField : meadow;
        place(s, l, r.between(0.38, 0.55));
      } else backdrop(s, ['#5a7a8a', '#a08060', '#c8b8a0', '#6a5a70', '#88a878', '#d8c8b8']);
      const name = r.pick(['brown', 'black', 'white', 'golden', 'grey', 'tan'] as const);
      const dog = breed(r, name);
      const x = r.between(0.43, 0.57);
      const pose = r.unit();
      if (pose < 0.5) sittingDog(s, x, r.between(0.92, 1), r.between(0.76, 0.92), dog);
      else if (pose < 0.62 && outside) standingDog(s, x, r.between(0.86, 0.94), r.between(0.6, 0.72), dog);
      else {
        const size = r.between(0.28, 0.35);
        const y = r.between(0.43, 0.51);
        s.p.ellipse(
          x,
          y + size * 1.7,
          size * 1.1,
          size * 0.95,
          s.p.across(x - size, x + size, dog.coat, darker(dog.coat, 0.35)),
        );
        collar(s, x, y + size, size);
        dogHead(s, x, y, size, dog);
      }
      return { light: l, words: [`a ${name === 'tan' ? 'brown' : name} dog`] };
    },
    thing: (s, _l, x, y, h) => sittingDog(s, x, y, h, breed(s.r)),
  },
  cat: {
    weight: 1.2,
    words: ['a cat', 'a cat', 'a cute cat', 'a cat looking at the camera', 'a kitten'],
    draw(s) {
      const { r } = s;
      backdrop(s, ['#7a8a9a', '#b89a80', '#d8c8b8', '#6a7a60', '#8a6a7a', '#c8d0d8']);
      const name = r.pick(['orange', 'grey', 'black', 'white', 'brown'] as const);
      cat(
        s,
        r.between(0.43, 0.57),
        r.between(0.44, 0.53),
        r.between(0.26, 0.34),
        jittered(r, catCoats[name], 12),
      );
      return { words: [`${name === 'orange' ? 'an' : 'a'} ${name} cat`] };
    },
    thing: (s, _l, x, y, h) => {
      const u = h / 3.4;
      shadow(s, x, y, u * 1.2, u * 0.2);
      s.p.g.save();
      s.p.g.beginPath();
      s.p.g.rect(-0.2, -0.2, 1.4, y + 0.2);
      s.p.g.clip();
      cat(s, x, y - u * 2.1, u, jittered(s.r, s.r.pick(Object.values(catCoats)), 12));
      s.p.g.restore();
    },
  },
  owl: {
    weight: 1,
    words: ['an owl', 'an owl on a branch'],
    draw(s) {
      const { p, r } = s;
      const l = light(s, ['night', 'night', 'dusk', 'day', 'morning']);
      sky(s, l, 0.95);
      r.times(0, 4, () => pine(s, r.unit(), 1.02, r.between(0.3, 0.6), mix(lit(l, '#2a4a3a'), l.low, 0.2)));
      const bright = { ...l, strength: Math.max(l.strength, 0.75) };
      const y = r.between(0.8, 0.88);
      p.curve(
        [-0.1, y + r.between(-0.03, 0.06)],
        [0.5, y - 0.01],
        [1.1, y + r.between(-0.1, 0.05)],
        r.between(0.05, 0.08),
        lit(bright, '#5a4030'),
      );
      owl(s, bright, r.between(0.42, 0.58), y, r.between(0.55, 0.68));
      if (r.chance(0.6))
        r.times(3, 8, () =>
          p.ellipse(
            r.unit(),
            y + r.between(-0.06, 0.06),
            0.04,
            0.02,
            lit(bright, jittered(r, '#4a7a3a', 14)),
            r.between(-1, 1),
          ),
        );
      return { light: l };
    },
  },
  penguin: {
    weight: 1,
    words: ['a penguin', 'a penguin in the snow', 'a penguin on the ice'],
    draw(s) {
      const { p, r } = s;
      const l = light(s, ['day', 'day', 'morning', 'dusk', 'cloudy']);
      const horizon = r.between(0.5, 0.62);
      if (r.chance(0.5)) snowField(s, l, horizon);
      else {
        sky(s, l, horizon);
        water(s, l, horizon, '#3a80a8');
        p.shape(
          [-0.1, 0.8],
          [
            [0.3, 0.72, 0.6, 0.74],
            [0.9, 0.74, 1.1, 0.8],
            [1.1, 1.1],
            [-0.1, 1.1],
          ],
          p.down(0.72, 1, lit(l, '#ffffff'), lit(l, '#c8dcec')),
        );
      }
      if (r.chance(0.25)) penguin(s, r.chance(0.5) ? 0.18 : 0.82, 0.84, 0.3);
      penguin(s, r.between(0.42, 0.58), r.between(0.88, 0.96), r.between(0.58, 0.72));
      return { light: l };
    },
    thing: (s, _l, x, y, h) => penguin(s, x, y, h),
  },
} satisfies Record<string, Subject>;

export { breed, sittingDog };
