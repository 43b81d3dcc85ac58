import { marked, unmarked } from '../src/jobs/marks.ts';
import type { Job, Marks } from '../src/server/api-types.ts';
import { backend } from './backend.ts';
import { complain } from './notices.ts';
import { learn, runs } from './runs.ts';

/** What somebody thinks of a figure. */
export const figureMarks = ({ figureMarks: all }: Job, figure: string): Pick<Marks, 'starred' | 'away'> =>
  all?.[figure] ?? {};

/** Marks a job, where it is kept: every tab and every browser sees it. Shown at once; taken back if it is refused. */
export function mark(id: string, marks: Marks): void {
  const before = runs.get().get(id)?.job;
  if (before) learn({ ...unmarked(before), ...marked(before, marks) });
  backend.mark(id, marks).then(learn, (error) => {
    if (before) learn(before);
    complain(error);
  });
}

export const markFigure = (job: string, figure: string, marks: Pick<Marks, 'starred' | 'away'>): void =>
  mark(job, { figureMarks: { [figure]: marks } });

/** Forgets a job for good. */
export async function forget(job: string): Promise<void> {
  await backend.remove(job);
  runs.set((all) => new Map([...all].filter(([id]) => id !== job)));
}
