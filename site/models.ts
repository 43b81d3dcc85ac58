import { embedded } from '#platform/embedded';
import { files } from '#platform/files';
import { readConfig, schedulerSchema } from '../src/checkpoint/config.ts';
import { closedBy } from '../src/closable.ts';
import { alphaBarOf } from '../src/diffusion/schedule.ts';
import { openModels } from '../src/models/embedded.ts';
import type { Models } from '../src/models/model.ts';
import { thresholdOf } from '../src/models/open.ts';
import { subjectsOf } from '../src/models/subjects.ts';
import { mayFetch } from './consent.ts';

let opened: Promise<Models> | undefined;

/** The embedded model, opened at the first figure that needs it and then for all. */
export function models(): Promise<Models> {
  opened ??= mayFetch().then(() => openModels());
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

let known: Promise<Models> | undefined;

/** What the model's schedule says, without its weights: enough for everything that adds noise or blurs. */
export function modelsWithoutNetwork(): Promise<Models> {
  known ??= withoutNetwork();
  return known;
}

async function withoutNetwork(): Promise<Models> {
  const file = files.join(embedded.base, 'scheduler', 'scheduler_config.json');
  const scheduler = await readConfig(file, schedulerSchema);
  const base: Models['base'] = {
    name: embedded.nameOf(embedded.base),
    fingerprint: '',
    parameters: 0,
    sampleSize: 64,
    numTrainTimesteps: scheduler.schedule.numTrainTimesteps,
    subjects: await subjectsOf(embedded.base),
    alphaBar: alphaBarOf(scheduler.schedule),
    threshold: thresholdOf(scheduler),
    estimator: () => () => Promise.reject(new Error('this needs the network')),
    tokens: () => ({ count: 0, cut: '' }),
    ...closedBy(async () => {}),
  };
  return { base };
}
