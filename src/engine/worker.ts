import type { MessagePort } from 'node:worker_threads';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';

/** Numbers on their way into a graph. */
export interface Numbers {
  readonly data: Float32Array | BigInt64Array;
  readonly shape: readonly number[];
}

/** Numbers that an earlier run left in the engine's thread. */
export interface Kept {
  readonly kept: number;
  readonly shape: readonly number[];
}

export type Feed = Numbers | Kept;
export type Feeds = Readonly<Record<string, Feed>>;

/** What the thread is asked; `id` names a session, or a kept value to forget. */
export type Request =
  | {
      readonly kind: 'open';
      readonly id: number;
      readonly graph: Uint8Array;
      readonly options: InferenceSession.SessionOptions;
    }
  | { readonly kind: 'run'; readonly id: number; readonly feeds: Feeds; readonly keep: boolean }
  | { readonly kind: 'close'; readonly id: number }
  /** Everything is released, after what was asked before. */
  | { readonly kind: 'end' }
  | { readonly kind: 'forget'; readonly id: number };

/** One answer to each request but 'forget', in order. */
export type Reply = { readonly values: Readonly<Record<string, Feed>> } | { readonly error: string };

/**
 * What runs in the engine's thread: ONNX Runtime blocks whoever calls it, so it has a thread of its own.
 *
 * A worker starts from a file that Node can read, and these sources are TypeScript until they are built. So the thread
 * is started from this function's text: it may use nothing but its arguments.
 */
export function serve(port: MessagePort, ort: typeof import('onnxruntime-node')): void {
  ort.env.logLevel = 'fatal'; // what it would print is in the error it throws
  const sessions = new Map<number, InferenceSession>();
  const kept = new Map<number, OrtTensor>();
  let count = 0;

  type Values = Record<string, Feed>;
  const open = async (request: Request & { kind: 'open' }): Promise<Values> => {
    sessions.set(request.id, await ort.InferenceSession.create(request.graph, request.options));
    return {};
  };
  const close = async (id: number): Promise<Values> => {
    await sessions.get(id)?.release();
    sessions.delete(id);
    return {};
  };
  const end = async (): Promise<Values> => {
    kept.clear();
    for (const id of [...sessions.keys()]) await close(id);
    return {};
  };
  const run = async ({ id, feeds, keep }: Request & { kind: 'run' }): Promise<Values> => {
    const tensors: Record<string, OrtTensor> = {};
    for (const [name, feed] of Object.entries(feeds)) {
      if ('kept' in feed) tensors[name] = kept.get(feed.kept)!;
      else
        tensors[name] = new ort.Tensor(
          feed.data instanceof Float32Array ? 'float32' : 'int64',
          feed.data,
          feed.shape,
        );
    }
    const values: Values = {};
    for (const [name, result] of Object.entries(await sessions.get(id)!.run(tensors))) {
      if (keep) kept.set(++count, result);
      values[name] = keep
        ? { kept: count, shape: result.dims }
        : { data: result.data as Float32Array<ArrayBuffer>, shape: result.dims };
    }
    return values;
  };

  let queue = Promise.resolve();
  port.on('message', (request: Request) => {
    if (request.kind === 'forget') {
      kept.delete(request.id);
      return;
    }
    queue = queue.then(async () => {
      try {
        const values = await (request.kind === 'open'
          ? open(request)
          : request.kind === 'run'
            ? run(request)
            : request.kind === 'close'
              ? close(request.id)
              : end());
        const buffers = Object.values(values).flatMap((value) =>
          'data' in value ? [value.data.buffer as ArrayBuffer] : [],
        );
        port.postMessage({ values }, buffers);
      } catch (error) {
        port.postMessage({ error: error instanceof Error ? error.message : String(error) });
      }
    });
  });
}
