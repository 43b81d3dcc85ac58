import { readdir } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { findModel } from '../../src/hub/find-model.ts';
import { pullModel } from '../../src/hub/pull.ts';
import { planPull } from '../../src/hub/pull-plan.ts';
import { startHub } from './mock-hub.ts';
import { failure, REPO, serve, setUpBench } from './setup.ts';

const bench = setUpBench();

const NAMES = [
  '../../../../evil.safetensors',
  'unet/../../../evil',
  '/etc/evil',
  'C:/evil',
  'c:evil',
  '\\\\host\\share\\evil',
  'unet\\evil',
  'unet//evil',
  './evil',
  'unet/',
  'unet/evil\u0000.safetensors',
  'unet/evil\n',
  '\u001b[2Jevil',
  'unet/config.json:stream',
  'NUL',
  'unet/aux.safetensors',
  'unet/evil.',
  'unet/evil ',
  'x'.repeat(5000),
];

test.each(NAMES)('a repository that lists %j is refused, and nothing is written', async (name) => {
  bench.hub.models[REPO] = { ...bench.hub.models[REPO]!, listedToo: [name] };
  const error = await failure(pullModel(REPO, bench.options));
  expect(error.code).toBe('unsafe-name');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(error.message).not.toMatch(/[\u0000-\u001f]/);
  expect(error.message.length).toBeLessThan(300);
  expect(await readdir(bench.folder)).toEqual([]);
});

const REVISIONS = [
  '../../../pwn',
  '..',
  'a/../b',
  '/abs',
  'C:\\x',
  'a//b',
  'a\u0000',
  'x.lock',
  'a?b=c',
  'a#b',
  '-x',
  'a b',
  '',
  'CON',
  `${'a'.repeat(300)}`,
  'main/',
  'refs/heads/x.',
];

test.each(REVISIONS)('revision %j is refused before the hub is asked', async (revision) => {
  expect((await failure(pullModel(REPO, { ...bench.options, revision }))).code).toBe('bad-name');
  expect((await failure(planPull(REPO, { ...bench.options, revision }))).code).toBe('bad-name');
  if (revision !== '')
    expect((await failure(findModel(`${REPO}@${revision}`, { env: bench.env }))).code).toBe('bad-name');
  expect(bench.hub.seen).toEqual([]);
  expect(await readdir(bench.folder)).toEqual([]);
});

test.each(['../x', 'a/b/c', 'a', 'a/..', '/a', 'a/b--c', 'a\\b/c', 'a/b?x', 'a/b\n', '.a/b', 'a/b.git', ''])(
  'model name %j is refused before the hub is asked',
  async (name) => {
    expect((await failure(pullModel(name, bench.options))).code).toBe('bad-name');
    expect(bench.hub.seen).toEqual([]);
  },
);

/** A hub that answers the two questions with whatever it likes. */
async function answering(model: unknown, tree: unknown, link?: string) {
  const seen: (string | undefined)[] = [];
  const server = await serve((request, response) => {
    seen.push(request.headers.authorization);
    if (link) response.setHeader('link', link);
    response.end(JSON.stringify(request.url?.includes('/tree/') ? tree : model));
  });
  return { ...server, seen };
}

const planAt = (url: string) =>
  failure(planPull(REPO, { ...bench.options, env: { ...bench.env, HF_ENDPOINT: url } }));

const SHA = '0'.repeat(40);
const entry = (path: string, oid = SHA) => ({ type: 'file', path, oid, size: 3 });

test.each([
  ['a commit that is a path', { sha: '../../../../evil' }, []],
  ['no commit', {}, []],
  ['a hash that is a path', { sha: SHA }, [entry('model_index.json', '../../../../evil')]],
  ['a hash in capitals', { sha: SHA }, [entry('model_index.json', 'A'.repeat(40))]],
  [
    'a size that is no number',
    { sha: SHA },
    [{ ...entry('unet/a'), lfs: { oid: '0'.repeat(64), size: 'many' } }],
  ],
  ['a negative size', { sha: SHA }, [{ ...entry('unet/a'), lfs: { oid: '0'.repeat(64), size: -1 } }]],
  ['no list', { sha: SHA }, { error: 'x' }],
  ['a page of a portal', '<html>sign in</html>', []],
])('%s is not the protocol', async (_, model, tree) => {
  const hub = await answering(model, tree);
  const error = await planAt(hub.url);
  expect(error.code).toBe('bad-reply');
  hub.close();
});

test('a next page on another server gets neither a request nor the token', async () => {
  const other = await answering({}, []);
  const hub = await answering({ sha: SHA }, [entry('model_index.json')], `<${other.url}/page2>; rel="next"`);
  const error = await planAt(hub.url);
  expect(error.code).toBe('bad-reply');
  expect(other.seen).toEqual([]);
  hub.close();
  other.close();
});

test('a hub that sends its answers elsewhere is not believed', async () => {
  const other = await startHub(bench.hub.models);
  const hub = await serve((request, response) => {
    response.writeHead(307, { location: `${other.url}${request.url}` }).end();
  });
  expect((await planAt(hub.url)).code).toBe('bad-reply');
  expect(other.seen).toEqual([]);
  hub.close();
  await other.close();
});

test('a reply without end is cut off', async () => {
  const hub = await serve((_, response) => {
    const block = Buffer.alloc(1 << 20, ' ');
    const more = (): void => {
      while (!response.destroyed && response.write(block));
    };
    response.on('drain', more);
    more();
  });
  expect((await planAt(hub.url)).message).toContain('larger than 16 MB');
  hub.close();
});

test('a packed reply is counted unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(64 << 20, ' '));
  const hub = await serve((_, response) => response.setHeader('content-encoding', 'gzip').end(bomb));
  expect((await planAt(hub.url)).message).toContain('larger than 16 MB');
  hub.close();
});
