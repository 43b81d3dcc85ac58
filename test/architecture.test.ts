import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { everyExperiment } from '../src/experiments/index.ts';

const src = fileURLToPath(new URL('../src', import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.ts$/.test(file) && !/\.test\.ts$/.test(file),
);
const folderOf = (file: string) => (file.includes('/') ? file.split('/')[0]! : '');
const text = (file: string) => readFileSync(join(src, file), 'utf8');

/** Folder → folders it may know, as docs/architecture.md has it. */
const knows = new Map(
  [...readFileSync(join(src, '../docs/architecture.md'), 'utf8').matchAll(/^\| `(\w+)\/` \|([^|]*)\|/gm)].map(
    ([, folder, known]) => [folder!, known!.split(',').map((name) => name.trim())],
  ),
);

test('every folder has a line in the table, and every line its folder', () => {
  const folders = new Set(files.map(folderOf).filter(Boolean));
  expect([...knows.keys()].sort()).toEqual([...folders].sort());
});

test('a folder knows only what the table says, in types too', () => {
  const wrong: string[] = [];
  for (const file of files) {
    const allowed = knows.get(folderOf(file));
    if (!allowed || allowed.includes('all')) continue;
    for (const [, target] of text(file).matchAll(/(?:from|import) ?\(?'(\.[^']+)'/g)) {
      const other = folderOf(relative(src, join(src, dirname(file), target!)));
      if (other !== '' && other !== folderOf(file) && !allowed.includes(other))
        wrong.push(`${file} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('folders do not know each other in a circle', () => {
  const reached = (from: string, seen = new Set<string>()): Set<string> => {
    for (const next of knows.get(from) ?? [])
      if (next && next !== 'all' && !seen.has(next)) reached(next, seen.add(next));
    return seen;
  };
  expect([...knows.keys()].filter((folder) => reached(folder).has(folder))).toEqual([]);
});

test('no two exported things share a name', () => {
  const places = new Map<string, string[]>();
  // The operations of a graph are read as a namespace, `op.add`; platform/browser
  // and platform/node say the same twice on purpose.
  for (const file of files.filter((name) => !/^(graph\/ops|platform\/browser\/.*)\.ts$/.test(name)))
    for (const [, name] of text(file).matchAll(
      /^export (?:abstract |async )?(?:function\*?|class|const|let|interface|type|enum) (\w+)/gm,
    ))
      places.set(name!, [...(places.get(name!) ?? []), file]);
  expect([...places].filter(([, where]) => where.length > 1)).toEqual([]);
});

test('files are short: none over 400 lines, half of them under 110', () => {
  const written = ['studio', 'site'].flatMap((name) => {
    const folder = join(src, '..', name);
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:tsx?|css)$/.test(file))
      .map((file) => join(folder, file));
  });
  const lengths = [...files.map((file) => join(src, file)), ...written].map(
    (file) => [readFileSync(file, 'utf8').split('\n').length - 1, relative(src, file)] as const,
  );
  expect(lengths.filter(([lines]) => lines > 400)).toEqual([]);
  const sorted = lengths.map(([lines]) => lines).sort((a, b) => a - b);
  expect(sorted[sorted.length >> 1]).toBeLessThan(110);
});

test('pages, queues, servers and commands contain the name of no experiment', () => {
  const wrong: string[] = [];
  for (const file of files.filter((name) => ['gallery', 'jobs', 'server', 'cli'].includes(folderOf(name)))) {
    // Examples in help texts may; code that compares or looks up may not.
    for (const { id } of everyExperiment)
      if (text(file).match(new RegExp(`(===|case|\\[) '${id}'`))) wrong.push(`${file} names ${id}`);
  }
  expect(wrong).toEqual([]);
});
