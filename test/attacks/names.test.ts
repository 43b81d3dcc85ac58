import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { encodePng } from '../../src/images/png.ts';
import { answerOf } from '../jobs/fake-server.ts';
import { host, JOB, jobsMade, server } from './attacked.ts';
import { raw, request } from './raw.ts';

/** What has been done to servers like this one by names, paths and files, each refused in words; numbers as in the list of published attacks. */

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
