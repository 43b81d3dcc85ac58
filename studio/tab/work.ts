import { proxy, type Remote, wrap } from 'comlink';
import { handlerOf, type Runs } from '../../src/jobs/handler.ts';
import type { Outcome } from '../../src/jobs/job.ts';
import { Interruption, type Settled, settle } from '../../src/jobs/queue.ts';
import { RefusedError } from '../../src/jobs/refused.ts';
import { tellFetching } from '../../src/platform/browser/fetched.ts';
import type { TabComputing } from './compute.ts';
import { site } from './db.ts';
import { tabStore } from './pictures.ts';
import { claim, finish, hearing, recover, tell } from './queue.ts';

interface Started {
  readonly remote: Remote<TabComputing>;
  /** Rejects when the worker cannot be loaded, or fails altogether. */
  readonly lost: Promise<never>;
}
let started: Started | undefined;

/** The worker that computes, begun with the first job, and anew after it was lost. */
function worker(): Started {
  started ??= start();
  return started;
}

function start(): Started {
  const thread = new Worker(new URL('./compute.ts', import.meta.url), { type: 'module', name: 'campanile' });
  const lost = new Promise<never>((_, reject) => {
    thread.onerror = ({ message }) => {
      started = undefined;
      thread.terminate();
      const why = message || 'its code could not be loaded: is the network there?';
      reject(new RefusedError(503, 'engine', `what computes could not be started: ${why}`));
    };
  });
  lost.catch(() => undefined);
  return { remote: wrap<TabComputing>(thread), lost };
}

const runs: Runs = {
  async run(recipe, signal, say) {
    const { remote, lost } = worker();
    const cancel = () => void remote.cancel();
    signal.addEventListener('abort', cancel);
    try {
      const failed = await Promise.race([lost, remote.run(recipe, proxy(say), proxy(tellFetching))]);
      signal.throwIfAborted();
      if (failed) throw new RefusedError(failed.status ?? 500, failed.code, failed.message, failed);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  },
};

/** Runs the jobs of all tabs, as soon as the tab that did so before is closed, and until this one is. */
export function workOff(): void {
  void navigator.locks.request(`campanile work ${site}`, async () => {
    await recover();
    for (;;) {
      const news = change();
      if (!(await runNext())) await news;
    }
  });
}

/** Until something is told of a job. */
const change = (): Promise<void> =>
  new Promise((resolve) => {
    const stop = hearing(() => {
      stop();
      resolve();
    });
  });

async function runNext(): Promise<boolean> {
  const job = await claim();
  if (!job) return false;
  const run = new AbortController();
  const stop = hearing((message) => {
    if (message.says === 'cancel' && message.id === job.id) run.abort(new Interruption('cancelled'));
  });
  const emit = (event: Parameters<typeof tell>[1]) => tell(job.id, event);
  const settled = await settle(handlerOf(runs, tabStore), {
    job,
    attempt: job.attempt,
    signal: run.signal,
    emit,
  });
  stop();
  await finish(job.id, outcomeOf(settled));
  return true;
}

/** There is nobody to try it again: a browser that has no room has none in five seconds either. */
function outcomeOf(settled: Settled): Outcome {
  if (settled.type === 'done' || settled.type === 'failed' || settled.type === 'cancelled') return settled;
  const message = 'reason' in settled ? settled.reason : 'another tab has taken the job over';
  return { type: 'failed', error: { code: 'not-kept', message, hint: 'free some space on this device' } };
}
