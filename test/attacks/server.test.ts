import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { encodePng } from '../../src/images/png.ts';
import { answerOf, type FakeServer, startFake } from '../jobs/fake-server.ts';
import { raw, request } from './raw.ts';

/** What has been done to servers like this one, each refused in words; numbers as in the list of published attacks. */

// Processes are started from the sources: seconds each on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let server: FakeServer;
beforeAll(async () => {
  server = await startFake({ limits: { queued: 3, streams: 5 } });
});
afterAll(() => server.close());
afterEach(async () => {
  expect((await server.get('/healthz')).status, 'the server still answers').toBe(200);
});

const JOB = { experiment: 'fake-drawing', params: { prompts: ['attacker'] } };
const jobsMade = async () => (await answerOf(await server.get('/v1/jobs?limit=200'))).jobs.length;
const host = () => new URL(server.url).host;

describe('T01, T02, T04: pages of other sites', () => {
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:1' },
    { origin: 'http://127.0.0.1.evil.example' },
    { origin: 'https://' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example', cookie: 'campanile_token=anything' },
  ];
  test.each(foreign)('a job asked for with %o is refused and not made', async (headers) => {
    const before = await jobsMade();
    for (const path of [
      '/v1/jobs',
      '/v1/images/generations',
      '/sdapi/v1/txt2img',
      '/sdapi/v1/interrupt',
      '/models/x',
    ]) {
      const response = await server.post(path, JOB, headers);
      expect([path, response.status]).toEqual([path, 403]);
    }
    expect(await jobsMade()).toBe(before);
  });

  test.each(foreign)('events and answers are not told with %o', async (headers) => {
    for (const path of ['/v1/events', '/v1/jobs', '/v1/experiments'])
      expect((await server.get(path, { headers })).status).toBe(403);
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'text/plain;application/json',
  ])('a body of type %s, which a form could send, is refused', async (type) => {
    const response = await server.post('/v1/jobs', JSON.stringify(JOB), { 'content-type': type });
    expect([response.status, (await answerOf(response)).code]).toEqual([415, expect.any(String)]);
  });

  test('its own studio and programs are let through', async () => {
    for (const headers of [
      {},
      { origin: server.url, 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
    ] as Record<string, string>[])
      expect((await server.get('/v1/experiments', { headers })).status).toBe(200);
  });
});

describe('T03: names that are not this server’s', () => {
  const hosts = [
    ['Host: evil.example'],
    ['Host: 127.0.0.1.nip.io'],
    ['Host: localhost.evil.example'],
    ['Host: 127.0.0.1@evil.example'],
    ['Host: 2130706433'],
    ['Host: 0x7f.1'],
    ['Host: 0.0.0.0'],
    ['Host: [::ffff:127.0.0.1]'],
    ['Host: '],
    ['Host: localhost', 'Host: evil.example'],
    ['Host: evil.example', 'Host: localhost'],
  ];
  test.each(hosts)('%s %s', async (...lines) => {
    for (const path of ['/', '/healthz', '/v1/jobs', '/v1/events', '/studio/', '/v1/objects/x']) {
      const { status } = await raw(server.url, request('GET', path, lines.filter(Boolean) as string[]));
      expect([path, status]).toEqual([path, expect.toSatisfy((s) => s === 403 || s === 400)]);
    }
  });

  test('no Host, and an absolute address in the place of the path', async () => {
    expect((await raw(server.url, request('GET', '/healthz', []))).status).toBe(400);
    const absolute = request('GET', 'http://evil.example/healthz', [`Host: ${host()}`]);
    expect((await raw(server.url, absolute)).status).toBe(403);
  });

  test('localhost by any port is this server’s, for who forwards one', async () => {
    expect((await raw(server.url, request('GET', '/healthz', ['Host: localhost:8888']))).status).toBe(200);
  });
});

describe('T05, T31: files that are no pictures, or more than pictures', () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>';
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const tail = Buffer.alloc(4);
    tail.writeUInt32BE(crc32(body));
    return Buffer.concat([head, body, tail]);
  };
  const header = (width: number, height: number) => {
    const data = Buffer.alloc(13);
    data.writeUInt32BE(width);
    data.writeUInt32BE(height, 4);
    data.set([8, 2], 8);
    return chunk('IHDR', data);
  };
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const bomb = Buffer.concat([
    signature,
    header(20_000, 20_000),
    chunk('IDAT', deflateSync(Buffer.alloc(1e6))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  const lying = Buffer.concat([
    signature,
    header(4000, 4000),
    chunk('IDAT', Buffer.alloc(100)),
    chunk('IEND', Buffer.alloc(0)),
  ]);

  test.each([
    ['an SVG', 'x.png', svg],
    ['an SVG after white space', 'x.svg', `\n\n  ${svg}`],
    ['HTML', 'x.png', '<html><script>alert(1)</script></html>'],
    ['a script', 'x.js', 'alert(1)'],
    ['nothing', 'x.png', ''],
    ['a PDF', 'x.png', '%PDF-1.7\n'],
    ['a picture of 400 million pixels in 1 kB', 'x.png', bomb],
    ['a header that lies', 'x.png', lying],
  ])('%s is refused', async (_, name, content) => {
    const response = await server.upload(new Uint8Array(Buffer.from(content)), name);
    expect(response.status).toBe(400);
    expect((await answerOf(response)).code).toMatch(/^picture-/);
  });

  test('a PNG that is HTML as well loses its second nature, and is served so that nothing in it can run', async () => {
    const html = '<script>alert(1)</script>';
    const png = encodePng({ width: 9, height: 9, channels: 3, data: new Uint8Array(243) }, { Comment: html });
    const polyglot = new Uint8Array(Buffer.concat([png, Buffer.from(html)]));
    const { uploads } = await answerOf(await server.upload(polyglot, 'x.html'));
    const response = await server.get(uploads[0]!.url);
    expect(Buffer.from(await response.arrayBuffer()).includes('script')).toBe(false);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
  });

  test('what a camera wrote about place and person is gone', async () => {
    const photo = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
      .withExif({ IFD0: { Copyright: 'secret person' } })
      .jpeg()
      .toBuffer();
    const { uploads } = await answerOf(await server.upload(new Uint8Array(photo), 'x.jpg'));
    expect((await (await server.get(uploads[0]!.url)).text()).includes('secret')).toBe(false);
  });
});

describe('T06, T07, T25, T28: paths', () => {
  const names = [
    '../owner.json',
    '..%2fowner.json',
    '%2e%2e%2fowner.json',
    '..\\owner.json',
    '%00',
    'C:%5Cowner.json',
    '%5C%5Chost%5Cshare',
    `sha256-${'a'.repeat(64)}`,
    `../${'a'.repeat(64)}`,
    'A'.repeat(64),
    'a'.repeat(63),
    'a'.repeat(65),
    'a'.repeat(4096),
    '__proto__',
    'constructor',
  ];
  test.each(names)('%s names no job and no object', async (name) => {
    for (const [method, path] of [
      ['GET', `/v1/objects/${name}`],
      ['GET', `/v1/jobs/${name}`],
      ['GET', `/v1/jobs/${name}/events`],
      ['POST', `/v1/jobs/${name}/cancel`],
    ] as const) {
      const { status, text } = await raw(server.url, request(method, path, [`Host: ${host()}`]));
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(text).not.toContain('nonce'); // a word of owner.json
    }
  });

  test('no route leads to the state of the server', async () => {
    for (const file of ['owner.json', 'jobs/', 'manifests/', 'objects/', 'events/']) {
      expect(existsSync(join(server.stateDir, file))).toBe(true);
      for (const path of [
        `/${file}`,
        `/studio/../${file}`,
        `/studio/%2e%2e/${file}`,
        `/v1/objects/../${file}`,
      ])
        expect(
          (await raw(server.url, request('GET', path, [`Host: ${host()}`]))).status,
        ).toBeGreaterThanOrEqual(400);
    }
  });

  test('a parameter that names a file of the server is not opened', async () => {
    for (const picture of [
      '/etc/passwd',
      '/dev/urandom',
      '../x.png',
      'file:///etc/passwd',
      'C:\\x.png',
      'object:../../x',
    ]) {
      const response = await server.post('/v1/jobs', { experiment: 'fake-editing', params: { picture } });
      expect([response.status, (await answerOf(response)).errors?.[0]?.path]).toEqual([
        422,
        'params.picture',
      ]);
    }
  });
});

describe('T11: keys that would change objects', () => {
  test.each([
    '{"__proto__":{"polluted":1},"experiment":"fake-drawing"}',
    '{"constructor":{"prototype":{"polluted":1}}}',
  ])('%s is refused', async (body) => {
    expect((await server.post('/v1/jobs', body)).status).toBe(400);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('in a recipe that comes in a picture they are data', async () => {
    const recipe = '{"experiment":"fake-drawing","params":{"__proto__":{"polluted":1},"prompts":["x"]}}';
    const png = encodePng(
      { width: 8, height: 8, channels: 1, data: new Uint8Array(64) },
      { campanile: recipe },
    );
    await server.upload(new Uint8Array(png), 'x.png', '/v1/recipes/import');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

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
    expect((await server.upload(new Uint8Array(21e6))).status).toBe(413);
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
