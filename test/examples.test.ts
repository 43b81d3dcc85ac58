import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { isPng } from '../src/images/png.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const names = readdirSync(join(root, 'examples')).filter((name) => /^\d\d-/.test(name));

test.each(names)(
  '%s draws its pictures',
  async (name) => {
    const out = mkdtempSync(join(tmpdir(), 'campanile-example-'));
    const args = ['--import', 'tsx', '-C', 'campanile-source', join('examples', name), out];
    await promisify(execFile)(process.execPath, args, { cwd: root });
    const files = readdirSync(out);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(isPng(readFileSync(join(out, file)))).toBe(true);
  },
  600_000,
);

test.each(names)('%s is no longer than forty lines', (name) => {
  const lines = readFileSync(join(root, 'examples', name), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines.length).toBeLessThanOrEqual(40);
});
