import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isLoopback } from './guard.ts';

test.each(['localhost', '127.0.0.1', '127.8.8.8', '::1'])('%s is reached from this machine alone', (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each(['0.0.0.0', '::', '192.168.1.2', '127.0.0.1.nip.io', 'localhost.evil.example', ''])(
  '%s is not',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);

test('T26: tokens are compared in constant time', () => {
  const source = readFileSync(new URL('./guard.ts', import.meta.url), 'utf8');
  expect(source).toContain('timingSafeEqual');
  expect(source).not.toMatch(/(token|secret|candidate) === (?!undefined)/);
});
