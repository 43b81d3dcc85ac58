import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { OutputError } from '../errors.ts';
import { sha256Sync } from '../platform/node/hash.ts';
import { type ArtifactStore, isSha256, type Manifest } from './store.ts';

const TRIES = 6;
const TIMEOUT_MS = 30_000;

export interface S3Options {
  /** Before the second try; doubled for each further one; 100. */
  readonly retryMs?: number;
}

/**
 * A bucket, under `prefix/objects/<sha256>` and `prefix/manifests/<job>.json`. A put replaces nothing but equal bytes, and
 * a manifest is created with `If-None-Match: *`, so that several workers agree without talking.
 *
 * Keys and place come from the usual variables: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION,
 * and AWS_ENDPOINT_URL for a bucket elsewhere than at Amazon.
 */
export class S3Store implements ArtifactStore {
  readonly #client: AwsClient;
  readonly #root: string;
  readonly #retryMs: number;

  private constructor(client: AwsClient, root: string, retryMs: number) {
    this.#client = client;
    this.#root = root;
    this.#retryMs = retryMs;
  }

  /** @throws {OutputError} `store-unreachable`, also when it refuses the keys */
  static async open(url: string, { retryMs = 100 }: S3Options = {}): Promise<S3Store> {
    const { hostname: bucket, pathname } = new URL(url);
    const env = process.env;
    const region = env['AWS_REGION'] ?? 'us-east-1';
    const endpoint = env['AWS_ENDPOINT_URL'] ?? `https://s3.${region}.amazonaws.com`;
    const client = new AwsClient({
      accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
      ...(env['AWS_SESSION_TOKEN'] ? { sessionToken: env['AWS_SESSION_TOKEN'] } : {}),
      service: 's3',
      region,
      retries: 0,
    });
    const root = [endpoint.replace(/\/$/, ''), bucket, ...pathname.split('/').filter(Boolean)].join('/');
    const store = new S3Store(client, root, retryMs);
    await store.has('0'.repeat(64));
    return store;
  }

  async put(bytes: Uint8Array): Promise<string> {
    const name = sha256Sync(bytes);
    await this.#ask('PUT', `objects/${name}`, { body: bytes, headers: { 'content-type': 'image/png' } });
    return name;
  }

  /** The bucket's own rules say what becomes of them. */
  keepSteps(file: Uint8Array): Promise<string> {
    return this.put(file);
  }

  async get(name: string): Promise<Buffer | undefined> {
    const bytes = isSha256(name) ? await this.#read(`objects/${name}`) : undefined;
    return bytes && sha256Sync(bytes) === name ? bytes : undefined;
  }

  async has(name: string): Promise<boolean> {
    return isSha256(name) && (await this.#ask('HEAD', `objects/${name}`)).status !== 404;
  }

  async call(name: string, fileName: string): Promise<void> {
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    if (isSha256(name)) await this.#ask('PUT', `names/${name}`, { body: fileName, headers });
  }

  async calledAs(name: string): Promise<string | undefined> {
    return isSha256(name) ? (await this.#read(`names/${name}`))?.toString('utf8') : undefined;
  }

  async publish(jobId: string, manifest: Manifest): Promise<boolean> {
    const headers = { 'if-none-match': '*', 'content-type': 'application/json' };
    const { status } = await this.#ask('PUT', `manifests/${jobId}.json`, {
      body: JSON.stringify(manifest),
      headers,
    });
    return status !== 412;
  }

  async manifest(jobId: string): Promise<Manifest | undefined> {
    const bytes = await this.#read(`manifests/${jobId}.json`);
    return bytes && JSON.parse(bytes.toString('utf8'));
  }

  async #read(key: string): Promise<Buffer | undefined> {
    const response = await this.#ask('GET', key);
    return response.status === 404 ? undefined : Buffer.from(await response.arrayBuffer());
  }

  /** 404 and 412 are answers; a server's own faults, throttling and silence are asked about again. */
  async #ask(
    method: string,
    key: string,
    { body, headers }: { body?: Uint8Array | string; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    let problem: unknown;
    for (let tries = 0; tries < TRIES; tries++) {
      if (tries) await sleep(this.#retryMs * 2 ** (tries - 1));
      try {
        const response = await this.#client.fetch(`${this.#root}/${key}`, {
          method,
          ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> | string }),
          ...(headers ? { headers } : {}),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        if (response.ok || response.status === 404 || response.status === 412) return response;
        problem = `HTTP ${response.status}`;
        // 409: another write of the same key is under way.
        if (response.status < 500 && ![408, 409, 429].includes(response.status)) break;
      } catch (error) {
        problem = error;
      }
    }
    const reason = problem instanceof Error ? problem.message : String(problem);
    throw new OutputError('store-unreachable', `the store did not take ${method} ${key}: ${reason}`, {
      hint: 'check --store, AWS_ENDPOINT_URL, AWS_REGION and the keys in the environment',
      cause: problem,
    });
  }
}
