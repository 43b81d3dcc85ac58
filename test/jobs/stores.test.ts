import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openStore } from '../../src/jobs/open-store.ts';
import { S3Store } from '../../src/jobs/s3-store.ts';
import { type ArtifactStore, FolderStore, type Manifest } from '../../src/jobs/store.ts';
import { sha256Sync } from '../../src/platform/node/hash.ts';
import { answers, freePort, program } from './engines.ts';
import { idOf, newId } from './queue-bench.ts';

const manifest = (seconds: number): Manifest => ({
  recipe: { experiment: 'x', params: {} },
  figures: [],
  seconds,
});

function storeContract(open: () => Promise<ArtifactStore>): void {
  let store: ArtifactStore;
  beforeEach(async () => {
    store = await open();
  });

  test('an object is found by the hash of its bytes, and by nothing else', async () => {
    const bytes = Buffer.from(`object ${newId()}`);
    const name = await store.put(bytes);
    expect(name).toBe(sha256Sync(bytes));
    expect(await store.put(bytes)).toBe(name);
    expect([await store.has(name), await store.has(idOf('absent'))]).toEqual([true, false]);
    expect(await store.get(name)).toEqual(bytes);
    for (const other of [idOf('absent'), '', '../x', name.toUpperCase(), `${name}/../x`])
      expect(await store.get(other)).toBeUndefined();
  });

  test('an object has the name that somebody gave its file last', async () => {
    const object = await store.put(Buffer.from(`named ${newId()}`));
    expect(await store.calledAs(object)).toBeUndefined();
    await store.call(object, 'Katze.jpg');
    await store.call(object, 'мой кот 🐈.png');
    expect(await store.calledAs(object)).toBe('мой кот 🐈.png');
    await store.call('../x', 'outside');
    expect(await store.calledAs('../x')).toBeUndefined();
  });

  test('of many who publish for a job, one is first, and all read what he wrote', async () => {
    const id = newId();
    expect(await store.manifest(id)).toBeUndefined();
    const published = await Promise.all([1, 2, 3, 4].map((seconds) => store.publish(id, manifest(seconds))));
    expect(published.filter(Boolean)).toHaveLength(1);
    const first = published.indexOf(true) + 1;
    expect(await store.manifest(id)).toEqual(manifest(first));
    expect(await store.publish(id, manifest(9))).toBe(false);
  });
}

describe('a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'campanile-store-'));
    return () => rmSync(folder, { recursive: true });
  });
  storeContract(() => FolderStore.open(folder));

  test('a damaged object is not given out, and can be put again', async () => {
    const store = await FolderStore.open(folder);
    const name = await store.put(Buffer.from('good'));
    writeFileSync(join(folder, 'objects', name), 'evil');
    expect(await store.get(name)).toBeUndefined();
    expect(await store.put(Buffer.from('good'))).toBe(name);
    expect(await store.get(name)).toEqual(Buffer.from('good'));
  });

  test('what died half-written is tidied away', async () => {
    const store = await FolderStore.open(folder);
    writeFileSync(join(folder, 'objects', `${idOf('x')}.1.tmp`), 'half');
    await store.tidy();
    expect(readdirSync(join(folder, 'objects'))).toEqual([]);
  });
});

const moto = program('moto_server');

/** Stands between store and bucket and does what a bad day does. */
class BadDay {
  readonly #server: Server;
  /** Answers to give instead of asking: a status, or nothing at all. */
  readonly faults: (number | 'silence')[] = [];
  seen: string[] = [];

  constructor(target: string) {
    this.#server = createServer((request, response) => void this.#answer(target, request, response));
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  async #answer(target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const fault = this.faults.shift();
    this.seen.push(`${request.method} ${fault ?? 'passed on'}`);
    if (fault === 'silence') return void response.destroy();
    if (fault) return void response.writeHead(fault).end();
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(
        ([name]) => !['host', 'connection', 'content-length'].includes(name),
      ),
    ) as Record<string, string>;
    const method = request.method ?? 'GET';
    const body = method === 'PUT' ? { body: Buffer.concat(chunks) } : {};
    const answer = await fetch(target + request.url, { method, headers, ...body });
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe.skipIf(!moto)('S3', () => {
  let server: ChildProcess;
  let day: BadDay;
  beforeAll(async () => {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    server = spawn(moto!, ['-H', '127.0.0.1', '-p', `${port}`], { stdio: 'ignore' });
    await answers(port, server);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_REGION', 'us-east-1');
    const client = new AwsClient({
      accessKeyId: 'key',
      secretAccessKey: 'secret',
      service: 's3',
      region: 'us-east-1',
    });
    expect((await client.fetch(`${endpoint}/bucket`, { method: 'PUT' })).status).toBe(200);
    day = new BadDay(endpoint);
    vi.stubEnv('AWS_ENDPOINT_URL', await day.listen());
  }, 120_000);
  afterAll(() => {
    vi.unstubAllEnvs();
    day.close();
    server.kill();
  });
  beforeEach(() => {
    day.faults.length = 0;
    day.seen = [];
  });

  storeContract(() => openStore('s3://bucket/some/prefix', ''));

  test('F11: a server’s faults, throttling and silence are asked about again', async () => {
    const store = await S3Store.open('s3://bucket', { retryMs: 1 });
    day.faults.push(500, 503, 'silence', 429);
    const name = await store.put(Buffer.from('hard times'));
    expect(await store.get(name)).toEqual(Buffer.from('hard times'));
    expect(day.seen.filter((line) => line.startsWith('PUT'))).toEqual([
      'PUT 500',
      'PUT 503',
      'PUT silence',
      'PUT 429',
      'PUT passed on',
    ]);
  });

  test('F11: a manifest that is there means that another was first, also when the answer got lost', async () => {
    const store = await S3Store.open('s3://bucket', { retryMs: 1 });
    const id = newId();
    day.faults.push(412);
    expect(await store.publish(id, manifest(1))).toBe(false);
  });

  test('F11: what stays broken is an error with a hint, and a refusal is not asked about again', async () => {
    const store = await S3Store.open('s3://bucket', { retryMs: 1 });
    day.faults.push(...Array.from({ length: 6 }, () => 500));
    await expect(store.put(Buffer.from('x'))).rejects.toMatchObject({
      code: 'store-unreachable',
      hint: expect.stringContaining('AWS_ENDPOINT_URL'),
    });
    day.faults.push(403);
    await expect(store.put(Buffer.from('x'))).rejects.toMatchObject({
      message: expect.stringContaining('403'),
    });
    expect(day.seen.filter((line) => line === 'PUT 403')).toHaveLength(1);
  });
});
