import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodePng } from '../../src/images/png.ts';
import { answerOf, type FakeServer, startFake } from '../jobs/fake-server.ts';
import { host, JOB, jobsMade, server } from './attacked.ts';
import { raw, request } from './raw.ts';

/** What has been done to servers like this one by addresses, forms, floods and without a token. */

describe('T19: addresses, however they are spelled', () => {
  const spellings = [
    'http://127.0.0.1/',
    'http://localhost/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://[::1]/',
    'http://[::ffff:7f00:1]/',
    'http://0.0.0.0/',
    'http://①②⑦.⓪.⓪.①/',
    'http://127。0。0。1/',
    'http://169.254.169.254/latest/meta-data/',
    'https://evil.example/x.png',
    'ftp://127.0.0.1/x.png',
    'gopher://127.0.0.1/',
    'data:image/png;base64,AAAA',
  ];
  test.each(spellings)('%s is no picture: the server follows no address at all', async (address) => {
    const job = await server.post('/v1/jobs', { experiment: 'fake-editing', params: { picture: address } });
    expect(job.status).toBe(422);
    const img2img = await server.post('/sdapi/v1/img2img', { prompt: 'x', init_images: [address] });
    expect([400, 422]).toContain(img2img.status);
    expect((await server.post('/sdapi/v1/png-info', { image: address })).status).toBeGreaterThanOrEqual(400);
  });
});

describe('T21, T22, T23: forms and fields without measure', () => {
  const form = (body: string, length = Buffer.byteLength(body)) =>
    `POST /v1/uploads HTTP/1.1\r\nHost: ${host()}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${body}`;

  test('40 MB of dashes after a boundary are refused before they are read', async () => {
    const { status, text } = await raw(server.url, form('--b--', 40e6));
    expect(status).toBe(413);
    expect(text).toContain('expected at most 32 MB');
  });

  test('30 MB of dashes are read and refused, while others are answered', async () => {
    const answer = raw(
      server.url,
      Buffer.concat([Buffer.from(form('--b', 30e6)), Buffer.alloc(30e6 - 3, '-')]),
    );
    expect((await server.get('/healthz')).status).toBe(200);
    expect((await answer).status).toBeGreaterThanOrEqual(400);
  });

  test('a form of unknown length is refused', async () => {
    const head = `POST /v1/uploads HTTP/1.1\r\nHost: ${host()}\r\ncontent-type: multipart/form-data; boundary=b\r\ntransfer-encoding: chunked\r\n\r\n`;
    expect((await raw(server.url, `${head}5\r\n--b\r\n\r\n`)).status).toBe(411);
  });

  test.each([300, 60_000, 900_000])('a file name of %i characters is refused', async (length) => {
    const png = encodePng({ width: 8, height: 8, channels: 1, data: new Uint8Array(64) });
    const response = await server.upload(new Uint8Array(png), `${'x'.repeat(length)}.png`);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
  });

  test('five files, and a file of more than 20 MB, are refused', async () => {
    const many = new FormData();
    for (let i = 0; i < 5; i++) many.append('file', new Blob(['x']), 'x.png');
    expect((await server.get('/v1/uploads', { method: 'POST', body: many })).status).toBe(413);
    const large = await server.upload(new Uint8Array(21e6));
    expect([large.status, await large.json()]).toEqual([
      413,
      expect.objectContaining({ code: 'too-large', hint: expect.stringContaining('docs/server.md') }),
    ]);
  });

  test('JSON of more than a megabyte, and depth without end, are refused', async () => {
    expect((await server.post('/v1/jobs', { experiment: 'x'.repeat(2 << 20) })).status).toBe(413);
    const deep = `{"experiment":"fake-drawing","params":{"prompts":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
    expect((await server.post('/v1/jobs', deep)).status).toBe(422);
  });

  test('a prompt that is too long is refused by its name', async () => {
    const response = await server.post('/v1/jobs', {
      experiment: 'fake-drawing',
      params: { prompts: ['x'.repeat(2001)] },
    });
    expect([response.status, (await answerOf(response)).errors?.[0]?.path]).toEqual([
      422,
      'params.prompts.0',
    ]);
  });

  test('line breaks of every kind in a prompt stay inside their event', async () => {
    const prompts = ['a\r\n\r\nevent: done\r\ndata: {}\r\n\r\n', 'b\u2028c'];
    const { id } = await server.submit('fake-drawing', { prompts });
    const events = await server.events(id);
    expect(events.filter((e) => e.type === 'done')).toHaveLength(1);
    expect(events.flatMap((e) => (e.type === 'figure' ? [e.figure.id] : []))).toEqual(prompts);
  });
});

test('T27: nothing from a request comes into a Location', async () => {
  for (const path of [
    '//evil.example',
    '/\\evil.example',
    '/studio?next=//evil.example',
    '/?token=x&next=//evil.example',
  ]) {
    const { text } = await raw(server.url, request('GET', path, [`Host: ${host()}`]));
    expect(/^location: .*evil/im.test(text)).toBe(false);
  }
});

test('T29: nothing is evaluated and no shell is called', () => {
  const sources = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? sources(join(folder, entry.name)) : [join(folder, entry.name)],
    );
  const root = new URL('../../src/', import.meta.url).pathname;
  for (const file of [...sources(`${root}server`), ...sources(`${root}jobs`)]) {
    expect(readFileSync(file, 'utf8'), file).not.toMatch(
      /\beval\(|new Function|node:vm|(?<![.\w])exec(File)?(Sync)?\(|shell: true/,
    );
  }
});

test('T30: no GET changes anything', async () => {
  const { paths } = (await (await server.get('/v1/openapi.json')).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const before = await jobsMade();
  for (const [path, methods] of Object.entries(paths)) {
    if (!('get' in methods) || path.endsWith('events')) continue;
    await (await server.get(path.replace(/\{\w+\}/g, '0'.repeat(64)))).arrayBuffer();
  }
  expect(await jobsMade()).toBe(before);
  for (const path of ['/v1/jobs/x/cancel', '/sdapi/v1/interrupt', '/sdapi/v1/txt2img'])
    expect((await server.get(path)).status).toBe(404);
});

test('T32: a client that sends its request drop by drop is not waited for', async () => {
  const { fastify } = await import('fastify');
  const { patience } = await import('../../src/server/serve.ts');
  const app = fastify(patience);
  await app.ready();
  expect(app.server.headersTimeout).toBeLessThanOrEqual(15_000);
  expect(app.server.requestTimeout).toBeLessThanOrEqual(120_000);
  expect(app.server.requestTimeout).toBeGreaterThan(0);
  await app.close();
});

test('T33: a full queue refuses politely and takes jobs again when there is room', async () => {
  const long = await server.submit('fake-drawing', { prompts: ['long'], steps: 10_000, ms: 50 });
  const waiting = [];
  for (let i = 0; ; i++) {
    const response = await server.post('/v1/jobs', {
      experiment: 'fake-drawing',
      params: { prompts: [`full ${i}`] },
    });
    if (response.status === 429) {
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      break;
    }
    waiting.push((await answerOf(response)).id);
    expect(waiting.length).toBeLessThan(6);
  }
  expect(
    (await server.post('/v1/jobs', { experiment: 'fake-drawing', params: { prompts: ['full 0'] } })).status,
  ).toBe(200);
  for (const id of [...waiting, long.id]) await server.post(`/v1/jobs/${id}/cancel`);
});

test('SSE floods: further streams are refused until one is closed', async () => {
  const open = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const stop = new AbortController();
      const { status } = await server.get('/v1/events', { signal: stop.signal });
      return { status, stop };
    }),
  );
  expect(open.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  const refused = await server.get('/v1/events');
  expect([refused.status, (await answerOf(refused)).code]).toEqual([429, 'streams']);
  for (const { stop } of open) stop.abort();
  for (;;) {
    const stop = new AbortController();
    const { status } = await server.get('/v1/events', { signal: stop.signal });
    stop.abort();
    if (status === 200) break;
  }
});

describe('a server that asks for a token', () => {
  const token = 'correct horse battery staple';
  let closed: FakeServer;
  beforeAll(async () => {
    closed = await startFake({ token, logger: false });
  });
  afterAll(() => closed.close());

  test('answers nobody without it but the two questions for its health', async () => {
    for (const path of [
      '/',
      '/v1/jobs',
      '/v1/events',
      '/v1/experiments',
      '/metrics',
      '/studio/',
      '/v1/openapi.json',
      '/nothing',
    ])
      expect([path, (await closed.get(path)).status]).toEqual([path, 401]);
    expect((await closed.get('/healthz')).status).toBe(200);
    expect((await closed.get('/readyz')).status).toBe(200);
  });

  test.each([
    ['Bearer', `Bearer ${token.replaceAll(' ', '')}`],
    ['Basic', `Basic ${Buffer.from('me:wrong').toString('base64')}`],
    ['nothing', 'Bearer '],
  ])('refuses a wrong one (%s)', async (_, authorization) => {
    expect((await closed.get('/v1/jobs', { headers: { authorization } })).status).toBe(401);
  });

  test('takes the right one with its spaces', async () => {
    const headers = { authorization: `Bearer ${token}` };
    expect((await closed.get('/v1/jobs', { headers })).status).toBe(200);
  });

  test('does not take it from the address of anything but a page', async () => {
    expect((await closed.get(`/v1/jobs?token=${encodeURIComponent(token)}`)).status).toBe(401);
  });

  test('T02: keeps it in a cookie that scripts cannot read, and still refuses other sites that come with it', async () => {
    const login = await closed.get(`/?token=${encodeURIComponent(token)}`, { redirect: 'manual' });
    expect([login.status, login.headers.get('location')]).toEqual([303, '/']);
    const cookie = login.headers.get('set-cookie')!;
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    const headers = { cookie: cookie.split(';')[0]! };
    expect((await closed.get('/v1/jobs', { headers })).status).toBe(200);
    expect((await closed.post('/v1/jobs', JOB, { ...headers, origin: 'https://evil.example' })).status).toBe(
      403,
    );
  });

  test('T36: tells it to nobody: not in answers, not in pictures, not in its files', async () => {
    const headers = { authorization: `Basic ${Buffer.from(`me:${token}`).toString('base64')}` };
    const { id } = await answerOf(await closed.post('/v1/jobs', JOB, headers));
    await (await closed.get(`/v1/jobs/${id}/events`, { headers })).text();
    for (const path of ['/v1/jobs', `/v1/jobs/${id}`, '/metrics', '/v1/openapi.json', '/nothing'])
      expect(await (await closed.get(path, { headers })).text()).not.toContain(token);
    for (const folder of ['jobs', 'events', 'manifests', 'objects'])
      for (const file of readdirSync(join(closed.stateDir, folder)))
        expect(readFileSync(join(closed.stateDir, folder, file)).includes(token)).toBe(false);
  });
});

test('a server that other machines can reach asks for a token', async () => {
  await expect(startFake({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'token-needed' });
});
