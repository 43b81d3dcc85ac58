import { parentPort } from 'node:worker_threads';
import { serve } from '../serve.js';
import { openvinoRuntime } from './openvino.js';

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const openvino = /** @type {typeof import('onnxruntime-common')} */ (
  /** @type {unknown} */ (await openvinoRuntime())
);
port.on(
  'message',
  serve(openvino, (reply, transferred) => port.postMessage(reply, transferred)),
);
