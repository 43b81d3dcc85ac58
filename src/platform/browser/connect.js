import { serve } from '../serve.js';

/**
 * All engines of a page share one runtime, whose memory never shrinks: each comes with a port of its own.
 *
 * @param {typeof import('onnxruntime-common')} ort
 */
export function connect(ort) {
  addEventListener('message', (event) => {
    const { port, threads, wasm } = /** @type {{ port?: MessagePort, threads: number, wasm?: string }} */ (
      event.data
    );
    if (!port) return; // a message among the runtime's own threads
    if (wasm) ort.env.wasm.wasmPaths ??= { wasm };
    ort.env.wasm.numThreads ??= threads;
    const answer = serve(ort, (reply, transferred) => port.postMessage(reply, transferred));
    port.onmessage = ({ data }) => answer(data);
  });
}
