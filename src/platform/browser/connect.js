import { halvesToFloats } from '../../tensor/halves.js';
import { serve } from '../serve.js';
import { free } from './free.js';

/** @import { InferenceSession } from 'onnxruntime-common' */

/**
 * All engines of a page share one runtime, whose memory never shrinks: each comes with a port of its own.
 *
 * @param {typeof import('onnxruntime-common')} ort
 */
export function connect(ort) {
  /** @type {Promise<void> | undefined} */
  let runtime;
  addEventListener('message', (event) => {
    const { port, threads, wasm } = /** @type {{ port?: MessagePort, threads: number, wasm?: Blob }} */ (
      event.data
    );
    if (!port) return; // a message among the runtime's own threads
    ort.env.wasm.numThreads ??= threads;
    runtime ??= begin(ort, wasm);
    const answer = serve(
      ort,
      (reply, transferred) => port.postMessage(reply, transferred),
      async (graph, options) => {
        await runtime;
        return created(ort, graph, options);
      },
    );
    port.onmessage = ({ data }) => answer(data);
  });
}

/**
 * The runtime from its file, whose bytes are given back before there are weights beside them. It begins with a session, and there is
 * none of no graph.
 *
 * @param {typeof import('onnxruntime-common')} ort
 * @param {Blob | undefined} wasm  undefined: ONNX Runtime fetches its own
 */
async function begin(ort, wasm) {
  if (!wasm) return;
  const binary = await bytesOf(wasm);
  ort.env.wasm.wasmBinary = binary;
  await ort.InferenceSession.create(new Uint8Array()).catch(() => undefined);
  free(binary.buffer);
}

/**
 * A session whose weights lie in ONNX Runtime's memory alone.
 *
 * @param {typeof import('onnxruntime-common')} ort
 * @param {Uint8Array} graph
 * @param {InferenceSession.SessionOptions} options  whose weights are Blobs
 */
async function created(ort, graph, options) {
  const files = await Promise.all(
    (options.externalData ?? []).map(async (file) => {
      const { path, data, widened } = /** @type {{ path: string, data: Blob, widened?: boolean }} */ (file);
      const bytes = await bytesOf(data);
      if (!widened) return { path, data: bytes };
      const floats = halvesToFloats(new Uint16Array(bytes.buffer));
      free(bytes.buffer);
      return { path, data: new Uint8Array(floats.buffer) };
    }),
  );
  try {
    return await ort.InferenceSession.create(graph, { ...options, externalData: files });
  } finally {
    for (const { data } of files) free(data.buffer);
  }
}

/** @param {Blob} blob */
const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());
