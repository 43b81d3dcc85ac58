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

let started: Remote<TabComputing> | undefined;

/** The worker that computes, begun with the first job. */
function worker(): Remote<TabComputing> {
  started ??= wrap<TabComputing>(
    new Worker(new URL('./compute.ts', import.meta.url), { type: 'module', name: 'campanile' }),
  );
  return started;
}

const runs: Runs = {
  async run(recipe, signal, say) {
    const cancel = () => void worker().cancel();
    signal.addEventListener('abort', cancel);
    try {
      const failed = await worker().run(recipe, proxy(say), proxy(tellFetching));
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
