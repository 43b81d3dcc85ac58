import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unseenOf } from '../../test/kinds.ts';
import { viewNamed } from '../diffusion/named-view.ts';
import illusion from '../experiments/illusion.ts';
import search from '../experiments/search.ts';
import { viewInWords } from '../experiments/view-in-words.ts';
import { pictureOfPlaces, placesOf } from '../experiments/view-picture.ts';
import { encodePng } from '../images/png.ts';
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

test('a picture is a view, too: red is the column of what is shown at a place, green its row', async () => {
  const file = join(folder, 'turned.PNG');
  writeFileSync(file, encodePng(pictureOfPlaces(placesOf(viewNamed('rotate180'), 8), 8)));
  const { views } = await withViewFiles(illusion, { views: [file] });
  expect(views).toEqual([JSON.stringify(Array.from({ length: 64 }, (_, i) => 63 - i))]);
});

test('a file that is not there, or holds something else, is refused by the name of the option', async () => {
  const views = (file: string) => withViewFiles(illusion, { views: [file] });
  await expect(views(join(folder, 'none.json'))).rejects.toThrow(/--view: .*none\.json cannot be read/);
  await expect(views(written('object.json', '{}'))).rejects.toThrow(/object\.json is no list of places/);
  await expect(views(join(folder, 'none.png'))).rejects.toThrow(/--view: .*none\.png cannot be read/);
  await expect(views(written('text.png', 'no picture'))).rejects.toThrow(
    /text\.png is no picture known here/,
  );
  const grey = join(folder, 'grey.png');
  writeFileSync(grey, encodePng({ width: 8, height: 8, channels: 3, data: new Uint8Array(192).fill(7) }));
  await expect(views(grey)).rejects.toThrow(/--view: .*grey\.png has the colour 7, 7, 7 at row 0, column 0/);
  await expect(views(written('text.json', '[1,'))).rejects.toThrow(/text\.json is no list of places/);
});

/** What is not of linear time takes hours with so many letters. */
const MANY = 1_000_000;

unseenOf({
  '1: what a view costs grows with its length alone': {
    'one that is nearly all space': async () => {
      const view = `flip${' '.repeat(MANY)}x`;
      expect(await withViewFiles(illusion, { views: [view] })).toEqual({ views: [view] });
    },
    'brackets that are never closed, in words': async () => {
      expect(viewInWords('['.repeat(MANY))).toHaveLength(MANY);
    },
    'commas between the views of a search': async () => {
      const views = [`flip${',flip'.repeat(MANY / 5)}`];
      const params = { ...search.params.parse({ prompts: ['a', 'b'] }), views };
      expect(() => search.parts(params, {} as never)).toThrow('given for 2 prompts');
    },
  },
});
