import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { ResourceError } from '../errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { engineError } from './failures.ts';
import { type Device, onnxRuntimeOptions, type SessionOptions } from './options.ts';
import { type Feed, type Feeds, type Kept, type Reply, type Request, serve } from './worker.ts';

export interface EngineOptions {
  /** Threads of one computation; as many as the machine has by default. */
  readonly threads?: number | undefined;
  readonly device?: Device | undefined;
}

/** A graph ready to run. Calls of one engine are answered one after the other. */
export interface Session {
  run(feeds: Feeds): Promise<Record<string, Tensor>>;
  /** Like `run`, but the results stay where they are, to be fed again and again. */
  keep(feeds: Feeds): Promise<Record<string, Kept>>;
  close(): Promise<void>;
}

/** ONNX Runtime in a thread of its own, with any number of sessions. */
export interface Engine {
  readonly device: Device;
  open(graph: Uint8Array, options: SessionOptions): Promise<Session>;
  /** Ends the thread, whatever it is doing. */
  close(): Promise<void>;
}

/** @throws {ResourceError} from everything it gives: 'engine', 'out-of-memory', 'engine-closed' */
export function openEngine({ threads = availableParallelism(), device = 'cpu' }: EngineOptions = {}): Engine {
  const worker = startWorker();
  const ask = conversation(worker, device);
  // A kept value lives as long as somebody here can still feed it.
  const forgotten = new FinalizationRegistry((id: number) =>
    worker.postMessage({ kind: 'forget', id } satisfies Request),
  );
  let sessions = 0;
  return {
    device,
    async open(graph, options) {
      const id = sessions++;
      await ask({ kind: 'open', id, graph, options: onnxRuntimeOptions(options, threads, device) });
      return {
        run: async (feeds) => (await ask({ kind: 'run', id, feeds, keep: false })) as Record<string, Tensor>,
        async keep(feeds) {
          const values = (await ask({ kind: 'run', id, feeds, keep: true })) as Record<string, Kept>;
          for (const value of Object.values(values)) forgotten.register(value, value.kept);
          return values;
        },
        close: async () => void (await ask({ kind: 'close', id })),
      };
    },
    // A thread that is ended in the middle of a run takes the program with it.
    async close() {
      await ask({ kind: 'end' }).catch(() => undefined);
      await worker.terminate();
    },
  };
}

function startWorker(): Worker {
  // Tools that run TypeScript as it is (esbuild, tsx) wrap functions in calls of a helper "__name".
  const code = `
    const __name = (f) => f;
    const { parentPort, workerData } = require('node:worker_threads');
    const ort = require('node:module').createRequire(workerData.from)('onnxruntime-node');
    (${serve})(parentPort, ort);`;
  return new Worker(code, { eval: true, workerData: { from: import.meta.url } });
}

type Values = Record<string, Feed>;

/** Requests to the thread and its answers, matched by their order. */
function conversation(worker: Worker, device: Device): (request: Request) => Promise<Values> {
  const waiting: { resolve(values: Values): void; reject(error: Error): void }[] = [];
  let stopped: ResourceError | undefined;
  const stop = (error: ResourceError) => {
    stopped ??= error;
    for (const { reject } of waiting.splice(0)) reject(stopped);
  };
  worker.on('message', (reply: Reply) => {
    const next = waiting.shift();
    if (waiting.length === 0) worker.unref();
    if ('error' in reply) next?.reject(engineError(reply.error, device));
    else next?.resolve(reply.values);
  });
  worker.on('error', (error) => stop(engineError(error.message, device)));
  worker.on('exit', () => stop(new ResourceError('engine-closed', 'the engine was closed')));
  worker.unref();
  return (request) =>
    new Promise((resolve, reject) => {
      if (stopped) return reject(stopped);
      worker.ref(); // while there is work, the thread keeps the program alive
      waiting.push({ resolve, reject });
      worker.postMessage(request);
    });
}
