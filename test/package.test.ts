import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { satisfies } from 'semver';
import { expect, test } from 'vitest';

const project = fileURLToPath(new URL('..', import.meta.url));
const json = (file: string) => JSON.parse(readFileSync(join(project, file), 'utf8'));

interface Locked {
  readonly engines?: { readonly node?: string };
  readonly optional?: boolean;
}

test('every package that is installed serves the Nodes that are promised', () => {
  const promised = json('package.json').engines.node as string;
  const wrong: string[] = [];
  for (const [place, { engines, optional }] of Object.entries<Locked>(json('package-lock.json').packages)) {
    if (optional) continue; // of other systems
    for (const node of ['20.19.0', '22.13.0', '24.0.0']) {
      expect(satisfies(node, promised), node).toBe(true);
      if (engines?.node && !satisfies(node, engines.node)) wrong.push(`${place} wants ${engines.node}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('its types hold for whoever has those of libraries checked, too', () => {
  const entries = Object.keys(json('package.json').exports).filter((entry) => !entry.endsWith('.json'));
  const folder = mkdtempSync(join(project, 'dist/types-'));
  try {
    const text = entries.map((entry, i) => `export * as e${i} from '${entry.replace('.', 'campanile')}';\n`);
    writeFileSync(join(folder, 'all.ts'), text.join(''));
    const compilerOptions = {
      ...{ noEmit: true, strict: true, skipLibCheck: false, module: 'nodenext', target: 'es2023' },
      ...{ lib: ['es2023', 'dom'], types: ['node'] },
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    const tsc = join(project, 'node_modules/.bin/tsc');
    const { stdout } = spawnSync(tsc, ['-p', folder], { encoding: 'utf8' });
    expect(stdout).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what documents of the package link to is in the package', () => {
  const [{ files }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: project,
      encoding: 'utf8',
    }),
  );
  const packed = new Set<string>(files.map(({ path }: { path: string }) => path));
  const inPackage = (path: string) =>
    packed.has(path) || [...packed].some((file) => file.startsWith(`${path}/`));
  const dangling: string[] = [];
  for (const file of packed) {
    if (!file.endsWith('.md')) continue;
    for (const [, link = ''] of readFileSync(join(project, file), 'utf8').matchAll(
      /\]\(([^)#\s]+)[^)]*\)/g,
    )) {
      if (/^https?:/.test(link)) continue;
      const target = normalize(join(dirname(file), link)).replace(/\/$/, '');
      if (!existsSync(join(project, target)) || !inPackage(target)) dangling.push(`${file}: ${link}`);
    }
  }
  expect(dangling).toEqual([]);
  expect([...packed].filter((file) => /\.test\.|\.py$|\.tsbuildinfo$/.test(file))).toEqual([]);
});
