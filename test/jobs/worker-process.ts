/**
 * A worker in a process of its own. Says "ready", "run <job>", and what its fault asks for:
 *
 * - `before-manifest`, `after-manifest`: it kills itself there
 * - `blocks`: its event loop stands still longer than its lock lasts, then it goes on as if nothing had been
 */
import { BullmqQueue } from '../../src/jobs/bullmq-queue.ts';
import { FileQueue } from '../../src/jobs/file-queue.ts';
import { handlerOf } from '../../src/jobs/handler.ts';
import { type ArtifactStore, FolderStore } from '../../src/jobs/store.ts';
import { ComputePool } from '../../src/jobs/worker.ts';
import { fakeCompute } from './fake-compute.ts';

export interface WorkerProcessOptions {
  readonly stateDir: string;
  readonly queue?: string | undefined;
  readonly name?: string | undefined;
  readonly fault?: 'before-manifest' | 'after-manifest' | 'blocks' | undefined;
  readonly blocksMs?: number;
}

const options = JSON.parse(process.argv[2]!) as WorkerProcessOptions;
const queue = options.queue
  ? await BullmqQueue.open(options.queue, { name: options.name!, lockMs: 4000, stalledMs: 500 })
  : await FileQueue.open(options.stateDir);
const store = await FolderStore.open(options.stateDir);
const die = () => new Promise<never>(() => process.kill(process.pid, 'SIGKILL'));
const faulty: ArtifactStore = {
  put: (bytes) => store.put(bytes),
  get: (name) => store.get(name),
  has: (name) => store.has(name),
  manifest: (id) => store.manifest(id),
  call: (name, fileName) => store.call(name, fileName),
  calledAs: (name) => store.calledAs(name),
  keepSteps: (file, most) => store.keepSteps(file, most),
  async publish(id, manifest) {
    if (options.fault === 'before-manifest') return die();
    const first = await store.publish(id, manifest);
    if (options.fault === 'after-manifest') return die();
    return first;
  },
};
const pool = await ComputePool.open(fakeCompute(options.stateDir));
const handler = handlerOf(pool, faulty);
console.log('ready');
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
await queue.work(
  async (claim) => {
    console.log(`run ${claim.job.id}`);
    if (options.fault === 'blocks') {
      await claim.emit({ type: 'warning', message: 'before' });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, options.blocksMs);
      await claim.emit({ type: 'warning', message: 'after' }).finally(() => console.log('went on'));
    }
    return handler(claim);
  },
  { signal: stop.signal, graceMs: 0 },
);
pool.close();
await queue.close();
