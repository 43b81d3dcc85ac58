import { useCallback, useState } from 'react';
import type { Fork } from '../../src/experiments/branch.ts';
import { isFinal } from '../../src/jobs/job.ts';
import type { ExperimentInfo, Job } from '../../src/server/api-types.ts';
import { backend, RefusedError } from '../backend.ts';
import { lastJobs } from '../drafts.ts';
import { complain, forgive, notify } from '../notices.ts';
import { go, linkTo, parseRoute } from '../route.ts';
import { learn, runs } from '../runs.ts';
import { errorsByField, type Params } from '../schema.ts';
import { createStore } from '../store.ts';

const none: ReadonlyMap<string, string> = new Map();

/** Jobs that were asked for once more, and were known: shown at once, and said so beside them. */
export const knownJobs = createStore<ReadonlySet<string>>(new Set());

/** What this tab's forms sent last, by experiment: jobs that were made for it. */
const sent = new Map<string, string>();

/** Whoever changes a value and runs again wants to see the new one, and not to wait for the old. */
async function replace(experiment: string, job: Job, known: boolean): Promise<void> {
  const before = runs.get().get(sent.get(experiment) ?? '')?.job;
  if (known) sent.delete(experiment);
  else sent.set(experiment, job.id);
  if (!before || before.id === job.id || isFinal(before.state) || job.recipe.from) return;
  learn(await backend.cancel(before.id));
  notify('The run before was stopped; what it finished is on the shelf.');
}

/** Sends what stands in the form, and shows its job. */
export function useSubmit(experiment: ExperimentInfo, params: Params, branch?: readonly Fork[]) {
  const [errors, setErrors] = useState(none);
  const [sending, setSending] = useState(false);
  const submit = useCallback(
    async (force = false, given = params) => {
      setSending(true);
      setErrors(none);
      forgive();
      try {
        const { job, known } = await backend.submit({
          experiment: experiment.id,
          params: given,
          ...(branch ? { from: branch } : {}),
          ...(force ? { force } : {}),
        });
        learn(job);
        lastJobs.set((all) => ({ ...all, [experiment.id]: job.id }));
        knownJobs.set((all) => {
          const next = new Set(all);
          if (known && isFinal(job.state)) next.add(job.id);
          else next.delete(job.id);
          return next;
        });
        // Who has gone elsewhere meanwhile is not called back.
        const here = parseRoute(location.hash);
        if (here.page === 'experiment' && here.experiment === experiment.id)
          go(linkTo.experiment(experiment.id, job.id));
        await replace(experiment.id, job, known);
        return job;
      } catch (error) {
        if (error instanceof RefusedError) setErrors(errorsByField(error.problem));
        complain(error);
        return undefined;
      } finally {
        setSending(false);
      }
    },
    [experiment, params, branch],
  );
  return { submit, sending, errors, forget: useCallback(() => setErrors(none), []) };
}
