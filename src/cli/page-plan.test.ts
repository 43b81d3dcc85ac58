import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import type { Experiment } from '../experiments/experiment.ts';
import { experiments } from '../experiments/index.ts';
import { parseParams } from '../experiments/recipe.ts';
import { documentSchema } from '../gallery/document.ts';
import { markdownHtml } from '../gallery/markdown.ts';
import { planPage } from './page-plan.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campanile-pages-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function plan(document: unknown, options = {}) {
  const from = join(folder, 'page.json');
  await writeFile(from, typeof document === 'string' ? document : JSON.stringify(document));
  return planPage({ from, ...options });
}
const page = (...sections: unknown[]) => ({ title: 'Mine', sections });

/** The document's values, and what was chosen for the checkpoint beside them. */
const besideIts = ({ params }: Experiment) => ('chosen' in params.shape ? { chosen: 'beside' } : {});

test('the thirteen sections of the document are the file that ships', async () => {
  const { sections } = await planPage();
  expect(sections.map(({ work }) => work)).toEqual(
    experiments.map((experiment) => ({ experiment, params: parseParams(experiment, besideIts(experiment)) })),
  );
  expect(sections.map(({ text }) => text.title)).toEqual(experiments.map(({ title }) => title));
});

test('the page of illusions that ships can be made', async () => {
  const from = fileURLToPath(new URL('../../docs/pages/beyond.json', import.meta.url));
  const { sections } = await planPage({ from });
  expect(sections).toHaveLength(5);
  for (const { work } of sections) expect(work).toBeDefined();
});

test('a section may have words, parameters and a name of its own, and stand twice', async () => {
  const { sections } = await plan(
    page(
      { title: 'Before', text: 'Some *words*.' },
      { experiment: 'sdedit' },
      {
        experiment: 'sdedit',
        title: 'Again',
        text: 'With **less** noise.',
        params: { iStarts: [20], seed: 7 },
      },
      { experiment: 'sdedit', id: 'third' },
    ),
    { only: ['words', 'sdedit', 'sdedit-2', 'third'] },
  );
  expect(sections.map(({ text }) => text.id)).toEqual(['words', 'sdedit', 'sdedit-2', 'third']);
  expect(sections[0]).toMatchObject({ text: { html: '<p>Some <em>words</em>.</p>', example: '' } });
  expect(sections[0]!.work).toBeUndefined();
  expect(sections[2]).toMatchObject({
    text: { title: 'Again', example: 'campanile sdedit --i-start 20 --seed 7' },
    work: { params: { iStarts: [20], seed: 7 } },
  });
});

test('pictures are looked for beside the page, by name or by file; built-in ones stay names', async () => {
  await mkdir(join(folder, 'photos'));
  for (const name of ['photos/tower.jpg', 'me.png', 'mask.png']) await writeFile(join(folder, name), '');
  const { sections } = await plan({
    title: 'T',
    pictures: { tower: 'photos/tower.jpg' },
    sections: [
      { experiment: 'inpaint', params: { pictures: ['tower', 'campanile', 'me.png'], masks: ['mask.png'] } },
    ],
  });
  expect(sections[0]!.work!.params).toMatchObject({
    pictures: [join(folder, 'photos/tower.jpg'), 'campanile', join(folder, 'me.png')],
    masks: [join(folder, 'mask.png')],
  });
});

const picture = (name: string) => readFile(fileURLToPath(new URL(`../../pictures/${name}`, import.meta.url)));

test('a page may have pictures inside it: they become files where the page goes', async () => {
  const png = await picture('meadow-64.png');
  const carried = `data:image/png;base64,${png.toString('base64')}`;
  const { sections, carried: written } = await plan(
    {
      title: 'T',
      pictures: { 'my cat.png': carried, 'my-cat': carried, campanile: carried },
      sections: [
        { experiment: 'inpaint', params: { pictures: ['my cat.png', 'meadow'], masks: ['my-cat'] } },
        { experiment: 'sdedit' },
      ],
    },
    { out: 'handout' },
  );
  expect(written.map(({ name, file }) => [name, file])).toEqual([
    ['my cat.png', join('handout', 'pictures', 'my-cat.png')],
    ['my-cat', join('handout', 'pictures', 'my-cat-2.png')],
    ['campanile', join('handout', 'pictures', 'campanile.png')],
  ]);
  expect(Buffer.from(written[0]!.bytes).equals(png)).toBe(true);
  expect(sections[0]!.work!.params).toMatchObject({
    pictures: [join('handout', 'pictures', 'my-cat.png'), 'meadow'],
    masks: [join('handout', 'pictures', 'my-cat-2.png')],
  });
});

test('a section may be a branch: the runs that it left are complete, and its line says so', async () => {
  const { sections } = await plan({
    ...page({
      experiment: 'sample',
      params: { prompts: ['a dog'] },
      from: [{ params: { prompts: ['a skull'] }, walk: 0, step: 3 }],
    }),
    seed: 9,
  });
  expect(sections[0]!.work!.from).toMatchObject([
    { params: { prompts: ['a skull'], seed: 9, steps: 10 }, walk: 0, step: 3 },
  ]);
  expect(sections[0]!.text.example).toMatch(/^campanile sample "a dog" --seed 9 --from "\[\{\\"params/);
});

test('one seed for all, but not for a section with its own; the command line before both', async () => {
  const document = {
    ...page({ experiment: 'sdedit' }, { experiment: 'sdedit', params: { seed: 3 } }),
    seed: 9,
  };
  const seeds = async (options = {}) =>
    (await plan(document, options)).sections.map(({ work }) => work!.params['seed']);
  expect(await seeds()).toEqual([9, 3]);
  expect(await seeds({ seed: 5 })).toEqual([5, 5]);
});

test.each<[string, unknown, RegExp]>([
  ['no JSON', '{"title": "x",}', /page\.json is not JSON/],
  ['no sections', { title: 'x' }, /^sections: expected a list, got nothing/],
  ['an empty list', page(), /^sections: expected at least 1/],
  ['no title', { sections: [{ experiment: 'sdedit' }] }, /^title: expected a text/],
  [
    'a field that is misspelt',
    page({ experiment: 'sdedit', parms: {} }),
    /^sections\[0\]: there is no field "parms"/,
  ],
  [
    'neither experiment nor words',
    page({ title: 'x' }),
    /^sections\[0\]: expected an experiment, or a title and a text/,
  ],
  [
    'an unknown experiment',
    page({ experiment: 'sdedti' }),
    /^sections\[0\]\.experiment: there is no experiment "sdedti"/,
  ],
  [
    'a parameter out of range',
    page({ experiment: 'sdedit', params: { iStarts: [1, 99] } }),
    /^sections\[0\]\.params\.iStarts\[1\]: expected at most 32/,
  ],
  [
    'a parameter that is unknown',
    page({ experiment: 'sdedit', params: { strenght: 1 } }),
    /^sections\[0\]\.params\.strenght: sdedit has no such parameter/,
  ],
  [
    'a seed that is none',
    { ...page({ experiment: 'sdedit' }), seed: -1 },
    /^seed: expected at least 0, got -1/,
  ],
  [
    'a picture that is no picture',
    { ...page({ experiment: 'sdedit' }), pictures: { cat: 'data:image/png;base64,AAAA' } },
    /^pictures\.cat: what it carries is no picture/,
  ],
  [
    'a picture that is not there',
    page({ experiment: 'forward' }, { experiment: 'drawings', params: { pictures: ['meadow', 'cat.png'] } }),
    /^sections\[1\]\.params\.pictures\[1\]: there is no picture .*cat\.png/,
  ],
  [
    'a name of a picture that is not there',
    { ...page({ experiment: 'sdedit', params: { picture: 'cat' } }), pictures: { cat: 'photos/cat.png' } },
    /^pictures\.cat: there is no picture .*cat\.png/,
  ],
  [
    'a picture of an unknown kind',
    { ...page({ experiment: 'sdedit' }), pictures: { cat: 'data:image/svg+xml,<svg/>' } },
    /^pictures\.cat: expected a file, or a picture as data:image\/png;base64/,
  ],
  [
    'a fork with a wrong value',
    page({ experiment: 'sample', from: [{ params: { seed: -1 }, walk: 0, step: 1 }] }),
    /^sections\[0\]\.from\[0\]\.params\.seed: expected at least 0/,
  ],
  [
    'forks in no order',
    page({
      experiment: 'sample',
      from: [
        { params: {}, walk: 0, step: 3 },
        { params: {}, walk: 0, step: 2 },
      ],
    }),
    /^sections\[0\]\.from\[1\]: expected a fork that stands after/,
  ],
  [
    'one id twice',
    page({ experiment: 'sdedit', id: 'a' }, { experiment: 'edit', id: 'a' }),
    /^sections\[1\]\.id: "a" is another/,
  ],
  ['an id with spaces', page({ experiment: 'sdedit', id: 'a b' }), /^sections\[0\]\.id: expected letters/],
])('%s is refused, and the place is named', async (_, document, words) => {
  await expect(plan(document)).rejects.toMatchObject({
    code: 'recipe',
    message: expect.stringMatching(words),
  });
});

test('a page that is not there, and a section that is not, are told', async () => {
  await expect(planPage({ from: join(folder, 'none.json') })).rejects.toMatchObject({ code: 'page-missing' });
  await expect(planPage({ only: ['nowhere'] })).rejects.toThrow(/--only: there is no section "nowhere"/);
});

test('Markdown brings neither markup nor scripts nor pictures from elsewhere', () => {
  const html = markdownHtml(
    '<script>a</script> [x](javascript:alert(1)) ![p](https://example.org/p.png) <img src=x>',
  );
  expect(html).not.toMatch(/<script|<img|href="javascript/);
});

test('the published schema is that of the program', async () => {
  const file = fileURLToPath(new URL('../../docs/page.schema.json', import.meta.url));
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(z.toJSONSchema(documentSchema, { io: 'input' }))),
  );
});

test('the example of the manual is a page', async () => {
  const from = fileURLToPath(new URL('../../docs/pages/handout.json', import.meta.url));
  expect((await planPage({ from })).sections.length).toBeGreaterThan(2);
});
