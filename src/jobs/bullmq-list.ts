import type { JobType } from 'bullmq';
import type { EngineQueue } from './bullmq-engine.ts';
import type { Known } from './bullmq-record.ts';
import type { Job } from './job.ts';
import type { JobPage, ListQuery } from './queue.ts';

/** States of BullMQ in which a job waits. */
export const WAITING: JobType[] = ['waiting', 'prioritized', 'delayed'];
/** How far back a list looks in each of BullMQ's states. */
const LIST_REACH = 1000;

/** Jobs as `JobQueue.list` gives them, out of BullMQ's lists of each state. */
export async function listed(
  queue: EngineQueue,
  jobOf: (known: Known) => Promise<Job>,
  { limit, before, state, experiment, starred }: ListQuery,
): Promise<JobPage> {
  const groups = await Promise.all(
    [[...WAITING], ['active' as const], ['completed' as const], ['failed' as const]].map(async (types) => {
      const group = await queue.getJobs(types, 0, LIST_REACH - 1, false);
      return group.filter(Boolean).map((kept): Known => ({ kept, state: types[0]! }));
    }),
  );
  const jobs: { job: Job; order: number }[] = [];
  const newestFirst = groups.flat().sort((a, b) => b.kept.data.order - a.kept.data.order);
  for (const { kept, state: bullState } of newestFirst) {
    const { order, recipe, marks } = kept.data;
    if (before !== undefined && order >= Number(before)) continue;
    if (experiment && recipe.experiment !== experiment) continue;
    if (starred !== undefined && (marks?.starred ?? false) !== starred) continue;
    const job = await jobOf({ kept, state: bullState });
    if (state && job.state !== state) continue;
    if (jobs.length === limit) return { jobs: jobs.map((j) => j.job), next: String(jobs.at(-1)!.order) };
    jobs.push({ job, order });
  }
  return { jobs: jobs.map((j) => j.job) };
}
