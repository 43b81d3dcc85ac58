import { request } from 'node:http';
import sharp from 'sharp';
import { afterEach, expect } from 'vitest';
import { encodePng } from '../../src/images/png.ts';
import type { Job, Problem } from '../../src/server/api-types.ts';
import { unseenOf } from '../kinds.ts';
import { redisProgram, startRedis } from './engines.ts';
import { startFake } from './fake-server.ts';
import { a1111, base64, jobOf, jobs, openai, painted, plain, png, server, until } from './shim-bench.ts';

/** Other members of the kinds of faults in how work is shared, ended, refused and recorded. */

const ended = ['done', 'failed', 'cancelled'];
afterEach(async () => {
  for (const { id, state } of await jobs())
    if (!ended.includes(state)) await server.post(`/v1/jobs/${id}/cancel`);
  await until(async () => (await jobs()).every(({ state }) => ended.includes(state)));
});

const slow = { steps: 10_000, ms: 20 };
/** The one worker has something to do, so that what comes next waits. */
const busy = (name: string) => server.submit('fake-drawing', { prompts: [`before ${name}`], ...slow });
const hub = (inputs: string, steps: number, signal?: AbortSignal) =>
  server.get('/models/x', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs, parameters: { num_inference_steps: steps, seed: 3 } }),
    ...(signal ? { signal } : {}),
  });
const gone = (answer: Promise<unknown>) => answer.catch(() => undefined);
const isA = (prompt: string, state: Job['state']) => async () => (await jobOf(prompt))?.state === state;
const uploaded = async (bytes: Buffer, path = '/v1/uploads') =>
  server.upload(new Uint8Array(bytes), 'a.png', path);
/** Each is the client's to mend: refused in words, with a status that clients do not repeat. */
async function refused(answers: readonly Promise<Response>[]): Promise<void> {
  for (const answer of answers) {
    const { status, url } = await answer;
    expect([status >= 400 && status < 500, url]).toEqual([true, url]);
  }
}

/** How a server without a page or a studio answers. */
async function unbuilt(...addresses: readonly string[]): Promise<unknown[]> {
  const prefix = addresses[0]!.startsWith('/lab') ? '/lab' : '';
  await using bare = await startFake({ studio: '/nowhere', prefix });
  const { origin } = new URL(bare.url);
  return await Promise.all(
    addresses.map(async (address) => {
      const response = await fetch(origin + address);
      const { code, hint } = (await response.json()) as Problem;
      return [response.status, code, hint];
    }),
  );
}
async function oneJob(prompt: string): Promise<void> {
  const made = (await jobs()).filter(({ recipe: { params } }) => [params['prompts']].flat()[0] === prompt);
  expect(made.map(({ recipe: { params } }) => params['strength'])).toEqual([expect.any(Number)]);
}

unseenOf({
  '6: work that several wait for belongs to all of them': {
    'while it waits in the queue': async () => {
      const before = await busy('shared');
      const leaving = new AbortController();
      const first = gone(hub('queued', 2, leaving.signal));
      await until(() => jobOf('queued'));
      const second = hub('queued', 2);
      await new Promise((resolve) => setTimeout(resolve, 100));
      leaving.abort();
      await first;
      await server.post(`/v1/jobs/${before.id}/cancel`);
      expect((await second).status).toBe(200);
    },
    'the second leaves, the first stays': async () => {
      const first = hub('second', 60);
      await until(() => jobOf('second'));
      const leaving = new AbortController();
      const second = gone(hub('second', 60, leaving.signal));
      await new Promise((resolve) => setTimeout(resolve, 100));
      leaving.abort();
      await second;
      expect((await first).status).toBe(200);
    },
    'a stream and an answer': async () => {
      const leaving = new AbortController();
      const asked = { prompt: 'streamed too', seed: 3 };
      const stream = await server.get('/v1/images/generations', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...asked, stream: true }),
        signal: leaving.signal,
      });
      const second = server.post('/v1/images/generations', asked);
      leaving.abort();
      await gone(stream.text());
      expect((await second).status).toBe(200);
    },
    'clients of two servers of one queue': async () => {
      if (!redisProgram) return;
      const redis = await startRedis();
      await using _stopped = { [Symbol.asyncDispose]: async () => redis.stop() };
      await using one = await startFake({ queue: redis.url });
      await using other = await startFake({ queue: redis.url, stateDir: one.stateDir });
      const body = JSON.stringify({ inputs: 'of two', parameters: { num_inference_steps: 500, seed: 3 } });
      const headers = { 'content-type': 'application/json' };
      const leaving = new AbortController();
      const first = gone(one.get('/models/x', { method: 'POST', headers, body, signal: leaving.signal }));
      const made = async () => ((await (await one.get('/v1/jobs')).json()) as { jobs: Job[] }).jobs;
      await until(async () => (await made())[0]?.state === 'running');
      const second = other.get('/models/x', { method: 'POST', headers, body });
      await new Promise((resolve) => setTimeout(resolve, 300));
      leaving.abort();
      await first;
      expect((await second).status).toBe(200);
      expect((await made()).map(({ state }) => state)).toEqual(['done']);
    },
    'what the studio asked for itself': async () => {
      const job = await server.submit('fake-drawing', { prompts: ['owned'], seed: 3, steps: 60 });
      const leaving = new AbortController();
      const client = gone(hub('owned', 60, leaving.signal));
      await new Promise((resolve) => setTimeout(resolve, 100));
      leaving.abort();
      await client;
      await until(async () => ended.includes((await jobOf('owned'))!.state));
      expect(await jobOf('owned')).toMatchObject({ id: job.id, state: 'done' });
    },
  },
  '7: nothing is computed for nobody': {
    'a client of the hub leaves in the middle': async () => {
      const leaving = new AbortController();
      const answer = gone(hub('left alone', 10_000, leaving.signal));
      await until(isA('left alone', 'running'));
      leaving.abort();
      await answer;
      await until(isA('left alone', 'cancelled'));
    },
    'a client of A1111 leaves an edit': async () => {
      const leaving = new AbortController();
      const body = { prompt: 'left edit', steps: 10_000, seed: 1, init_images: [base64(plain())] };
      const answer = gone(
        server.get('/sdapi/v1/img2img', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
          signal: leaving.signal,
        }),
      );
      await until(isA('left edit', 'running'));
      leaving.abort();
      await answer;
      await until(isA('left edit', 'cancelled'));
    },
    'a client that leaves before its body is read to the end': async () => {
      const { hostname, port } = new URL(server.url);
      const half = request({
        hostname,
        port,
        method: 'POST',
        path: '/models/x',
        headers: {
          'content-type': 'application/json',
          'content-length': 1000,
        },
      });
      half.on('error', () => undefined);
      half.write('{"inputs":"half of it",');
      await new Promise((resolve) => setTimeout(resolve, 100));
      half.destroy();
      expect(await jobOf('half of it')).toBeUndefined();
    },
    'a size that no picture can have': async () => {
      await refused([
        server.post('/models/x', { inputs: 'sized', parameters: { target_size: { width: 1e9 } } }),
        server.post('/sdapi/v1/txt2img', { prompt: 'sized', width: 7 }),
        server.post('/v1/images/generations', { prompt: 'sized', size: '9x9999' }),
      ]);
      expect(await jobOf('sized')).toBeUndefined();
    },
  },
  'who waits is counted, too': {
    'more than so many are refused, before a job is made': async () => {
      await using small = await startFake({ limits: { waiters: 1 } });
      const leaving = new AbortController();
      const body = { inputs: 'one', parameters: { num_inference_steps: 10_000 } };
      const headers = { 'content-type': 'application/json' };
      const post = { method: 'POST', headers, body: JSON.stringify(body) };
      const waiting = gone(small.get('/models/x', { ...post, signal: leaving.signal }));
      const made = async () => ((await (await small.get('/v1/jobs')).json()) as { jobs: Job[] }).jobs.length;
      await until(made);
      for (const [path, more] of [
        ['/models/x', { inputs: 'two' }],
        ['/sdapi/v1/txt2img', { prompt: 'two' }],
        ['/v1/images/generations', { prompt: 'two' }],
      ] as const) {
        const response = await small.post(path, more);
        expect([response.status, response.headers.get('retry-after')]).toEqual([429, '5']);
      }
      expect(await made()).toBe(1);
      leaving.abort();
      await waiting;
      await until(async () => (await small.post('/models/x', { inputs: 'two' })).status === 200);
    },
    'whoever has left makes room': async () => {
      await using small = await startFake({ limits: { waiters: 1 } });
      for (const inputs of ['a', 'b', 'c'])
        expect((await small.post('/models/x', { inputs })).status).toBe(200);
    },
    'streams are counted by themselves': async () => {
      await using small = await startFake({ limits: { waiters: 1, streams: 2 } });
      const { id } = await small.submit('fake-drawing', { prompts: ['watched'], ...slow });
      const watching = await Promise.all([1, 2].map(() => small.get(`/v1/jobs/${id}/events`)));
      expect((await small.get('/v1/events')).status).toBe(429);
      await small.post(`/v1/jobs/${id}/cancel`);
      expect((await small.post('/models/x', { inputs: 'room' })).status).toBe(200);
      await Promise.all(watching.map(({ body }) => body?.cancel()));
    },
  },
  '11: one recipe, wherever it was written': {
    'in a picture of each other program’s API': async () => {
      const { data } = await openai.images.generate({ prompt: 'written', size: '96x64' });
      const made = [
        data![0]!.b64_json!,
        (await a1111('txt2img', { prompt: 'written', seed: 1 })).images[0]!,
        base64(Buffer.from(await (await hub('written', 2)).arrayBuffer())),
      ];
      for (const image of made) {
        const told = await (await uploaded(Buffer.from(image, 'base64'), '/v1/recipes/import')).json();
        expect(told).toMatchObject({ recipe: { params: { prompts: ['written'] } }, problems: [] });
      }
    },
    'of a branch': async () => {
      const { id } = await server.submit('fake-drawing', { prompts: ['root'], seed: 9 });
      await until(async () => ended.includes((await jobOf('root'))!.state));
      const { recipe } = (await (await server.get(`/v1/jobs/${id}`)).json()) as Job;
      const branch = { ...recipe, from: [{ walk: 0, step: 1, params: recipe.params }] };
      const text = { campanile: JSON.stringify(branch) };
      const picture = encodePng({ width: 8, height: 8, channels: 3, data: new Uint8Array(192) }, text);
      const told = await (await uploaded(Buffer.from(picture), '/v1/recipes/import')).json();
      expect(told).toMatchObject({ recipe: { from: branch.from } });
    },
    'with a line of its own around it, or none at all': async () => {
      const picture = (text: Record<string, string>) =>
        Buffer.from(encodePng({ width: 8, height: 8, channels: 3, data: new Uint8Array(192) }, text));
      const recipe = JSON.stringify({ experiment: 'fake-drawing', params: { seed: 4 } });
      const told = await uploaded(picture({ Comment: 'mine', campanile: recipe }), '/v1/recipes/import');
      expect(await told.json()).toMatchObject({ recipe: { params: { seed: 4 } } });
      await refused([
        uploaded(picture({ Comment: recipe }), '/v1/recipes/import'),
        uploaded(picture({ campanile: '{"experiment":' }), '/v1/recipes/import'),
        uploaded(picture({ campanile: '[]' }), '/v1/recipes/import'),
      ]);
    },
  },
  '15: a client’s mistake is no 5xx': {
    'pictures that are none, in every door': async () => {
      const none = base64(Buffer.from('not a picture'));
      await refused([
        server.post('/sdapi/v1/img2img', { init_images: [none] }),
        server.post('/sdapi/v1/img2img', { init_images: [base64(plain())], mask: none }),
        server.post('/sdapi/v1/png-info', { image: none }),
        server.post('/models/x', 'not a picture', { 'content-type': 'image/png' }),
        server.post('/models/x', { inputs: none, parameters: { prompt: 'a' } }),
        server.post('/models/x', { inputs: `data:image/png;base64,${none}` }),
        uploaded(Buffer.from('not a picture')),
        uploaded(await sharp(plain()).jpeg().toBuffer(), '/v1/recipes/import'),
      ]);
    },
    'values of another kind': async () => {
      await refused([
        server.post('/v1/images/generations', { prompt: ['a'] }),
        server.post('/v1/images/generations', { prompt: 'a', size: { width: 1 } }),
        server.post('/sdapi/v1/img2img', { init_images: 'a' }),
        server.post('/sdapi/v1/img2img', { init_images: [7] }),
        server.post('/models/x', { inputs: 'a', parameters: { seed: 'one' } }),
        server.post('/models/x', { inputs: 'a', parameters: [], options: 1 }),
        server.post('/v1/jobs', { experiment: 'fake-drawing', params: { prompts: 'a' } }),
        server.post('/v1/jobs', 'null'),
      ]);
    },
    'pictures and masks that do not fit each other': async () => {
      const reference = async (bytes: Buffer) =>
        ((await (await uploaded(bytes)).json()) as { uploads: [{ reference: string }] }).uploads[0].reference;
      const job = await server.submit('fake-painting', {
        pictures: [await reference(plain(120, 80))],
        masks: [await reference(plain(64))],
      });
      await until(async () => ended.includes((await jobs()).find(({ id }) => id === job.id)!.state));
      expect((await jobs()).find(({ id }) => id === job.id)).toMatchObject({
        state: 'failed',
        error: { code: 'mask-size' },
      });
    },
    'forms that are malformed, at every door that takes one': async () => {
      const part = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\nabc';
      const malformed = [
        ['multipart/form-data', 'x'],
        ['multipart/form-data; boundary=', 'x'],
        [`multipart/form-data; boundary=${'b'.repeat(400)}`, 'x'],
        ['multipart/form-data; boundary=b', part],
        ['multipart/form-data; boundary=b', '--b\r\n'],
      ] as const;
      for (const path of ['/v1/uploads', '/v1/recipes/import', '/v1/images/edits'])
        for (const [type, body] of malformed) {
          const answer = await server.get(path, { method: 'POST', headers: { 'content-type': type }, body });
          expect([answer.status, path, type]).toEqual([400, path, type]);
          expect(await answer.text()).toContain('the form cannot be read');
        }
    },
    'marks, keys and addresses that are none': async () => {
      const { id } = await server.submit('fake-drawing', { prompts: ['marked'] });
      await until(isA('marked', 'done'));
      const patch = (body: unknown) =>
        server.get(`/v1/jobs/${id}`, {
          method: 'PATCH',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      await refused([
        patch({ starred: 'yes' }),
        patch({ figureMarks: [] }),
        server.get('/v1/jobs?limit=0'),
        server.get('/v1/jobs?before=now'),
        server.get(`/v1/objects/${'g'.repeat(64)}`),
        server.get(`/v1/jobs/${id}/events?since=-1`),
        server.post('/v1/jobs', { experiment: 'fake-drawing' }, { 'idempotency-key': 'k'.repeat(300) }),
      ]);
    },
  },
  '17: an interruption is answered with what is finished': {
    'nothing yet': async () => {
      const answer = a1111('txt2img', { prompt: 'none yet', steps: 10_000, seed: 1 });
      await until(isA('none yet', 'running'));
      await server.post('/sdapi/v1/interrupt', {});
      const { status, images, told } = await answer;
      expect([status, images, told.all_seeds]).toEqual([200, [], []]);
    },
    'of an edit': async () => {
      const init_images = [base64(plain())];
      const answer = a1111('img2img', { prompt: 'edits', init_images, steps: 300, seed: 5, n_iter: 3 });
      await until(isA('edits', 'running'));
      await until(async () => (await jobOf('edits', 6))?.state === 'running');
      await server.post('/sdapi/v1/interrupt', {});
      const { status, images, told } = await answer;
      expect([status, images.length, told.all_seeds]).toEqual([200, 1, [5]]);
    },
    'and when nothing is under way it is none': async () => {
      expect((await server.post('/sdapi/v1/interrupt', {})).status).toBe(200);
      expect((await a1111('txt2img', { prompt: 'after it', seed: 1 })).images).toHaveLength(1);
    },
  },
  '18: an event stream is not held back by a proxy': {
    'of all jobs': async () => {
      const all = await server.get('/v1/events');
      expect(all.headers.get('x-accel-buffering')).toBe('no');
      await all.body?.cancel();
    },
    'of OpenAI’s drawing': async () => {
      const stream = await server.post('/v1/images/generations', { prompt: 'unheld', stream: true });
      expect(stream.headers.get('x-accel-buffering')).toBe('no');
      await stream.text();
    },
    'of OpenAI’s edit': async () => {
      const { response } = await openai.images
        .edit({ image: await png(painted(32, 32, () => [1, 2, 3])), prompt: 'unheld', stream: true })
        .withResponse();
      expect(response.headers.get('x-accel-buffering')).toBe('no');
      await response.body?.cancel().catch(() => undefined);
    },
  },
  '18: what is not there is not announced, and says so': {
    'a studio, by both of its addresses': async () => {
      const told = await unbuilt('/studio', '/studio/');
      expect(told).toEqual(Array(2).fill([404, 'no-studio', 'npm run build:studio']));
    },
    'a studio below a prefix': async () => {
      const told = await unbuilt('/lab/studio', '/lab/studio/');
      expect(told).toEqual(Array(2).fill([404, 'no-studio', 'npm run build:studio']));
    },
    'a front door': async () => {
      expect(await unbuilt('/')).toEqual([[404, 'no-page', expect.stringContaining('campanile page')]]);
    },
  },
  '18: an edit is one job, and the record says its strength': {
    'streamed by OpenAI’s client': async () => {
      const stream = await openai.images.edit({
        image: await png(plain()),
        prompt: 'one streamed',
        stream: true,
      });
      for await (const _ of stream);
      await oneJob('one streamed');
    },
    'of the hub': async () => {
      const parameters = { prompt: 'one of the hub', seed: 1 };
      expect((await server.post('/models/x', { inputs: base64(plain()), parameters })).status).toBe(200);
      await oneJob('one of the hub');
    },
    'of A1111': async () => {
      await a1111('img2img', { prompt: 'one of A1111', init_images: [base64(plain())], seed: 1 });
      await oneJob('one of A1111');
    },
  },
});
