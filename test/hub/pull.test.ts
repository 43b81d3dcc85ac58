import { lstat, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { DownloadError } from '../../src/errors.ts';
import { findModel } from '../../src/hub/find-model.ts';
import { pullModel } from '../../src/hub/pull.ts';
import { planPull } from '../../src/hub/pull-plan.ts';
import { COMMIT, gitSha1, sha256, TOKEN } from './mock-hub.ts';
import {
  allFiles,
  blobs,
  cutWeights,
  failure,
  REPO,
  read,
  sent,
  setUpBench,
  WEIGHTS,
  WEIGHTS_PATH,
} from './setup.ts';

const bench = setUpBench();
const HASH = sha256(WEIGHTS);
const onWeights =
  <T>(fault: T, times = 1) =>
  (path: string, nth: number): T | undefined =>
    path === WEIGHTS_PATH && nth <= times ? fault : undefined;

test('a plan says licence, size and files before anything is written', async () => {
  const plan = await planPull(REPO, bench.options);
  expect(plan).toMatchObject({
    commit: COMMIT,
    licence: 'deepfloyd-if-license',
    licencePage: `${bench.hub.url}/${REPO}`,
    gated: 'auto',
    refusal: undefined,
    presentBytes: 0,
  });
  expect(plan.files.map(({ path }) => path).sort()).toEqual([
    'LICENSE.md',
    'feature_extractor/preprocessor_config.json',
    'model_index.json',
    'safety_checker/config.json',
    'scheduler/scheduler_config.json',
    'unet/config.json',
    WEIGHTS_PATH,
    'watermarker/config.json',
  ]);
  expect(plan.totalBytes).toBe(plan.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  expect(await readdir(bench.folder)).toEqual([]);
});

test('a pull lays the cache out as huggingface_hub does', async () => {
  const folder = await pullModel(REPO, bench.options);
  const repo = join(bench.cache, 'models--DeepFloyd--IF-I-M-v1.0');
  expect(folder).toBe(join(repo, 'snapshots', COMMIT));
  expect(await readFile(join(repo, 'refs', 'main'), 'utf8')).toBe(COMMIT);
  expect(await readlink(join(folder, WEIGHTS_PATH))).toBe(join('..', '..', '..', 'blobs', HASH));
  const config = await read(folder, 'unet/config.json');
  expect(await readlink(join(folder, 'unet/config.json'))).toBe(
    join('..', '..', '..', 'blobs', gitSha1(config)),
  );
  expect(await readlink(join(folder, 'model_index.json'))).toMatch(
    /^\.\.[/\\]\.\.[/\\]blobs[/\\][0-9a-f]{40}$/,
  );
  expect(sha256(await read(folder, WEIGHTS_PATH))).toBe(HASH);
  expect((await blobs(bench)).filter((name) => !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name))).toEqual([]);
  expect((await allFiles(join(bench.cache, '.locks'))).length).toBe(0);
  expect(await findModel(REPO, { env: bench.env })).toBe(folder);
});

test('with text, the encoder and its tokenizer come too; text alone leaves the network out', async () => {
  const paths = async (text: true | 'only') =>
    (await planPull(REPO, { ...bench.options, text })).files.map(({ path }) => path);
  const encoder = [
    'text_encoder/config.json',
    'text_encoder/model.fp16-00001-of-00002.safetensors',
    'text_encoder/model.fp16-00002-of-00002.safetensors',
    'text_encoder/model.safetensors.index.fp16.json',
    'tokenizer/spiece.model',
  ];
  expect(await paths(true)).toEqual(expect.arrayContaining([...encoder, WEIGHTS_PATH]));
  expect(await paths('only')).toEqual(expect.arrayContaining(encoder));
  expect((await paths('only')).filter((path) => path.endsWith('.safetensors')).length).toBe(2);
});

test('a second pull fetches nothing', async () => {
  await pullModel(REPO, bench.options);
  const before = bench.hub.seen.length;
  await pullModel(REPO, bench.options);
  expect(bench.hub.seen.slice(before).filter(({ sentBytes }) => sentBytes > 0)).toEqual([]);
  expect((await planPull(REPO, bench.options)).presentBytes).toBeGreaterThan(WEIGHTS.length);
});

test('a listing of several pages is read to its end', async () => {
  bench.hub.pageSize = 3;
  expect((await planPull(REPO, bench.options)).files.length).toBe(8);
});

test('a gated model without a token: what to do, step by step, and nothing written', async () => {
  const { HF_TOKEN: _, ...env } = bench.env;
  const plan = await planPull(REPO, { env });
  expect(plan.refusal).toMatchObject({ code: 'token-needed' });
  expect(plan.totalBytes).toBeGreaterThan(WEIGHTS.length);
  const error = await failure(pullModel(REPO, { env }));
  expect(error).toBeInstanceOf(DownloadError);
  expect(error.code).toBe('token-needed');
  expect(error.hint).toContain(`${bench.hub.url}/${REPO}`);
  expect(error.hint).toContain(`HF_TOKEN=hf_… campanile model pull ${REPO}`);
  expect(await readdir(bench.folder)).toEqual([]);
});

test('a token whose account has not accepted the licence is told where to do it', async () => {
  bench.hub.models[REPO] = { ...bench.hub.models[REPO]!, gated: 'manual' };
  bench.hub.refuse = 'GatedRepo';
  const error = await failure(pullModel(REPO, bench.options));
  expect(error.code).toBe('licence-not-accepted');
  expect(error.hint).toContain(`open ${bench.hub.url}/${REPO}`);
});

test('a token that the hub does not know is called refused', async () => {
  const error = await failure(pullModel(REPO, { env: { ...bench.env, HF_TOKEN: 'hf_unknown' } }));
  expect(error.code).toBe('token-refused');
  expect(error.hint).toContain('/settings/tokens');
});

test('an unknown model and an unknown revision are named', async () => {
  expect((await failure(pullModel('DeepFloyd/IF-IV', bench.options))).code).toBe('model-not-found');
  expect((await failure(pullModel(REPO, { ...bench.options, revision: 'v9' }))).code).toBe(
    'revision-not-found',
  );
});

test('the token goes to the hub and not to the store it redirects to', async () => {
  await pullModel(REPO, bench.options);
  const hub = bench.hub.seen.filter(({ server }) => server === 'hub');
  const store = bench.hub.seen.filter(({ server }) => server === 'store');
  expect(store.length).toBeGreaterThan(0);
  expect(hub.every(({ authorization }) => authorization === `Bearer ${TOKEN}`)).toBe(true);
  expect(store.every(({ authorization }) => authorization === undefined)).toBe(true);
});

test('the token is in no file, no event and no error', async () => {
  const errors: unknown[] = [];
  await pullModel(REPO, bench.options);
  for (const status of [401, 403, 404, 500]) {
    bench.hub.fault = () => ({ status });
    errors.push(
      await failure(
        pullModel(REPO, {
          ...bench.options,
          verify: true,
          env: { ...bench.env, HF_HOME: join(bench.folder, `${status}`) },
        }),
      ),
    );
  }
  errors.push(
    await failure(
      pullModel(REPO, {
        ...bench.options,
        env: { ...bench.env, HF_ENDPOINT: 'http://127.0.0.1:1', HF_HOME: join(bench.folder, 'x') },
      }),
    ),
  );
  const files = await Promise.all((await allFiles(bench.folder)).map((path) => readFile(path, 'latin1')));
  const everything = [
    inspect([errors, bench.events], { depth: 20, showHidden: true }),
    JSON.stringify(bench.events),
    ...files,
  ];
  expect(everything.filter((text) => text.includes(TOKEN))).toEqual([]);
});

test('a redirect to an address that is not of the web is not followed', async () => {
  for (const target of [
    'file:///etc/passwd',
    'ftp://127.0.0.1/x',
    'http://user:secret@127.0.0.1/x',
    'http://[',
  ]) {
    bench.hub.redirect = () => target;
    const error = await failure(pullModel(REPO, bench.options));
    expect(error.code).toBe('bad-reply');
    expect(error.message).not.toContain('secret');
  }
});

test('a model that has been renamed is found under its old name, with the token', async () => {
  bench.hub.renamed = { 'DeepFloyd/IF-I-400M': REPO };
  const folder = await pullModel('DeepFloyd/IF-I-400M', bench.options);
  expect(folder).toContain('models--DeepFloyd--IF-I-400M');
  expect(sha256(await read(folder, WEIGHTS_PATH))).toBe(HASH);
});

test('redirects in a circle come to an end', async () => {
  bench.hub.redirect = (path) => `/${REPO}/resolve/${COMMIT}/${path}`;
  expect((await failure(pullModel(REPO, bench.options))).code).toBe('bad-reply');
});

test('cut at 30 %, it goes on from there and fetches nothing twice', async () => {
  cutWeights(bench, 900_000);
  const folder = await pullModel(REPO, bench.options);
  expect(sha256(await read(folder, WEIGHTS_PATH))).toBe(HASH);
  expect(sent(bench, HASH)).toBe(WEIGHTS.length);
  const resumed = bench.hub.seen.filter(({ server, range }) => server === 'store' && range);
  expect(resumed.map(({ range }) => range)).toEqual(['bytes=900000-']);
  expect(bench.events).toContainEqual({ type: 'retry', path: WEIGHTS_PATH, reason: expect.any(String) });
});

test('a pull that gave up is taken up by the next one', async () => {
  cutWeights(bench, 900_000);
  const error = await failure(pullModel(REPO, { ...bench.options, retries: 0 }));
  expect(error.code).toBe('interrupted');
  expect(error.message).toContain('900000 of 3000000');
  expect((await planPull(REPO, bench.options)).presentBytes).toBeGreaterThan(900_000);
  await pullModel(REPO, bench.options);
  expect(sent(bench, HASH)).toBe(WEIGHTS.length);
});

test('a body that ends properly at half its length is not taken for the whole', async () => {
  bench.hub.fault = onWeights({ endAfter: 1_500_000 });
  const folder = await pullModel(REPO, bench.options);
  expect(sha256(await read(folder, WEIGHTS_PATH))).toBe(HASH);
  expect(sent(bench, HASH)).toBe(WEIGHTS.length);
});

test('a server that never gets further than half and knows no ranges is given up', async () => {
  bench.hub.fault = (path, nth) =>
    path === WEIGHTS_PATH ? { endAfter: nth % 2 ? 1_500_000 : 1_000_000, ignoreRange: true } : undefined;
  const error = await failure(pullModel(REPO, bench.options));
  expect(error.code).toBe('interrupted');
  expect(await findModel(REPO, { env: bench.env }).catch(() => 'absent')).toBe('absent');
});

test('a server without ranges sends everything again, and the file is right', async () => {
  bench.hub.fault = (path, nth) =>
    path === WEIGHTS_PATH ? { ignoreRange: true, ...(nth === 1 && { cutAfter: 900_000 }) } : undefined;
  const folder = await pullModel(REPO, bench.options);
  expect(sha256(await read(folder, WEIGHTS_PATH))).toBe(HASH);
});

test('one wrong bit is found, and the file fetched anew', async () => {
  bench.hub.fault = onWeights({ corruptAt: 1_234_567 });
  const folder = await pullModel(REPO, bench.options);
  expect(sha256(await read(folder, WEIGHTS_PATH))).toBe(HASH);
  expect(bench.events).toContainEqual({
    type: 'retry',
    path: WEIGHTS_PATH,
    reason: expect.stringContaining('bytes'),
  });
});

test('a wrong bit each time is an error, and no damaged file has a name in the cache', async () => {
  bench.hub.fault = onWeights({ corruptAt: 1_234_567 }, 99);
  expect((await failure(pullModel(REPO, bench.options))).code).toBe('corrupt');
  expect(await blobs(bench)).not.toContain(HASH);
  expect(sent(bench, HASH)).toBe(2 * WEIGHTS.length);
});

test('a small file with a wrong byte is found by its git hash', async () => {
  bench.hub.fault = (path) => (path === 'model_index.json' ? { corruptAt: 3 } : undefined);
  expect((await failure(pullModel(REPO, bench.options))).message).toContain('model_index.json');
});

test('more bytes than announced are not written', async () => {
  bench.hub.fault = onWeights({ extra: 500_000 });
  const folder = await pullModel(REPO, bench.options);
  expect((await lstat(join(folder, '..', '..', 'blobs', HASH))).size).toBe(WEIGHTS.length);
});

test('a damaged file of another program is found with verify and replaced', async () => {
  const folder = await pullModel(REPO, bench.options);
  const damaged = Buffer.from(WEIGHTS);
  damaged[5]! ^= 1;
  await writeFile(join(folder, WEIGHTS_PATH), damaged);
  await pullModel(REPO, { ...bench.options, verify: true });
  expect(sha256(await read(folder, WEIGHTS_PATH))).toBe(HASH);
});

test('a hub that is busy for a moment is asked again', async () => {
  let calls = 0;
  bench.hub.fault = (path, nth) =>
    path === '(model)'
      ? calls++ === 0
        ? { status: 503 }
        : undefined
      : nth === 1
        ? { status: 429 }
        : undefined;
  const folder = await pullModel(REPO, bench.options);
  expect(sha256(await read(folder, WEIGHTS_PATH))).toBe(HASH);
});

test('a connection that falls silent is given up and taken up again', async () => {
  const never = new Promise<void>(() => {});
  bench.hub.fault = onWeights({ pauseAfter: 900_000, until: never });
  const folder = await pullModel(REPO, { ...bench.options, silenceMs: 300 });
  expect(sha256(await read(folder, WEIGHTS_PATH))).toBe(HASH);
  expect(sent(bench, HASH)).toBe(WEIGHTS.length);
});

test('cancelling ends in the platform’s AbortError and keeps what has arrived', async () => {
  const stop = new AbortController();
  const never = new Promise<void>(() => {});
  bench.hub.fault = onWeights({ pauseAfter: 900_000, until: never });
  const onEvent: typeof bench.options.onEvent = (event) => {
    if (event.type === 'progress' && event.receivedBytes >= 900_000) stop.abort();
  };
  const error = await failure(pullModel(REPO, { ...bench.options, onEvent, signal: stop.signal }));
  expect(error.name).toBe('AbortError');
  expect((await planPull(REPO, bench.options)).presentBytes).toBeGreaterThan(800_000);
  expect((await allFiles(join(bench.cache, '.locks'))).length).toBe(0);
});

test('progress ends at the whole', async () => {
  await pullModel(REPO, bench.options);
  const plan = await planPull(REPO, bench.options);
  const last = bench.events.filter((event) => event.type === 'progress').at(-1);
  expect(last).toMatchObject({ receivedBytes: plan.totalBytes, totalBytes: plan.totalBytes });
});
