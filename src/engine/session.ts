import { runtime } from '#platform/engine';
import { machine } from '#platform/machine';
import { type Closable, closedBy } from '../closable.ts';
import { ResourceError } from '../errors.ts';
import type { Device, EngineThread, Feed, Feeds, Kept, Request, SessionOptions } from '../platform/engine.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { engineError } from './failures.ts';

export interface EngineOptions {
  /** Threads of one computation; as many as the machine has by default. */
  readonly threads?: number | undefined;
  readonly device?: Device | undefined;
}

/** A graph ready to run. Calls of one engine are answered one after the other. */
export interface Session extends Closable {
  run(feeds: Feeds): Promise<Record<string, Tensor>>;
  /** Like `run`, but the results stay where they are, to be fed again and again. */
  keep(feeds: Feeds): Promise<Record<string, Kept>>;
}

/** ONNX Runtime in a thread of its own, with any number of sessions. */
export interface Engine extends Closable {
  readonly device: Device;
  open(graph: Uint8Array, options: SessionOptions): Promise<Session>;
  /** Ends the thread, whatever it is doing. */
  close(): Promise<void>;
}

/** @throws {ResourceError} from everything it gives: 'engine', 'out-of-memory', 'engine-closed' */
export function openEngine({ threads = machine.cores, device = 'cpu' }: EngineOptions = {}): Engine {
  const { ask, forget, end } = conversation(device, threads);
  // A kept value lives as long as somebody here can still feed it.
  const forgotten = new FinalizationRegistry(forget);
  let sessions = 0;
  return {
    device,
    async open(graph, options) {
      const id = sessions++;
      await ask({
        kind: 'open',
        id,
        graph,
        options: await runtime.sessionOptions(options, threads, device),
      });
      return {
        run: async (feeds) => (await ask({ kind: 'run', id, feeds, keep: false })) as Record<string, Tensor>,
        async keep(feeds) {
          const values = (await ask({ kind: 'run', id, feeds, keep: true })) as Record<string, Kept>;
          for (const value of Object.values(values)) forgotten.register(value, value.kept);
          return values;
        },
        ...closedBy(async () => void (await ask({ kind: 'close', id }))),
      };
    },
    ...closedBy(end),
  };
}

type Values = Record<string, Feed>;

interface Conversation {
  ask(request: Request): Promise<Values>;
  forget(id: number): void;
  end(): Promise<void>;
}

/** Requests to the thread and its answers, matched by their order. The thread starts at the first of them. */
function conversation(device: Device, threads: number): Conversation {
  const waiting: { resolve(values: Values): void; reject(error: Error): void }[] = [];
  let stopped: Error | undefined;
  let thread: EngineThread | undefined;
  const closed = () => new ResourceError('engine-closed', 'the engine was closed');
  const start = (): EngineThread =>
    runtime.start(device, threads, {
      heard(reply) {
        const next = waiting.shift();
        if (waiting.length === 0) thread?.setAwaited(false);
        if ('error' in reply) next?.reject(engineError(reply.error, device));
        else next?.resolve(reply.values);
      },
      ended(why) {
        stopped ??= why === undefined ? closed() : why instanceof Error ? why : engineError(why, device);
        for (const { reject } of waiting.splice(0)) reject(stopped);
      },
    });
  const ask = (request: Request): Promise<Values> =>
    new Promise((resolve, reject) => {
      if (stopped) return reject(stopped);
      thread ??= start();
      thread.setAwaited(true);
      waiting.push({ resolve, reject });
      thread.post(request);
    });
  return {
    ask,
    forget: (id) => thread?.post({ kind: 'forget', id }),
    async end() {
      if (!thread) stopped ??= closed();
      // A thread that is ended in the middle of a run takes the program with it.
      await ask({ kind: 'end' }).catch(() => undefined);
      await thread?.end();
    },
  };
}
