import { expect, test } from 'vitest';
import { plainName, pngNamed } from './file-names.ts';

test.each([
  ['cat.jpg', 'cat.jpg'],
  ['C:\\photos\\cat.jpg', 'cat.jpg'],
  ['../../etc/passwd', 'passwd'],
  ['мой кот 🐈.png', 'мой кот 🐈.png'],
  ['a\u0000b\u202egnp.exe', 'abgnp.exe'],
  ['/', ''],
])('%j is kept as %j', (name, kept) => {
  expect(plainName(name)).toBe(kept);
});

test('a download is named by the first text that says something', () => {
  expect(pngNamed('attachment', undefined, '', '…', 'a rocket ship, seed 180')).toBe(
    'attachment; filename="a-rocket-ship-seed-180.png"',
  );
  expect(pngNamed('inline', undefined)).toBe('inline; filename="picture.png"');
});

test('letters beyond ASCII are there for who reads them, and nothing breaks the header', () => {
  expect(pngNamed('attachment', 'мой кот.jpg')).toBe(
    `attachment; filename="--------.png"; filename*=UTF-8''${encodeURIComponent('мой-кот')}.png`.replace(
      '--------',
      '-------',
    ),
  );
  expect(pngNamed('attachment', 'a"; filename="evil.exe\r\nx: y')).toMatch(
    /^attachment; filename="[a-z-]+\.png"$/,
  );
});
