import { sayFetching } from '../../site/fetching.ts';
import { keepForOffline } from '../../site/offline.ts';
import type { JobEvent } from '../../src/jobs/job.ts';
import { notify } from '../notices.ts';
import { startStudio } from '../start-studio.tsx';
import { waitedFor } from '../waited.ts';
import { tabBackend } from './backend.ts';
import { hearing } from './queue.ts';

startStudio(tabBackend());
keepForOffline('../');

const OVER: ReadonlySet<JobEvent['type']> = new Set(['step', 'figure', 'done', 'failed', 'cancelled']);
sayFetching(waitedFor.set, (warning) => notify(warning, { tone: 'bad' }));
// What was waited for is there when a job tells how far it is, or that it has ended.
hearing((message) => {
  if (message.says === 'event' && OVER.has(message.event.type)) waitedFor.set('');
});
