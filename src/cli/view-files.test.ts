import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import illusion from '../experiments/illusion.ts';
import search from '../experiments/search.ts';
import { withViewFiles } from './view-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'campanile-views-'));
function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

test('what is in a file of places stands in the place of its name, and all else stays as it was typed', async () => {
  const file = written('mine.json', '[\n 1,\n 0,\n 3,\n 2\n]');
  const typed = { prompts: ['a.json', 'b'], views: ['flip', `${file} + negate`] };
  expect(await withViewFiles(illusion, typed)).toEqual({
    prompts: ['a.json', 'b'],
    views: ['flip', '[1,0,3,2] + negate'],
  });
  expect(await withViewFiles(search, { views: [`${file},flip`] })).toEqual({ views: ['[1,0,3,2],flip'] });
  expect(await withViewFiles(illusion, {})).toEqual({});
});

test('a file that is not there, or holds something else, is refused by the name of the option', async () => {
  const views = (file: string) => withViewFiles(illusion, { views: [file] });
  await expect(views(join(folder, 'none.json'))).rejects.toThrow(/--view: .*none\.json cannot be read/);
  await expect(views(written('object.json', '{}'))).rejects.toThrow(/object\.json is no list of places/);
  await expect(views(written('text.json', '[1,'))).rejects.toThrow(/text\.json is no list of places/);
});
