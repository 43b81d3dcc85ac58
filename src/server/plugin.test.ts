import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import multipart from '@fastify/multipart';
import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { fakeServeOptions, parseEvents } from '../../test/jobs/fake-server.ts';
import type { Job, Upload } from './api-types.ts';
import { campanile } from './plugin.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** An app that has everything registered already that the plugin needs for itself, and its own manners. */
let app: FastifyInstance;
let url: string;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'campanile-plugin-'));
  app = fastify();
  await app.register(multipart);
  await app.register(fastifyStatic, { root: folder, prefix: '/files/' });
  await app.register(swagger, { openapi: { info: { title: 'foreign', version: '1' } } });
  app.setErrorHandler((_, __, reply) => reply.code(418).send('foreign'));
  app.setNotFoundHandler((_, reply) => reply.code(404).send('foreign'));
  app.addContentTypeParser('text/csv', { parseAs: 'string' }, (_, body, done) => done(null, body));
  app.get('/own', { schema: { response: { 200: { type: 'object' } } } }, async () => ({}));
  const opened = new Promise<void>((resolve, reject) => {
    void app.register(campanile, {
      ...fakeServeOptions(folder),
      prefix: '/lab',
      onOpen: (error) => (error ? reject(error) : resolve()),
    });
  });
  url = await app.listen({ port: 0 });
  await opened;
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const post = (path: string, body: unknown) =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('below a prefix a job runs, is told of, and all its addresses lead to something', async () => {
  const sent = await post('/lab/v1/jobs', { experiment: 'fake-drawing', params: { prompts: ['below'] } });
  const { id } = (await sent.json()) as Job;
  expect(sent.headers.get('location')).toBe(`/lab/v1/jobs/${id}`);
  const stream = await fetch(`${url}/lab/v1/jobs/${id}/events`);
  const events = parseEvents(await stream.text());
  const step = events.find((event) => event.type === 'step')!;
  const done = events.find((event) => event.type === 'done')!;
  const job = (await (await fetch(url + sent.headers.get('location'))).json()) as Job;
  const { pictures } = (await (await fetch(`${url}/lab/v1/pictures`)).json()) as { pictures: Upload[] };
  for (const { url: address } of [step.x, step.x0, done.figures[0]!, job.figures[0]!, pictures[0]!]) {
    expect(address).toMatch(/^\/lab\/v1\/objects\//);
    expect((await fetch(url + address)).headers.get('content-type')).toBe('image/png');
  }
});

test('uploads are read with the plugin’s own limits, whatever the app has registered', async () => {
  const form = new FormData();
  const { pictures } = (await (await fetch(`${url}/lab/v1/pictures`)).json()) as { pictures: Upload[] };
  form.append('file', await (await fetch(url + pictures[0]!.url)).blob(), 'a.png');
  const response = await fetch(`${url}/lab/v1/uploads`, { method: 'POST', body: form });
  const { uploads } = (await response.json()) as { uploads: Upload[] };
  expect([response.status, uploads[0]!.url]).toEqual([
    201,
    expect.stringMatching(/^\/lab\/v1\/objects\/[0-9a-f]{64}$/),
  ]);
});

test('the shims, health and pages answer below it', async () => {
  const generated = await post('/lab/v1/images/generations', { prompt: 'x', response_format: 'url' });
  const { data } = (await generated.json()) as { data: [{ url: string }] };
  expect(data[0].url).toMatch(new RegExp(`^${url}/lab/v1/objects/`));
  expect((await fetch(data[0].url)).status).toBe(200);
  expect((await post('/lab/sdapi/v1/txt2img', { prompt: 'x' })).status).toBe(200);
  expect((await post('/lab/models/any', { inputs: 'x' })).status).toBe(200);
  expect((await fetch(`${url}/lab/readyz`)).status).toBe(200);
  expect(await (await fetch(`${url}/lab/metrics`)).text()).toContain('campanile_jobs');
});

test('its manners end where the prefix ends, and the app’s where it begins', async () => {
  const inside = await fetch(`${url}/lab/v1/nothing`);
  expect([inside.status, inside.headers.get('content-type')]).toEqual([
    404,
    expect.stringContaining('application/problem+json'),
  ]);
  expect(await (await fetch(`${url}/nothing`)).text()).toBe('foreign');
  const csv = await fetch(`${url}/lab/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: 'a',
  });
  expect(csv.status).toBe(415);
  expect((await app.inject({ url: '/lab/v1/jobs', headers: { host: 'evil.example' } })).statusCode).toBe(403);
  expect((await app.inject({ url: '/own', headers: { host: 'evil.example' } })).statusCode).toBe(200);
});

test('the app’s own API document is spared, the plugin has one of its own', async () => {
  expect(Object.keys((app as unknown as { swagger(): { paths: object } }).swagger().paths)).toEqual(['/own']);
  const own = (await (await fetch(`${url}/lab/v1/openapi.json`)).json()) as {
    paths: object;
    servers: unknown;
  };
  expect(own.servers).toEqual([{ url: '/lab' }]);
  expect(Object.keys(own.paths)).toContain('/v1/jobs/{id}');
});
