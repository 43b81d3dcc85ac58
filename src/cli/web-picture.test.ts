import { createServer, get as getPlain, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isPublicAddress } from './public-address.ts';
import { type FetchOptions, fetchPicture } from './web-picture.ts';

const code = (name: string) => expect.objectContaining({ code: name });

test('addresses of this machine, its network and the cloud are not public', () => {
  for (const address of [
    ...['127.0.0.1', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254'],
    ...['100.64.0.1', '192.0.0.1', '198.18.0.1', '203.0.113.9', '224.0.0.1', '255.255.255.255'],
    ...[
      '::1',
      '::',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      'fe80::1',
      'fc00::1',
    ],
    ...['fd00:ec2::254', 'ff02::1', '2001:db8::1', 'localhost', ''],
  ]) {
    expect(isPublicAddress(address), address).toBe(false);
  }
  for (const address of [
    '8.8.8.8',
    '93.184.216.34',
    '172.32.0.1',
    '2606:2800:220:1::',
    '2a00:1450:4001::1',
  ]) {
    expect(isPublicAddress(address), address).toBe(true);
  }
});

test('fourteen spellings of this machine are refused before anything is connected', async () => {
  const never = () => {
    throw new Error('connected');
  };
  for (const host of [
    ...['127.0.0.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0.0.0.0', '[::1]', '[::]'],
    ...[
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '１２７.0.0.1',
      '127。0。0。1',
      '①②⑦.0.0.1',
      '[0:0:0:0:0:ffff:7f00:1]',
    ],
  ]) {
    const request = fetchPicture(`https://${host}/a.png`, { get: never });
    await expect(request, host).rejects.toEqual(code('url-refused'));
  }
});

test('only https, and no passwords', async () => {
  for (const address of [
    'http://example.org/a.png',
    'file:///etc/passwd',
    'ftp://example.org',
    'https://a:b@example.org',
    'nonsense',
  ]) {
    await expect(fetchPicture(address), address).rejects.toEqual(code('url-refused'));
  }
});

const answers: Record<string, RequestListener> = {
  '/a.png': (_, response) => response.setHeader('content-type', 'image/png').end('pixels'),
  '/page': (_, response) => response.setHeader('content-type', 'text/html').end('<p>'),
  '/gone': (_, response) => response.writeHead(404).end(),
  '/moved': (_, response) => response.writeHead(302, { location: '/a.png' }).end(),
  '/inside': (_, response) => response.writeHead(302, { location: 'https://169.254.169.254/latest' }).end(),
  '/open': (_, response) => response.writeHead(302, { location: 'http://picture.example/a.png' }).end(),
  '/round': (_, response) => response.writeHead(302, { location: '/round' }).end(),
  '/large': (_, response) => response.setHeader('content-type', 'image/png').end(Buffer.alloc(4096)),
  '/silent': () => {},
};
let server: Server;
let options: FetchOptions;
beforeAll(async () => {
  server = createServer((request, response) => answers[request.url!]!(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  // The test's internet: the name picture.example leads to this server, and its address counts as public.
  const lookup = ((_name: string, _how: object, done: (error: null, found: object[]) => void) =>
    done(null, [{ address: '127.0.0.1', family: 4 }])) as unknown as NonNullable<FetchOptions['lookup']>;
  const get = ((url: URL, how: object, done: () => void) =>
    getPlain(`http://picture.example:${port}${url.pathname}`, how, done)) as NonNullable<FetchOptions['get']>;
  options = { lookup, get, isAllowed: (address) => address === '127.0.0.1' };
});
afterAll(() => server.closeAllConnections());

const load = (path: string, more: FetchOptions = {}) =>
  fetchPicture(`https://picture.example${path}`, { ...options, ...more });

test('a picture arrives, also over a redirect', async () => {
  expect(Buffer.from(await load('/a.png')).toString()).toBe('pixels');
  expect(Buffer.from(await load('/moved')).toString()).toBe('pixels');
});

test('a name that leads to a private address is refused when connecting', async () => {
  await expect(load('/a.png', { isAllowed: isPublicAddress })).rejects.toEqual(code('url-refused'));
});

test('a redirect leads neither inside nor to plain http nor round and round', async () => {
  await expect(load('/inside')).rejects.toEqual(code('url-refused'));
  await expect(load('/open')).rejects.toEqual(code('url-refused'));
  await expect(load('/round')).rejects.toEqual(code('url-redirects'));
});

test('a page, an error and too large an answer are named', async () => {
  await expect(load('/page')).rejects.toEqual(code('url-type'));
  await expect(load('/gone')).rejects.toEqual(code('url-status'));
  await expect(load('/large', { mostBytes: 1000 })).rejects.toEqual(code('url-large'));
});

test('a server that says nothing is given up, and a cancelled load is an AbortError', async () => {
  await expect(load('/silent', { timeoutMs: 50 })).rejects.toThrow('no answer within 0.05 s');
  const controller = new AbortController();
  const request = load('/silent', { signal: controller.signal });
  controller.abort();
  await expect(request).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
});
