import { parentPort } from 'node:worker_threads';
import ort from 'onnxruntime-node';
import { serve } from '../serve.js';

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
port.on(
  'message',
  serve(ort, (reply, transferred) => port.postMessage(reply, transferred)),
);
