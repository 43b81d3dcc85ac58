import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  answerOf,
  type FakeServer,
  fakeServeOptions,
  parseEvents,
  startFake,
} from '../../test/jobs/fake-server.ts';
import { encodePng, readRecipe } from '../images/png.ts';

// Processes are started from the sources: seconds each on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let server: FakeServer;
beforeAll(async () => {
  server = await startFake();
});
afterAll(() => server.close());

const json = async (path: string) => answerOf(await server.get(path));
const png = (r: number, g = 0, b = 0, size = 20) =>
  new Uint8Array(
    encodePng({
      width: size,
      height: size,
      channels: 3,
      data: Uint8Array.from({ length: size * size * 3 }, (_, i) => [r, g, b][i % 3]!),
    }),
  );

describe('the catalogue', () => {
  test('tells of every experiment with a schema for its form', async () => {
    const { experiments } = await json('/v1/experiments');
    expect(experiments.map((e: { id: string }) => e.id)).toEqual([
      'fake-drawing',
      'fake-editing',
      'fake-painting',
      'fake-failing',
    ]);
    const { schema, serves } = experiments[0]!;
    expect(serves).toBe('text-to-image');
    expect(Object.keys(schema.properties)).toEqual(['prompts', 'guidanceScale', 'seed', 'ms', 'steps']);
    expect(schema.properties['prompts']).toMatchObject({
      kind: 'prompt',
      type: 'array',
      items: { kind: 'prompt' },
    });
    expect(schema.required).toBeUndefined();
  });

  test('tells of the models with ᾱ for every timestep, and of the built-in pictures', async () => {
    const { models } = await json('/v1/models');
    expect(models[0]).toMatchObject({ stage: 'base', name: 'fake', parameters: 1 });
    expect(models[0]!.alphaBar).toHaveLength(1000);
    const { pictures } = await json('/v1/pictures');
    expect(pictures.map((p: { reference: string }) => p.reference)).toContain('campanile');
    expect((await server.get(pictures[0]!.url)).headers.get('content-type')).toBe('image/png');
  });
});

describe('the history', () => {
  test('a job has a title and a star until they are taken away, and goes when it is deleted', async () => {
    const { id } = await server.submit('fake-drawing', { prompts: ['kept'] });
    await server.events(id);
    const patch = (body: unknown) =>
      server.get(`/v1/jobs/${id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect(await answerOf(await patch({ title: 'mine', starred: true }))).toMatchObject({
      title: 'mine',
      starred: true,
    });
    expect((await json('/v1/jobs?starred=true')).jobs.map((job) => job.id)).toEqual([id]);
    expect((await patch({ colour: 'red' })).status).toBe(422);
    expect((await patch({ title: 'x'.repeat(201) })).status).toBe(422);
    const remove = () => server.get(`/v1/jobs/${id}`, { method: 'DELETE' });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    expect((await server.get(`/v1/jobs/${id}`)).status).toBe(404);
  });

  test('a job under way is not deleted', async () => {
    const { id } = await server.submit('fake-drawing', { prompts: ['busy'], steps: 10_000, ms: 20 });
    const response = await server.get(`/v1/jobs/${id}`, { method: 'DELETE' });
    expect([response.status, (await answerOf(response)).code]).toEqual([409, 'busy']);
    await server.post(`/v1/jobs/${id}/cancel`);
  });

  test('an upload keeps its name, a download is called what it shows', async () => {
    const uploaded = await answerOf(await server.upload(png(1, 2, 3), 'my cat.png'));
    const [upload] = uploaded.uploads as [(typeof uploaded.uploads)[number]];
    expect(upload.name).toBe('my cat.png');
    expect(await json(`/v1/uploads/${upload.object}`)).toEqual({ ...upload });
    const named = async (path: string) => (await server.get(path)).headers.get('content-disposition');
    expect(await named(`${upload.url}?download`)).toBe('attachment; filename="my-cat.png"');
    expect(await named(`${upload.url}?download=first%20try`)).toBe('attachment; filename="first-try.png"');
    const { id } = await server.submit('fake-drawing', { prompts: ['a rocket ship'], seed: 9 });
    await server.events(id);
    const { figures } = await json(`/v1/jobs/${id}`);
    expect(await named(`${figures[0]!.url}?download`)).toBe(
      'attachment; filename="a-rocket-ship-seed-9.png"',
    );
    expect(await json(`/v1/uploads/${figures[0]!.object}`)).toMatchObject({ name: 'a rocket ship, seed 9' });
    expect(await named(figures[0]!.url)).toMatch(/^inline; filename="[0-9a-f]{12}\.png"$/);
  });
});

describe('a job', () => {
  test('is accepted with its address, runs, and is told of to its end', async () => {
    const response = await server.post('/v1/jobs', {
      experiment: 'fake-drawing',
      params: { prompts: ['x'] },
    });
    expect(response.status).toBe(202);
    const job = await answerOf(response);
    expect(response.headers.get('location')).toBe(`/v1/jobs/${job.id}`);
    expect(job.recipe).toEqual({
      experiment: 'fake-drawing',
      params: { prompts: ['x'], guidanceScale: 7, seed: 180, ms: 1, steps: 3 },
      checkpoint: 'f'.repeat(64),
    });
    const events = await server.events(job.id);
    expect(events.map((e) => e.type)).toEqual(
      expect.arrayContaining(['queued', 'started', 'step', 'figure', 'done']),
    );
    const done = await json(`/v1/jobs/${job.id}`);
    expect(done).toMatchObject({ state: 'done', figures: [{ id: 'x', caption: 'x', seed: 180 }] });
    const picture = Buffer.from(await (await server.get(done.figures[0]!.url)).arrayBuffer());
    // With which of the figures it is.
    expect(readRecipe(picture)).toMatchObject({ ...job.recipe, figure: { id: 'x', seed: 180 } });
  });

  test('is the same job when its recipe is: also with defaults left out', async () => {
    const job = await server.submit('fake-drawing', { prompts: ['same'] });
    const again = await server.post('/v1/jobs', {
      experiment: 'fake-drawing',
      params: { seed: 180, prompts: ['same'] },
      checkpoint: 'f'.repeat(64),
    });
    expect(again.status).toBe(200);
    expect((await answerOf(again)).id).toBe(job.id);
  });

  test('can be forced to run again, once for each Idempotency-Key', async () => {
    const body = { experiment: 'fake-drawing', params: { prompts: ['forced'] }, force: true };
    const send = async (key?: string) =>
      (await answerOf(await server.post('/v1/jobs', body, key ? { 'idempotency-key': key } : {}))).id;
    const [a, b, c, d] = [await send(), await send(), await send('k1'), await send('k1')];
    expect(new Set([a, b, c]).size).toBe(3);
    expect(d).toBe(c);
    const other = await server.post('/v1/jobs', { ...body, params: {} }, { 'idempotency-key': 'k1' });
    expect([other.status, (await answerOf(other)).code]).toEqual([422, 'idempotency-key']);
  });

  test('tells what comes after Last-Event-ID', async () => {
    const { id } = await server.submit('fake-drawing', { prompts: ['replayed'] });
    const all = await server.events(id);
    expect(await server.events(id, { 'last-event-id': String(all[1]!.seq) })).toEqual(all.slice(2));
    const since = parseEvents(await (await server.get(`/v1/jobs/${id}/events?since=${all[1]!.seq}`)).text());
    expect(since).toEqual(all.slice(2));
  });

  test('is cancelled while it runs, within a step', async () => {
    const { id } = await server.submit('fake-drawing', { prompts: ['cancelled'], steps: 10_000, ms: 20 });
    const response = await server.get(`/v1/jobs/${id}/events`);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const heard = async (event: string) => {
      for (let text = ''; !text.includes(`event: ${event}\n`); ) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`the stream ended without "${event}": ${text}`);
        text += value;
      }
    };
    await heard('step');
    // The step under way may end while the answer is on its way to the disk.
    const { state } = await answerOf(await server.post(`/v1/jobs/${id}/cancel`));
    expect(['cancelling', 'cancelled']).toContain(state);
    await heard('cancelled');
    expect((await json(`/v1/jobs/${id}`)).state).toBe('cancelled');
  });

  test('that fails says why', async () => {
    const { id } = await server.submit('fake-failing', { how: 'throws' });
    expect((await server.events(id)).at(-1)).toMatchObject({
      type: 'failed',
      error: { code: 'broken', hint: 'mend it' },
    });
  });

  test('is found in the list by state and experiment, page by page', async () => {
    const { jobs, next } = await json('/v1/jobs?limit=2');
    expect(jobs).toHaveLength(2);
    const second = await json(`/v1/jobs?limit=2&before=${next}`);
    expect(second.jobs[0]!.id).not.toBe(jobs[1]!.id);
    const failed = await json('/v1/jobs?state=failed&experiment=fake-failing');
    expect(failed.jobs.every((j: { state: string }) => j.state === 'failed')).toBe(true);
    const refused = await server.get('/v1/jobs?limit=0');
    expect([refused.status, (await answerOf(refused)).detail]).toEqual([
      400,
      'limit: expected at least 1, got 0',
    ]);
  });

  test('with a parameter out of range is refused with the parameter’s name, and not made', async () => {
    const response = await server.post('/v1/jobs', {
      experiment: 'fake-drawing',
      params: { guidanceScale: 40 },
    });
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await answerOf(response)).toMatchObject({
      type: 'urn:campanile:error:request',
      status: 422,
      detail: 'params.guidanceScale: expected at most 30, got 40',
      errors: [{ path: 'params.guidanceScale', message: 'expected at most 30, got 40' }],
    });
  });

  test.each([
    ['an unknown experiment', { experiment: 'nothing' }, 422],
    ['an unknown parameter', { experiment: 'fake-drawing', params: { colour: 1 } }, 422],
    ['an unknown field', { experiment: 'fake-drawing', user: 'me' }, 422],
    ['another checkpoint', { experiment: 'fake-drawing', checkpoint: 'e'.repeat(64) }, 422],
    ['half precision', { experiment: 'fake-drawing', precision: 'half' }, 422],
    [
      'a picture that is not there',
      { experiment: 'fake-editing', params: { picture: `object:${'0'.repeat(64)}` } },
      422,
    ],
    ['a path for a picture', { experiment: 'fake-editing', params: { picture: '/etc/passwd' } }, 422],
    ['no JSON', '{"experiment":', 400],
  ])('with %s is refused', async (_, body, status) => {
    const response = await server.post('/v1/jobs', body);
    expect(response.status).toBe(status);
    expect((await answerOf(response)).detail.length).toBeGreaterThan(5);
  });

  test('that is unknown is not found, in all routes alike', async () => {
    const id = '0'.repeat(64);
    for (const response of [
      await server.get(`/v1/jobs/${id}`),
      await server.get(`/v1/jobs/${id}/events`),
      await server.post(`/v1/jobs/${id}/cancel`),
    ])
      expect([response.status, (await answerOf(response)).code]).toEqual([404, 'job']);
  });
});

describe('pictures', () => {
  test.each([
    ['white drawn on nothing', 255],
    ['black drawn on nothing', 0],
  ])('of an uploaded mask that is not opaque, what is drawn may change: %s', async (_, light) => {
    const size = 20;
    const left = (i: number) => (i >> 2) % size < size / 2;
    const data = Uint8Array.from({ length: size * size * 4 }, (_, i) =>
      i % 4 < 3 ? light : left(i) ? 255 : 0,
    );
    const mask = new Uint8Array(encodePng({ width: size, height: size, channels: 4, data }));
    const [picture, drawn] = await Promise.all(
      [png(200, 200, 200), mask].map(
        async (bytes) => (await answerOf(await server.upload(bytes))).uploads[0]!,
      ),
    );
    const params = { pictures: [picture!.reference], masks: [drawn!.reference], prompts: ['alpha'] };
    const { id } = await server.submit('fake-painting', params);
    await server.events(id);
    const { figures } = await json(`/v1/jobs/${id}`);
    const bytes = Buffer.from(await (await server.get(figures.at(-1)!.url)).arrayBuffer());
    const { data: pixels, info } = await sharp(bytes)
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(pixels[0]).not.toBe(200);
    expect(pixels[(info.width - 1) * 3]).toBe(200);
  });

  test('an upload is written anew and can be used by its reference', async () => {
    const response = await server.upload(png(200));
    expect(response.status).toBe(201);
    const { uploads } = await answerOf(response);
    expect(uploads).toMatchObject([{ width: 20, height: 20, reference: `object:${uploads[0]!.object}` }]);
    const { id } = await server.submit('fake-editing', { picture: uploads[0]!.reference, strength: 0.001 });
    expect((await server.events(id)).at(-1)!.type).toBe('done');
    const { figures } = await json(`/v1/jobs/${id}`);
    const raw = await sharp(Buffer.from(await (await server.get(figures[0]!.url)).arrayBuffer()))
      .raw()
      .toBuffer();
    expect([...raw.subarray(0, 3)]).toEqual([200, 0, 0]);
  });

  test('objects are immutable, named by their content, and fetched once', async () => {
    const { uploads } = await answerOf(await server.upload(png(1, 2, 3)));
    const first = await server.get(uploads[0]!.url);
    expect(first.headers.get('cache-control')).toContain('immutable');
    expect(first.headers.get('etag')).toBe(`"${uploads[0]!.object}"`);
    const again = await server.get(uploads[0]!.url, {
      headers: { 'if-none-match': first.headers.get('etag')! },
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await server.get(`${uploads[0]!.url}?download`)).headers.get('content-disposition')).toMatch(
      /^attachment/,
    );
  });

  test('a recipe comes back out of a downloaded figure, with what stands in its way', async () => {
    const job = await server.submit('fake-drawing', { prompts: ['kept'] });
    await server.events(job.id);
    const { figures } = await json(`/v1/jobs/${job.id}`);
    const bytes = new Uint8Array(await (await server.get(figures[0]!.url)).arrayBuffer());
    const imported = await server.upload(bytes, 'figure.png', '/v1/recipes/import');
    expect(await answerOf(imported)).toEqual({ recipe: job.recipe, problems: [] });
    const { uploads } = await answerOf(await server.upload(bytes));
    expect(uploads[0]!.recipe).toEqual(job.recipe);

    const foreign = { experiment: 'fake-drawing', params: { seed: -1 } };
    const texts = { campanile: JSON.stringify(foreign) };
    const other = new Uint8Array(
      encodePng({ width: 8, height: 8, channels: 1, data: new Uint8Array(64) }, texts),
    );
    expect(await answerOf(await server.upload(other, 'x.png', '/v1/recipes/import'))).toMatchObject({
      recipe: foreign,
      problems: [{ path: 'params.seed', message: 'expected at least 0, got -1' }],
    });
    expect((await server.upload(png(5), 'x.png', '/v1/recipes/import')).status).toBe(422);
  });

  test('a branch is a recipe: accepted, told, found again in its picture, refused in words', async () => {
    const fork = { params: {}, walk: 0, step: 2 };
    const branch = { experiment: 'fake-drawing', params: { prompts: ['one'] }, from: [fork] };
    const response = await server.post('/v1/jobs', branch);
    expect(response.status).toBe(202);
    const { recipe } = await answerOf(response);
    expect(recipe.from).toEqual([{ walk: 0, step: 2, params: expect.objectContaining({ seed: 180 }) }]);
    for (const [from, path] of [
      [[{ ...fork, params: { seed: -1 } }], 'from.0.params.seed'],
      [[{ ...fork, step: 3 }, fork], 'from.1'],
      [[{ ...fork, step: -1 }], 'from.0.step'],
      [[], 'from'],
    ] as const) {
      const refused = await server.post('/v1/jobs', { ...branch, from });
      expect(refused.status).toBe(422);
      expect((await answerOf(refused)).errors![0]!.path).toContain(path);
    }
  });

  test('pictures larger than needed are shrunk', async () => {
    const large = await sharp({ create: { width: 3000, height: 1000, channels: 3, background: '#123456' } })
      .jpeg()
      .toBuffer();
    const { uploads } = await answerOf(await server.upload(new Uint8Array(large), 'large.jpg'));
    expect(uploads[0]).toMatchObject({ width: 2048, height: 683 });
  });
});

test('health, readiness and metrics answer', async () => {
  expect(await json('/healthz')).toEqual({ status: 'ok' });
  expect(await json('/readyz')).toEqual({ status: 'ok' });
  const text = await (await server.get('/metrics')).text();
  expect(text).toMatch(/^campanile_jobs\{state="queued"\} \d+$/m);
  expect(text).toMatch(/^campanile_jobs_ended_total\{outcome="done"\} [1-9]/m);
});

test('an unknown route is a problem like any other', async () => {
  const response = await server.get('/v1/nothing');
  expect([response.status, (await answerOf(response)).code]).toEqual([404, 'route']);
});

test('where the server computes in half precision, the recipe says so, and so does the picture', async () => {
  const { environment } = fakeServeOptions('');
  await using half = await startFake({ environment: { ...environment!, settings: { half: true } } });
  const { id, recipe } = await half.submit('fake-drawing');
  expect(recipe.precision).toBe('half');
  const done = (await half.events(id)).find((e) => e.type === 'done')!;
  const picture = await half.get(done.figures[0]!.url);
  expect(readRecipe(Buffer.from(await picture.arrayBuffer()))).toMatchObject(recipe);
  const same = await server.submit('fake-drawing');
  expect(same.id).not.toBe(id);
});
