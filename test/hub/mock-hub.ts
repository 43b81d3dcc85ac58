/**
 * A hub on the loopback interface: the routes that huggingface_hub and campanile use, a store for large files on another
 * origin, as the real hub has, and faults on demand.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface MockModel {
  readonly files: Readonly<Record<string, Buffer>>;
  readonly licence?: string;
  readonly gated?: false | 'auto' | 'manual';
  /** Names that are listed although there is no content behind them. */
  readonly listedToo?: readonly string[];
}

/** What goes wrong with one answer of the store or the hub. */
export interface Fault {
  /** Close the connection after so many bytes. */
  readonly cutAfter?: number;
  /** End the body properly after so many bytes: chunked, so no length betrays it. */
  readonly endAfter?: number;
  /** Flip a bit of this byte of the file. */
  readonly corruptAt?: number;
  /** Send all of the file whatever range was asked for. */
  readonly ignoreRange?: boolean;
  /** Send so many bytes and then nothing … */
  readonly pauseAfter?: number;
  /** … until the promise is kept; it also holds up a cut. */
  readonly until?: Promise<void>;
  readonly status?: number;
  /** Bytes beyond the end of the file. */
  readonly extra?: number;
}

export interface Seen {
  readonly server: 'hub' | 'store';
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
  /** Body bytes sent in answer. */
  sentBytes: number;
}

export interface MockHub {
  readonly url: string;
  readonly storeUrl: string;
  readonly seen: Seen[];
  readonly models: Record<string, MockModel>;
  /** Chooses what goes wrong with a file; called for each request that has a body. */
  fault: (path: string, nth: number) => Fault | undefined;
  /** Where files larger than 1000 bytes are sent for; by default to the store. */
  redirect: ((path: string) => string) | undefined;
  /** Refuse a file's door with this code although the token is known. */
  refuse: 'GatedRepo' | undefined;
  /** Old names of models, which the hub redirects within itself. */
  renamed: Record<string, string>;
  /** Files per page of a listing. */
  pageSize: number;
  close(): Promise<void>;
}

export const COMMIT = '0123456789abcdef0123456789abcdef01234567';
export const TOKEN = 'hf_thisIsTheTokenOfTheTests';
const LARGE = 1000;

/** Hashes are asked for again and again, and a file may be large. */
const remembered = (hash: (bytes: Buffer) => string) => {
  const known = new WeakMap<Buffer, string>();
  return (bytes: Buffer): string => {
    const hex = known.get(bytes) ?? hash(bytes);
    known.set(bytes, hex);
    return hex;
  };
};
export const sha256 = remembered((bytes) => createHash('sha256').update(bytes).digest('hex'));
export const gitSha1 = remembered((bytes) =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex'),
);

export async function startHub(models: Record<string, MockModel>): Promise<MockHub> {
  const nth = new Map<string, number>();
  const hub: MockHub = {
    url: '',
    storeUrl: '',
    seen: [],
    models,
    fault: () => undefined,
    redirect: undefined,
    refuse: undefined,
    renamed: {},
    pageSize: 1000,
    close: async () => {
      for (const server of [front, store]) {
        server.closeAllConnections();
        server.close();
      }
      await Promise.all([once(front, 'close'), once(store, 'close')]);
    },
  };

  function note(server: Seen['server'], request: IncomingMessage): Seen {
    const { range, authorization } = request.headers;
    const seen = {
      server,
      method: request.method ?? '',
      path: request.url ?? '',
      range,
      authorization,
      sentBytes: 0,
    };
    hub.seen.push(seen);
    return seen;
  }

  async function sendBody(
    path: string,
    file: Buffer,
    request: IncomingMessage,
    response: ServerResponse,
    seen: Seen,
  ) {
    const turn = (nth.get(path) ?? 0) + 1;
    nth.set(path, turn);
    const fault = hub.fault(path, turn) ?? {};
    if (fault.status) return void response.writeHead(fault.status).end();
    const damaged = fault.extra !== undefined || fault.corruptAt !== undefined;
    let content = damaged ? Buffer.concat([file, Buffer.alloc(fault.extra ?? 0)]) : file;
    if (fault.corruptAt !== undefined) content[fault.corruptAt]! ^= 1;
    const start = fault.ignoreRange
      ? 0
      : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (start >= content.length && start > 0)
      return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    const headers: Record<string, string | number> = { 'accept-ranges': 'bytes' };
    if (start > 0) headers['content-range'] = `bytes ${start}-${content.length - 1}/${content.length}`;
    content = content.subarray(start);
    if (fault.endAfter === undefined && !fault.extra) headers['content-length'] = content.length;
    response.writeHead(start > 0 ? 206 : 200, headers);
    const stopAt = fault.cutAfter ?? fault.endAfter ?? fault.pauseAfter ?? content.length;
    const first = content.subarray(0, stopAt);
    await new Promise((sent) => response.write(first, sent));
    seen.sentBytes += first.length;
    if (fault.until) await fault.until;
    if (fault.cutAfter !== undefined) return void response.destroy();
    if (fault.endAfter === undefined) {
      seen.sentBytes += content.length - first.length;
      response.write(content.subarray(stopAt));
    }
    response.end();
  }

  const front = createServer(async (request, response) => {
    const seen = note('hub', request);
    const url = new URL(request.url ?? '', 'http://hub');
    const known = request.headers.authorization === `Bearer ${TOKEN}`;
    const [, repo = '', route = ''] =
      /^\/(?:api\/models\/)?([^/]+\/[^/]+)\/(.*)$/.exec(decodeURIComponent(url.pathname)) ?? [];
    const renamed = hub.renamed[repo];
    if (renamed) return void response.writeHead(307, { location: request.url?.replace(repo, renamed) }).end();
    const model = hub.models[repo];
    const fail = (status: number, code: string) =>
      void response.writeHead(status, { 'x-error-code': code }).end();
    if (request.headers.authorization && !known) return void response.writeHead(401).end();
    if (!model) return fail(known ? 404 : 401, 'RepoNotFound');
    const revision = /^(?:revision|tree|resolve)\/([^/?]+)/.exec(route)?.[1] ?? '';
    if (!['main', COMMIT].includes(revision)) return fail(404, 'RevisionNotFound');

    if (route.startsWith('revision/')) {
      const fault = hub.fault('(model)', 1);
      if (fault?.status) return void response.writeHead(fault.status).end();
      const siblings = Object.keys(model.files).map((rfilename) => ({ rfilename }));
      const cardData = { license: model.licence ?? 'mit' };
      const reply = {
        id: repo,
        sha: COMMIT,
        gated: model.gated ?? false,
        private: false,
        tags: [],
        siblings,
        cardData,
      };
      return void response.setHeader('content-type', 'application/json').end(JSON.stringify(reply));
    }
    if (route.startsWith('tree/')) {
      const all = [
        ...Object.entries(model.files),
        ...(model.listedToo ?? []).map((name) => [name, Buffer.from('evil')] as const),
      ].map(([path, bytes]) => ({
        type: 'file',
        path,
        oid: gitSha1(bytes),
        size: bytes.length,
        ...(bytes.length > LARGE && { lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 135 } }),
      }));
      const from = Number(url.searchParams.get('cursor') ?? 0);
      const more = from + hub.pageSize < all.length;
      if (more)
        response.setHeader(
          'link',
          `<${hub.url}${url.pathname}?recursive=true&cursor=${from + hub.pageSize}>; rel="next"`,
        );
      return void response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify(all.slice(from, from + hub.pageSize)));
    }
    const path = /^resolve\/[^/]+\/(.+)$/.exec(route)?.[1] ?? '';
    const file = model.files[path];
    // The real hub shows the card of a gated model to everybody.
    const open = /^(?:README|LICENSE)/.test(path);
    if (hub.refuse && !open) return fail(403, hub.refuse);
    if (model.gated && !known && !open) return fail(request.headers.authorization ? 403 : 401, 'GatedRepo');
    if (!file) return fail(404, 'EntryNotFound');
    response.setHeader('x-repo-commit', COMMIT);
    if (file.length > LARGE) {
      response.setHeader('x-linked-etag', `"${sha256(file)}"`);
      response.setHeader('x-linked-size', file.length);
      response.setHeader('etag', `"${gitSha1(file)}"`);
      const location = hub.redirect?.(path) ?? `${hub.storeUrl}/${sha256(file)}?signature=secret`;
      return void response.writeHead(302, { location }).end();
    }
    response.setHeader('etag', `"${gitSha1(file)}"`);
    if (request.method === 'HEAD')
      return void response.writeHead(200, { 'content-length': file.length }).end();
    await sendBody(path, file, request, response, seen);
  });

  const store = createServer(async (request, response) => {
    const seen = note('store', request);
    const hash = /^\/([0-9a-f]{64})\?/.exec(request.url ?? '')?.[1];
    for (const model of Object.values(hub.models))
      for (const [path, bytes] of Object.entries(model.files))
        if (sha256(bytes) === hash) {
          // Signed for a GET.
          if (request.method === 'HEAD') return void response.writeHead(403).end();
          return sendBody(path, bytes, request, response, seen);
        }
    response.writeHead(404).end();
  });

  const [frontUrl, storeUrl] = await Promise.all([listen(front), listen(store)]);
  return Object.assign(hub, { url: frontUrl, storeUrl });
}

export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Bytes that no compression and no mistake with offsets can hide in: the same ones for the same seed. */
export function noise(sizeBytes: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  let state = seed;
  for (let i = 0; i < sizeBytes; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

export const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

/** A repository laid out like DeepFloyd/IF-I-M-v1.0, with `weights` in place of the network. */
export const ifModel = (weights: Buffer): Record<string, Buffer> => ({
  '.gitattributes': Buffer.from('*.safetensors filter=lfs\n'),
  'LICENSE.md': Buffer.from('the licence\n'),
  'README.md': Buffer.from('---\nlicense: deepfloyd-if-license\n---\n'),
  'model_index.json': json({ _class_name: 'IFPipeline', unet: ['diffusers', 'UNet2DConditionModel'] }),
  'scheduler/scheduler_config.json': json({ _class_name: 'DDPMScheduler' }),
  'unet/config.json': json({ sample_size: 64 }),
  'unet/diffusion_pytorch_model.bin': noise(9000, 2),
  'unet/diffusion_pytorch_model.fp16.bin': noise(8000, 3),
  'unet/diffusion_pytorch_model.safetensors': noise(7000, 4),
  'unet/diffusion_pytorch_model.fp16.safetensors': weights,
  'safety_checker/config.json': json({ model_type: 'clip' }),
  'safety_checker/model.safetensors': noise(4000, 5),
  'watermarker/config.json': json({ _class_name: 'IFWatermarker' }),
  'watermarker/diffusion_pytorch_model.safetensors': noise(3000, 6),
  'feature_extractor/preprocessor_config.json': json({ size: 224 }),
  'text_encoder/config.json': json({ model_type: 't5' }),
  'text_encoder/model.safetensors.index.fp16.json': json({
    weight_map: { a: 'model.fp16-00001-of-00002.safetensors' },
  }),
  'text_encoder/model.fp16-00001-of-00002.safetensors': noise(5000, 7),
  'text_encoder/model.fp16-00002-of-00002.safetensors': noise(5001, 8),
  'text_encoder/model-00001-of-00002.safetensors': noise(6000, 9),
  'text_encoder/pytorch_model-00001-of-00002.bin': noise(6000, 10),
  'tokenizer/spiece.model': noise(2000, 11),
  'tokenizer/tokenizer_config.json': json({}),
  'tokenizer/special_tokens_map.json': json({}),
});
