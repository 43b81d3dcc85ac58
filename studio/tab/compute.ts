/** The worker that computes: it opens the embedded model at the first job, and runs one recipe after the other. */
import { expose } from 'comlink';
import { runtimeFile } from '../../site/runtime.ts';
import type { Experiment } from '../../src/experiments/index.ts';
import { loadExperiment } from '../../src/experiments/lazily.ts';
import { computing } from '../../src/jobs/computing.ts';
import type { JobError, Recipe, RunningEvent } from '../../src/jobs/job.ts';
import { toJobError } from '../../src/jobs/queue.ts';
import { openModels } from '../../src/models/embedded.ts';
import { keepRuntime } from '../../src/platform/browser/engine.ts';
import { type Fetching, watchFetching } from '../../src/platform/browser/fetched.ts';
import { tabStore } from './pictures.ts';

keepRuntime(runtimeFile);

/** Those that were run in this worker. */
const experiments: Experiment[] = [];
let opened: Promise<ReturnType<typeof computing>> | undefined;
let running = new AbortController();

/** At the first job, or again where that went wrong. */
function open(): Promise<ReturnType<typeof computing>> {
  opened ??= openModels().then((models) => computing({ experiments, models, engine: '' }, tabStore));
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

const served = {
  /** @returns what went wrong, if something did */
  async run(
    recipe: Recipe,
    tell: (event: RunningEvent) => Promise<void>,
    fetching: (fetching: Fetching) => void,
  ): Promise<JobError | undefined> {
    running = new AbortController();
    const { signal } = running;
    const said = watchFetching(fetching);
    try {
      const [run, experiment] = await Promise.all([open(), loadExperiment(recipe.experiment)]);
      if (experiment && !experiments.includes(experiment)) experiments.push(experiment);
      for await (const event of run(recipe, signal)) await tell(event);
      return undefined;
    } catch (error) {
      return toJobError(error);
    } finally {
      said();
    }
  },
  cancel: () => running.abort(),
};
export type TabComputing = typeof served;

expose(served);
