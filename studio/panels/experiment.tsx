import { useEffect, useRef, useState } from 'react';
import { isFinal } from '../../src/jobs/job.ts';
import type { ExperimentInfo } from '../../src/server/api-types.ts';
import { backend, RefusedError } from '../backend.ts';
import { useCatalogue } from '../catalogue.ts';
import { lastJobs, setDraft, useDraft } from '../drafts.ts';
import { complain, notify } from '../notices.ts';
import { go, linkTo } from '../route.ts';
import { learn, useRun } from '../runs.ts';
import { defaultsOf, differences, errorsByField, errorsOfJob, type Params } from '../schema.ts';
import { prefersStill } from '../theme.ts';
import { Bench } from './bench.tsx';
import { ExperimentForm } from './experiment-form.tsx';
import { Formula } from './formula.tsx';
import { handlesOf } from './handles.ts';
import { SchedulePlot } from './schedule.tsx';

interface ExperimentPageProps {
  readonly experiment: ExperimentInfo;
  readonly jobId: string | undefined;
}

const noErrors: ReadonlyMap<string, string> = new Map();

/** What the section says, its form, the noise schedule between them, and the job. */
export function ExperimentPage({ experiment, jobId }: ExperimentPageProps) {
  const params = useDraft(experiment);
  const run = useRun(jobId);
  const { models } = useCatalogue();
  const [errors, setErrors] = useState(noErrors);
  const [sending, setSending] = useState(false);
  const [cursor, setCursor] = useState<{ readonly t: number; readonly visited: readonly number[] }>();
  const bench = useRef<HTMLElement>(null);
  const model = models.find(({ stage }) => stage === 'base');

  const change = (next: Params) => {
    setDraft(experiment.id, next);
    setErrors(noErrors);
  };
  const submit = async (force = false) => {
    setSending(true);
    setErrors(noErrors);
    try {
      const { job, known } = await backend.submit({
        experiment: experiment.id,
        params,
        ...(force ? { force } : {}),
      });
      learn(job);
      lastJobs.set((all) => ({ ...all, [experiment.id]: job.id }));
      go(linkTo.experiment(experiment.id, job.id));
      bringIntoView(bench.current);
      if (known && isFinal(job.state)) {
        notify('The same recipe has been run before: here is its result.', {
          action: { label: 'Run it once more', run: () => void submit(true) },
        });
      }
    } catch (error) {
      if (error instanceof RefusedError) setErrors(errorsByField(error.problem));
      complain(error);
    }
    setSending(false);
  };

  // A new section begins at its top, wherever the last one was left.
  useEffect(() => void scrollTo(0, 0), []);

  const ranAsItStands = run && differences(experiment, params, run.job.recipe.params).length === 0;
  const refused = ranAsItStands && errors.size === 0 ? errorsOfJob(run.job) : errors;
  const handles = handlesOf(experiment, params, change);
  return (
    <article className="experiment">
      <header className="intro">
        <h1>{experiment.title}</h1>
        <div className="text">
          {experiment.text.split(/\n\s*\n/).map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </div>
        {experiment.formula && <Formula lines={experiment.formula} />}
      </header>
      <ExperimentForm
        experiment={experiment}
        params={params}
        errors={refused}
        sending={sending}
        onChange={change}
        onReset={() => change(defaultsOf(experiment))}
        onSubmit={() => void submit()}
      />
      <section className="bench" aria-label="Bench" ref={bench}>
        {model && (
          <SchedulePlot
            alphaBar={model.alphaBar}
            handles={handles.all}
            visited={run && cursor ? cursor.visited : handles.visited}
            cursor={run ? cursor?.t : undefined}
          />
        )}
        <Bench
          key={jobId ?? ''}
          experiment={experiment}
          jobId={jobId}
          onStep={setCursor}
          onAgain={() => void submit(true)}
        />
        {experiment.remark && <p className="remark">{experiment.remark}</p>}
      </section>
    </article>
  );
}

/** On a narrow screen the bench is below the form, where one would not see that something happens. */
function bringIntoView(bench: HTMLElement | null): void {
  if (bench && bench.getBoundingClientRect().top > innerHeight / 2)
    bench.scrollIntoView({ behavior: prefersStill() ? 'auto' : 'smooth' });
}
