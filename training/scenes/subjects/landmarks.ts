import { bellTower, castle, house, lighthouse, walls } from '../buildings.ts';
import { css, darker, jittered, lighter, mix } from '../colour.ts';
import { isDark, type Light, light, lit } from '../light.ts';
import { farHills, ground, hills, meadow, shadow, sky, tree, water } from '../nature.ts';
import { figure } from '../people.ts';
import type { Scene, Subject } from '../scene.ts';

const stones = ['#d9d3c6', '#d9d3c6', '#cfc4b0', '#e4dfd6'];

function campus(s: Scene, l: Light, horizon: number): void {
  const { p, r } = s;
  sky(s, l, horizon);
  if (r.chance(0.6)) farHills(s, l, horizon - 0.07, 0.03, '#6f8a7c');
  if (r.chance(0.3)) p.rect(-0.1, horizon - 0.05, 1.2, 0.06, mix(lit(l, '#5f93b8'), l.low, 0.4));
  ground(s, l, horizon, r.pick(['#6d9a4c', '#8aa860', '#b8a888']), r.pick(['#4d7a3a', '#7a7060', '#5c8a44']));
  r.times(0, 2, () => {
    const h = r.between(0.1, 0.18);
    house(
      s,
      l,
      r.chance(0.5) ? r.between(-0.1, 0.18) : r.between(0.62, 0.85),
      horizon + 0.08,
      r.between(0.22, 0.34),
      h,
      '#e6dfd0',
      '#b8653c',
      { roofHeight: h * 0.35, columns: 4 },
    );
  });
}

function rocks({ p, r }: Scene, l: Light, x: number, y: number): void {
  const rock = lit(l, jittered(r, '#6a655c', 10));
  p.poly(
    [
      [x - 0.34, 1.1],
      [x - 0.26, y + 0.06],
      [x - 0.1, y - 0.01],
      [x + 0.12, y - 0.01],
      [x + 0.25, y + 0.07],
      [x + 0.36, 1.1],
    ],
    p.down(y, 1, lighter(rock, 0.1), darker(rock, 0.4)),
  );
  for (let i = 0; i < 8; i++)
    p.ellipse(
      x + r.between(-0.26, 0.26),
      r.between(y + 0.08, 1),
      r.between(0.02, 0.05),
      r.between(0.015, 0.03),
      css(r.chance(0.5) ? darker(rock, 0.3) : lighter(rock, 0.12), 0.7),
    );
  p.ellipse(x, y, 0.14, 0.02, lit(l, '#6a9a48'));
}

function windmill({ p, r }: Scene, l: Light, x: number, y: number, h: number): void {
  const wall = lit(l, jittered(r, r.pick(['#f0e8d8', '#d8b48a', '#b87a5a', '#e8e4e0']), 8));
  const cap = lit(l, r.pick(['#8a4a34', '#4a5a6a', '#6a5a3a']));
  const hub = y - h * 0.72;
  shadow({ p, r, medium: 'photo' }, x, y, h * 0.3, h * 0.04);
  p.poly(
    [
      [x - h * 0.17, y],
      [x - h * 0.1, hub],
      [x + h * 0.1, hub],
      [x + h * 0.17, y],
    ],
    p.across(x - h * 0.15, x + h * 0.15, lighter(wall, 0.12), darker(wall, 0.3)),
  );
  p.shape(
    [x - h * 0.12, hub],
    [[x - h * 0.1, hub - h * 0.16, x + h * 0.1, hub - h * 0.16, x + h * 0.12, hub]],
    cap,
  );
  p.rect(x - h * 0.04, y - h * 0.15, h * 0.08, h * 0.15, darker(cap, 0.3));
  p.rect(x - h * 0.025, y - h * 0.42, h * 0.05, h * 0.07, isDark(l) ? '#ffd060' : darker(wall, 0.6));
  const a = r.between(0, Math.PI / 2);
  for (let i = 0; i < 4; i++)
    p.at(x, hub, a + (i * Math.PI) / 2, h, () => {
      p.rect(0.02, -0.01, 0.42, 0.02, lit(l, '#5a4030'));
      p.rect(0.09, -0.075, 0.35, 0.07, css(lit(l, '#f4ecdc'), 0.92));
      for (let k = 0; k < 4; k++) p.rect(0.09 + k * 0.1, -0.075, 0.008, 0.07, lit(l, '#8a7050'));
    });
  p.dot(x, hub, h * 0.03, darker(cap, 0.2));
}

export const landmarks = {
  campanile: {
    weight: 3.6,
    words: [
      'the Campanile',
      'the Campanile',
      'the Campanile at Berkeley',
      'a tall clock tower',
      'a bell tower',
      'the Sather Tower campanile',
    ],
    draw(s) {
      const { r } = s;
      const l = light(s, ['day', 'day', 'day', 'morning', 'sunset', 'dusk', 'cloudy', 'night']);
      const horizon = r.between(0.7, 0.84);
      campus(s, l, horizon);
      r.times(3, 8, () =>
        tree(
          s,
          r.unit(),
          horizon + r.between(0.02, 0.1),
          r.between(0.12, 0.26),
          lit(l, jittered(r, '#3f6f38', 14)),
        ),
      );
      bellTower(s, l, {
        x: r.between(0.34, 0.66),
        w: r.between(0.095, 0.155),
        top: r.between(0.04, 0.18),
        base: r.between(0.84, 0.94),
        stone: lit(l, jittered(r, r.pick(stones), 10)),
      });
      r.times(1, 5, () =>
        tree(
          s,
          r.chance(0.5) ? r.between(-0.02, 0.25) : r.between(0.75, 1.02),
          r.between(0.92, 1.05),
          r.between(0.18, 0.36),
          lit(l, jittered(r, '#2f5f30', 12)),
        ),
      );
      if (r.chance(0.3))
        r.times(1, 4, () =>
          figure(
            s,
            r.between(0.1, 0.9),
            r.between(0.93, 0.99),
            r.between(0.06, 0.09),
            r.pick(['#c04040', '#3a5a9a', '#e0c040', '#404048']),
            '#d8a888',
          ),
        );
      return { light: l };
    },
    thing: (s, l, x, y, h) =>
      bellTower(s, l, {
        x,
        w: h * s.r.between(0.13, 0.17),
        top: y - h,
        base: y,
        stone: lit(l, jittered(s.r, s.r.pick(stones), 10)),
      }),
  },
  lighthouse: {
    weight: 1.2,
    words: ['a lighthouse', 'a lighthouse by the sea', 'a lighthouse on a cliff'],
    draw(s) {
      const { r } = s;
      const l = light(s);
      const horizon = r.between(0.56, 0.68);
      sky(s, l, horizon);
      water(s, l, horizon, '#2c6c98');
      const x = r.between(0.33, 0.67);
      const y = r.between(0.75, 0.84);
      rocks(s, l, x, y);
      const stripe = r.pick(['#c83030', '#c83030', '#28407a', '#303030']);
      lighthouse(s, l, x, y, r.between(0.46, 0.6), stripe);
      if (r.chance(0.5)) house(s, l, x + 0.09, y, 0.12, 0.07, '#f4f0e8', '#a04030', { roofHeight: 0.04 });
      return { light: l };
    },
    thing: (s, l, x, y, h) => lighthouse(s, l, x, y, h * 0.82, s.r.pick(['#c83030', '#28407a', '#303030'])),
  },
  cottage: {
    weight: 1.2,
    words: [
      'a cottage in a meadow',
      'a small house in the countryside',
      'a farmhouse on a hill',
      'a house',
      'a cottage',
    ],
    draw(s) {
      const { p, r } = s;
      const l = light(s);
      const horizon = r.between(0.48, 0.6);
      meadow(s, l, horizon);
      hills(s, horizon + 0.04, 0.03, 0.5, p.down(horizon, 1, lit(l, '#86b455'), lit(l, '#4f8a3a')), 16);
      const x = r.between(0.22, 0.5);
      const near = s.loose ? r.between(1, 1.7) : 1;
      const w = r.between(0.26, 0.38) * near;
      const h = r.between(0.15, 0.22) * near;
      const y = r.between(0.68, 0.8) + 0.1 * (near - 1);
      r.times(2, 5, () =>
        tree(
          s,
          r.unit(),
          horizon + r.between(0.07, 0.12),
          r.between(0.16, 0.3),
          lit(l, jittered(r, '#4a8a3c', 14)),
        ),
      );
      p.rect(x + w * 0.7, y - h * 1.75, w * 0.12, h * 0.5, lit(l, '#8a4a3a'));
      if (r.chance(0.4))
        for (let i = 0; i < 5; i++)
          p.dot(
            x + w * 0.76 + i * 0.02,
            y - h * 1.85 - i * 0.035,
            0.018 + i * 0.006,
            css('#e8e8ec', 0.4 - i * 0.05),
          );
      house(s, l, x, y, w, h, r.pick(walls), r.pick(['#b04a30', '#8a5a3a', '#5a6a7a', '#c87a3a']), {
        door: true,
        roofHeight: h * 0.75,
      });
      p.shape(
        [x + w * 0.42, y],
        [
          [x + w * 0.6, y],
          [x + w * 0.62, (y + 1) / 2, x + w * 0.8, 1.05],
          [x + w * 0.3, 1.05],
          [x + w * 0.5, (y + 1) / 2, x + w * 0.42, y],
        ],
        lit(l, '#d8c090'),
      );
      r.times(10, 30, () =>
        p.dot(
          r.unit(),
          r.between(y, 1),
          r.between(0.006, 0.013),
          css(lit(l, r.pick(['#ff6080', '#ffe050', '#ffffff', '#b080ff'])), 0.95),
        ),
      );
      if (r.chance(0.5))
        tree(s, r.chance(0.5) ? 0.08 : 0.92, 0.95, r.between(0.4, 0.55), lit(l, jittered(r, '#3f7f38', 14)));
      return { light: l };
    },
    thing: (s, l, x, y, h) =>
      house(
        s,
        l,
        x - h * 0.6,
        y,
        h * 1.2,
        h * 0.55,
        s.r.pick(walls),
        s.r.pick(['#b04a30', '#8a5a3a', '#5a6a7a']),
        { door: true, roofHeight: h * 0.45 },
      ),
  },
  castle: {
    weight: 1.2,
    words: ['a castle', 'a medieval castle on a hill', 'a stone castle', 'a castle'],
    draw(s) {
      const { p, r } = s;
      const l = light(s);
      const horizon = r.between(0.64, 0.76);
      sky(s, l, horizon);
      farHills(s, l, horizon - 0.05, 0.04, '#5f7f6a');
      const grass = lit(l, '#5f9048');
      p.ellipse(
        0.5,
        1.02,
        0.75,
        1.08 - horizon,
        p.down(horizon - 0.05, 1, lighter(grass, 0.1), darker(grass, 0.35)),
      );
      castle(
        s,
        l,
        r.between(0.44, 0.56),
        horizon + 0.08,
        r.between(0.48, 0.58),
        jittered(r, r.pick(['#a8a49c', '#b8a88c', '#8c8c96']), 10),
        r.pick(['#3a5a9a', '#a03a30', '#6a4a8a', '#3f6a5a']),
      );
      r.times(2, 6, () =>
        tree(s, r.unit(), r.between(0.9, 1.03), r.between(0.14, 0.26), lit(l, jittered(r, '#3f6f38', 14))),
      );
      return { light: l };
    },
    thing: (s, l, x, y, h) =>
      castle(
        s,
        l,
        x,
        y,
        h,
        s.r.pick(['#a8a49c', '#b8a88c', '#8c8c96']),
        s.r.pick(['#3a5a9a', '#a03a30', '#6a4a8a']),
      ),
  },
  city: {
    weight: 1,
    words: ['a city skyline', 'a city skyline with skyscrapers', 'a modern city'],
    draw(s) {
      const { p, r } = s;
      const l = light(s, ['night', 'night', 'dusk', 'sunset', 'day', 'morning']);
      const horizon = r.between(0.76, 0.84);
      sky(s, l, horizon);
      for (let k = 0; k < 2; k++)
        for (let x = -0.05; x < 1; ) {
          const w = r.between(0.07, 0.15);
          const h = k ? r.between(0.15, 0.45) : r.between(0.3, 0.62);
          const c = mix(
            lit(l, jittered(r, r.pick(['#56657a', '#6a6f7c', '#7a6a60', '#48566c']), 10)),
            l.low,
            k ? 0.05 : 0.4,
          );
          p.rect(x, horizon - h, w, h, p.across(x, x + w, lighter(c, 0.1), darker(c, 0.25)));
          if (r.chance(0.2))
            p.line(
              [
                [x + w / 2, horizon - h],
                [x + w / 2, horizon - h - 0.08],
              ],
              0.008,
              c,
            );
          if (k || l.strength < 0.6)
            for (let y = horizon - h + 0.03; y < horizon - 0.02; y += 0.04)
              for (let wx = x + 0.015; wx < x + w - 0.015; wx += 0.028)
                if (r.chance(isDark(l) ? 0.5 : 0.35))
                  p.rect(
                    wx,
                    y,
                    0.014,
                    0.019,
                    css(
                      isDark(l) ? r.pick(['#ffe080', '#ffd060', '#fff0c0']) : darker(c, 0.35),
                      k ? 0.95 : 0.6,
                    ),
                  );
          x += w * r.between(0.9, 1.1);
        }
      water(s, l, horizon, '#2f5070');
      return { light: l };
    },
  },
  bridge: {
    weight: 1,
    words: [
      'the Golden Gate bridge',
      'a red suspension bridge',
      'a suspension bridge over the bay',
      'a bridge',
    ],
    draw(s) {
      const { p, r } = s;
      const l = light(s);
      const horizon = r.between(0.6, 0.7);
      sky(s, l, horizon);
      farHills(s, l, horizon - 0.06, 0.05, '#6a8468', 0.4);
      water(s, l, horizon, '#2f6a90');
      const y = horizon - r.between(0, 0.06);
      const red = lit(l, jittered(r, '#c8402a', 8));
      const x0 = r.between(0.16, 0.32);
      const x1 = r.between(0.68, 0.84);
      const top = r.between(0.14, 0.28);
      for (const x of [x0, x1]) {
        p.rect(x - 0.028, top, 0.018, horizon + 0.05 - top, red);
        p.rect(x + 0.012, top, 0.018, horizon + 0.05 - top, darker(red, 0.2));
        for (let k = 0; k < 4; k++) p.rect(x - 0.028, top + 0.02 + (k * (y - top)) / 4.2, 0.056, 0.015, red);
      }
      p.rect(-0.1, y, 1.2, 0.026, red);
      const cable = (a: number, b: number, ay: number, by: number, sag: number) => {
        p.curve([a, ay], [(a + b) / 2, sag], [b, by], 0.011, red);
        for (let i = 1; i < 12; i++) {
          const u = i / 12;
          const x = a + (b - a) * u;
          p.line(
            [
              [x, (1 - u) ** 2 * ay + 2 * u * (1 - u) * sag + u * u * by],
              [x, y],
            ],
            0.004,
            red,
          );
        }
      };
      cable(x0, x1, top, top, 2 * y - top - 0.04);
      cable(-0.3, x0, y, top, y - 0.02);
      cable(x1, 1.3, top, y, y - 0.02);
      if (r.chance(0.3)) hills(s, 0.95, 0.04, 0.5, lit(l, '#4a5a40'));
      return { light: l };
    },
  },
  windmill: {
    weight: 1,
    words: ['a windmill', 'a windmill in a field', 'an old windmill'],
    draw(s) {
      const { r } = s;
      const l = light(s, ['day', 'day', 'morning', 'sunset', 'dusk', 'cloudy']);
      const horizon = r.between(0.64, 0.76);
      meadow(s, l, horizon);
      windmill(s, l, r.between(0.38, 0.62), horizon + r.between(0.06, 0.14), r.between(0.55, 0.68));
      return { light: l };
    },
    thing: windmill,
  },
} satisfies Record<string, Subject>;
