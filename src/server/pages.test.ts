import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PageInMaking } from '../gallery/making.ts';
import { type ApiOptions, api } from './api.ts';
import type { PageOptions } from './pages.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'campanile-pages-'));
  mkdirSync(join(folder, 'studio', 'assets'), { recursive: true });
  writeFileSync(
    join(folder, 'page.html'),
    '<h1>Page</h1><script>turn()</script><script src="/x.js"></script>',
  );
  writeFileSync(
    join(folder, 'studio', 'index.html'),
    '<h1>Studio</h1><script type="module" src="/studio/assets/a.js"></script>',
  );
  writeFileSync(join(folder, 'studio', 'assets', 'a.js'), 'start()');
  writeFileSync(join(folder, 'studio', '.secret'), 'secret');
  writeFileSync(join(folder, 'beside.txt'), 'secret');
});
beforeAll(() => {
  mkdirSync(join(folder, 'site', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'site', 'index.html'), '<h1>Site</h1>');
  writeFileSync(join(folder, 'site', 'assets', 'ort.wasm'), 'wasm');
  writeFileSync(join(folder, 'site', 'assets', 'ort.wasm.br'), 'packed');
});
afterAll(() => rmSync(folder, { recursive: true }));

const live = async function* () {};
async function withApp(options: PageOptions, use: (app: FastifyInstance) => Promise<void>): Promise<void> {
  const unused = {} as ApiOptions['store'];
  const app = fastify();
  await app.register(api, {
    experiments: [(await import('../experiments/index.ts')).everyExperiment[0]!],
    queue: { live } as unknown as ApiOptions['queue'],
    store: unused,
    info: () => undefined,
    host: '127.0.0.1',
    version: '0',
    ...options,
  });
  try {
    await use(app);
  } finally {
    await app.close();
  }
}
const both = () => ({ page: join(folder, 'page.html'), studio: join(folder, 'studio') });

test('the made page is the front door, and only its own scripts may run', async () => {
  await withApp(both(), async (app) => {
    const { statusCode, body, headers } = await app.inject('/');
    expect([statusCode, body.includes('Page')]).toEqual([200, true]);
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/script-src 'sha256-[A-Za-z0-9+/]{43}='(;|$)/);
    expect(policy).toContain("frame-ancestors 'none'");
  });
});

test('a site is served below /site/, may run WebAssembly, and goes out packed to who takes it', async () => {
  await withApp({ ...both(), site: join(folder, 'site') }, async (app) => {
    const { body, headers } = await app.inject('/site/');
    expect(body).toContain('Site');
    expect(headers['content-security-policy']).toContain("'wasm-unsafe-eval'");
    const ask = (encoding: string) =>
      app.inject({ url: '/site/assets/ort.wasm', headers: { 'accept-encoding': encoding } });
    const packed = await ask('gzip, br');
    expect([packed.body, packed.headers['content-encoding']]).toEqual(['packed', 'br']);
    expect(packed.headers['content-type']).toBe('application/wasm');
    const plain = await ask('identity');
    expect([plain.body, plain.headers['content-encoding']]).toEqual(['wasm', undefined]);
  });
});

test('the studio is served below /studio/, its named files for ever', async () => {
  await withApp(both(), async (app) => {
    expect((await app.inject('/studio')).headers.location).toBe('/studio/');
    const index = await app.inject('/studio/');
    expect(index.body).toContain('Studio');
    expect(index.headers['content-security-policy']).toContain("script-src 'self';");
    expect(index.headers['cache-control']).toBe('no-cache');
    expect((await app.inject('/studio/assets/a.js')).headers['cache-control']).toContain('immutable');
  });
});

test('nothing beside the studio is served', async () => {
  await withApp(both(), async (app) => {
    for (const url of [
      '/studio/../beside.txt',
      '/studio/%2e%2e/beside.txt',
      '/studio/..%2fbeside.txt',
      '/studio/.secret',
      '/studio//etc/passwd',
    ])
      expect([url, (await app.inject(url)).statusCode]).toEqual([
        url,
        expect.toSatisfy((s: number) => s >= 400),
      ]);
  });
});

test('without a page the studio is the front door, without both there is a hint', async () => {
  await withApp({ studio: join(folder, 'studio') }, async (app) => {
    expect((await app.inject('/')).headers.location).toBe('/studio/');
  });
  await withApp({}, async (app) => {
    const response = await app.inject('/');
    expect([response.statusCode, response.json().hint]).toEqual([
      404,
      expect.stringContaining('campanile page'),
    ]);
  });
});

test('until the checkpoint is open, what needs it says so and the rest answers', async () => {
  await withApp({}, async (app) => {
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    expect((await app.inject('/v1/experiments')).statusCode).toBe(200);
    for (const url of ['/readyz', '/v1/models', '/v1/pictures']) {
      const { statusCode, headers } = await app.inject(url);
      expect([url, statusCode, Number(headers['retry-after']) > 0]).toEqual([url, 503, true]);
    }
  });
});

test('a page in the making is the front door, tells what has come, and hears what is looked at', async () => {
  const text = (id: string) => ({ id, title: id, text: id, example: '' });
  const page = new PageInMaking([text('one'), text('two')], { title: 'T', introduction: '', facts: {} });
  await withApp({ page }, async (app) => {
    const { body, headers } = await app.inject('/');
    expect(body).toContain('being made');
    expect(String(headers['content-security-policy'])).toMatch(/default-src 'self'.*script-src 'sha256-/);
    page.complete('one');
    const news = await app.inject('/page/changes?seen=0&section=two');
    expect(news.headers['cache-control']).toBe('no-store');
    expect(news.json()).toMatchObject({ version: 1, making: true, pictures: { one: '' } });
    expect(page.wanted).toBe('two');
    page.finish();
    expect((await app.inject('/page/changes?seen=1e999&section=%00')).json()).toMatchObject({
      making: false,
    });
  });
  await withApp(both(), async (app) => {
    expect((await app.inject('/page/changes')).statusCode).toBe(404);
  });
});
