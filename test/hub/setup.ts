import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { PullEvent, PullHooks } from '../../src/hub/pull.ts';
import type { PullOptions } from '../../src/hub/pull-plan.ts';
import { ifModel, listen, type MockHub, noise, startHub, TOKEN } from './mock-hub.ts';

export const REPO = 'DeepFloyd/IF-I-M-v1.0';
export const WEIGHTS_PATH = 'unet/diffusion_pytorch_model.fp16.safetensors';
export const WEIGHTS = noise(3_000_000);

export interface Bench {
  hub: MockHub;
  /** A folder of this test's own. */
  folder: string;
  /** The cache in it. */
  cache: string;
  env: Record<string, string>;
  events: PullEvent[];
  /** What a pull is given: this hub, this cache, a token, no waiting. */
  options: PullOptions & PullHooks;
}

/** A hub with one model and an empty cache, anew for each test. */
export function setUpBench(): Bench {
  const bench = {} as Bench;
  beforeEach(async () => {
    bench.hub = await startHub({
      [REPO]: { files: ifModel(WEIGHTS), licence: 'deepfloyd-if-license', gated: 'auto' },
    });
    bench.folder = await mkdtemp(join(tmpdir(), 'campanile-hub-'));
    bench.cache = join(bench.folder, 'hub');
    bench.env = { HF_ENDPOINT: bench.hub.url, HF_HOME: bench.folder, HF_TOKEN: TOKEN };
    bench.events = [];
    bench.options = { env: bench.env, retryDelayMs: 1, onEvent: (event) => bench.events.push(event) };
  });
  afterEach(async () => {
    await bench.hub.close();
    await rm(bench.folder, { recursive: true, force: true });
  });
  return bench;
}

/** Every file below a folder, as text: to look for what must not be there. */
export async function allFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}

export const blobs = async ({ cache }: Bench): Promise<string[]> =>
  readdir(join(cache, 'models--DeepFloyd--IF-I-M-v1.0', 'blobs')).catch(() => []);

export const read = (folder: string, path: string): Promise<Buffer> => readFile(join(folder, path));

/** A promise and the function that keeps it. */
export function gate(): { until: Promise<void>; open: () => void } {
  let open = () => {};
  const until = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { until, open };
}

/** Cuts the weights once, after `bytes` of them and when those have arrived: the client drops what it had not read yet. */
export function cutWeights(bench: Bench, bytes: number): void {
  const { until, open } = gate();
  let othersBytes = Number.POSITIVE_INFINITY;
  const onEvent = (event: PullEvent): void => {
    bench.events.push(event);
    if (event.type === 'plan') othersBytes = event.plan.totalBytes - WEIGHTS.length;
    if (event.type === 'progress' && event.receivedBytes >= othersBytes + bytes) open();
  };
  bench.options = { ...bench.options, onEvent };
  bench.hub.fault = (path, nth) =>
    path === WEIGHTS_PATH && nth === 1 ? { cutAfter: bytes, until } : undefined;
}

/** A server of one's own, for what no hub would do. */
export async function serve(handler: RequestListener): Promise<{ url: string; close(): void }> {
  const server = createServer(handler);
  const url = await listen(server);
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url, close };
}

/** The error that a promise is rejected with. */
export async function failure(promise: Promise<unknown>): Promise<Error & { code?: string; hint?: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('expected a failure');
}

/** Body bytes of a file that left the store. */
export const sent = ({ hub }: Bench, hash: string): number =>
  hub.seen
    .filter(({ path }) => path.startsWith(`/${hash}`))
    .reduce((sum, { sentBytes }) => sum + sentBytes, 0);
