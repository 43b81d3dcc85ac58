import { expect, test } from 'vitest';
import { duration, formatBytes, slug } from './words.ts';

test('sizes as people write them', () => {
  expect([0, 999, 1000, 743_211_660, 999_600_000, 1_870_731_660, 19_580_000_000].map(formatBytes)).toEqual([
    ...['0 B', '999 B', '1.00 kB', '743 MB', '1.00 GB', '1.87 GB', '19.6 GB'],
  ]);
});

test('durations as people say them', () => {
  expect([0, 0.0002, 0.04, 0.31, 9.96, 48.2, 59.7, 185, 200, 7500].map(duration)).toEqual([
    ...[
      '0 s',
      '< 1 ms',
      '40 ms',
      '0.3 s',
      '10 s',
      '48 s',
      '1 min 00 s',
      '3 min 05 s',
      '3 min 20 s',
      '2 h 05 min',
    ],
  ]);
});

test('a name is made of letters, digits and hyphens', () => {
  expect(slug('t = 250, “Öl”!')).toBe('t-250-öl');
  expect(slug('ракета 🚀 हिन्दी')).toBe('ракета-हिन्दी');
  expect(slug('🚀!')).toBe('');
});

test('a name that is cut ends before a letter that does not fit, and says that it is another than one that begins alike', () => {
  expect(slug('a'.repeat(80))).toBe('a'.repeat(80));
  expect(slug('a'.repeat(100))).toMatch(/^a{72,73}-[a-z0-9]{6,7}$/);
  expect(slug(`${'a'.repeat(100)} ii`)).not.toBe(slug('a'.repeat(100)));
  const bytes = new TextEncoder().encode(slug('龍'.repeat(100))).length;
  expect(bytes).toBeGreaterThan(76);
  expect(bytes).toBeLessThanOrEqual(80);
  expect(slug('ab cdefghijkl', 10)).toMatch(/^ab?-[a-z0-9]{6,7}$/);
});
