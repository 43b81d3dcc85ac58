// The files of an engine's thread are JavaScript: a thread starts from a file that the platform itself can read, also where
// the rest is TypeScript that some tool translates.

/** @import { InferenceSession, Tensor } from 'onnxruntime-common' */
/** @import { Feed, Reply, Request } from './engine.ts' */

/** Requests of all engines of the thread run one after the other: ONNX Runtime for the web can do no more. */
let queue = Promise.resolve();

/**
 * What runs in the engine's thread: ONNX Runtime blocks whoever calls it, so it has a thread of its own.
 *
 * @param {typeof import('onnxruntime-common')} ort
 * @param {(reply: Reply, transferred: ArrayBuffer[]) => void} post
 * @param {(graph: Uint8Array, options: InferenceSession.SessionOptions) => Promise<InferenceSession>} create
 * @returns {(request: Request) => void} to be told of each request
 */
export function serve(ort, post, create = (graph, options) => ort.InferenceSession.create(graph, options)) {
  ort.env.logLevel = 'fatal'; // what it would print is in the error it throws
  /** @type {Map<number, InferenceSession>} */
  const sessions = new Map();
  /** @type {Map<number, Tensor>} */
  const kept = new Map();
  let count = 0;

  /** @param {number} id */
  const close = async (id) => {
    await sessions.get(id)?.release();
    sessions.delete(id);
  };

  /** @type {{ [K in Request['kind']]: (request: Extract<Request, { kind: K }>) => Promise<Record<string, Feed> | void> }} */
  const answers = {
    async open({ id, graph, options }) {
      sessions.set(id, await create(graph, options));
    },
    async run({ id, feeds, keep }) {
      /** @type {Record<string, Tensor>} */
      const tensors = {};
      for (const [name, feed] of Object.entries(feeds)) {
        if ('kept' in feed) tensors[name] = /** @type {Tensor} */ (kept.get(feed.kept));
        else if (feed.data instanceof Float32Array)
          tensors[name] = new ort.Tensor('float32', feed.data, feed.shape);
        else tensors[name] = new ort.Tensor('int64', feed.data, feed.shape);
      }
      /** @type {Record<string, Feed>} */
      const values = {};
      const session = /** @type {InferenceSession} */ (sessions.get(id));
      for (const [name, result] of Object.entries(await session.run(tensors))) {
        if (keep) kept.set(++count, result);
        values[name] = keep
          ? { kept: count, shape: result.dims }
          : { data: /** @type {Float32Array} */ (result.data), shape: result.dims };
      }
      return values;
    },
    close: ({ id }) => close(id),
    async end() {
      kept.clear();
      for (const id of [...sessions.keys()]) await close(id);
    },
    async forget({ id }) {
      kept.delete(id);
    },
  };

  return (request) => {
    queue = queue.then(async () => {
      try {
        const values = (await answers[request.kind](/** @type {never} */ (request))) ?? {};
        if (request.kind === 'forget') return;
        const buffers = Object.values(values).flatMap((value) =>
          'data' in value ? [/** @type {ArrayBuffer} */ (value.data.buffer)] : [],
        );
        post({ values }, buffers);
      } catch (error) {
        post({ error: error instanceof Error ? error.message : String(error) }, []);
      }
    });
  };
}
