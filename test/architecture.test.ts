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

/** Folder → folders it may know. */
const knows: Record<string, readonly string[]> = {
  platform: ['hub'],
  tensor: [],
  diffusion: ['tensor'],
  checkpoint: ['platform', 'tensor'],
  graph: [],
  engine: ['graph', 'checkpoint', 'platform', 'tensor'],
  text: ['engine', 'graph', 'checkpoint', 'platform', 'tensor'],
  hub: [],
  models: ['text', 'engine', 'graph', 'checkpoint', 'diffusion', 'platform', 'tensor'],
  images: ['platform', 'tensor'],
  experiments: ['models', 'checkpoint', 'diffusion', 'images', 'platform', 'tensor'],
  gallery: ['experiments', 'tensor'],
};

test('a folder knows only what stands left of it', () => {
  const wrong: string[] = [];
  for (const file of files) {
    const allowed = knows[folderOf(file)];
    if (!allowed) continue;
    for (const [, target] of text(file).matchAll(/from '(\.[^']+)'/g)) {
      const other = folderOf(relative(src, join(src, dirname(file), target!)));
      if (other !== '' && other !== folderOf(file) && !allowed.includes(other))
        wrong.push(`${file} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
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
