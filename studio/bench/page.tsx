import { useCallback, useEffect, useRef, useState } from 'react';
import type { ExperimentInfo } from '../../src/server/api-types.ts';
import { whyNoJob } from '../backend.ts';
import { setBranch, useBranch } from '../branch.ts';
import { draftOf, setDraft, useDraft } from '../drafts.ts';
import { watch } from '../live.ts';
import { notify } from '../notices.ts';
import { MORE } from '../panels/figures.tsx';
import { handlesOf } from '../panels/handles.ts';
import { useRun } from '../runs.ts';
import { completed, defaultsOf, differences, errorsOfJob, type Params } from '../schema.ts';
import { mark } from '../shelf.ts';
import { Controls } from './controls.tsx';
import { Stage } from './stage.tsx';
import { useSubmit } from './submit.ts';

interface BenchPageProps {
  readonly experiment: ExperimentInfo;
  readonly jobId: string | undefined;
}

/** The bench: a stage on which the result is always in view, and the values at its side. */
export function BenchPage({ experiment, jobId }: BenchPageProps) {
  const params = useDraft(experiment);
  const run = useRun(jobId);
  const [moving, setMoving] = useState<number>();
  const [lost, setLost] = useState<unknown>();
  const stage = useRef<HTMLElement>(null);
  const branch = useBranch(experiment);
  const { submit, sending, errors, forget } = useSubmit(experiment, params, branch);

  useEffect(() => {
    setLost(undefined);
    return jobId === undefined ? undefined : watch(jobId, setLost);
  }, [jobId]);

  // A link to a job shows what made it, unless the reader has begun something else.
  const recipe = run?.job.recipe;
  const filled = useRef<string>(undefined);
  useEffect(() => {
    if (!recipe || filled.current === jobId) return;
    filled.current = jobId;
    if (differences(experiment, defaultsOf(experiment), draftOf(experiment)).length === 0) {
      setDraft(experiment.id, completed(experiment, recipe.params));
      setBranch(experiment.id, recipe.from);
    }
  }, [experiment, recipe, jobId]);

  const change = (next: Params) => {
    setDraft(experiment.id, next);
    forget();
  };
  const reset = () => {
    const before = params;
    change(defaultsOf(experiment));
    notify('The form is back to its defaults.', {
      action: { label: 'Undo', run: () => setDraft(experiment.id, before) },
    });
  };
  const handles = handlesOf(experiment, params, change);
  const go = useCallback(() => {
    setMoving(undefined);
    stage.current?.scrollTo({ top: 0 });
    if (matchMedia('(max-width: 60rem)').matches) scrollTo({ top: 0 });
    void submit();
  }, [submit]);

  // As many again of what the job made, with its own values.
  const counted = Object.keys(experiment.schema.properties).find(
    (name) => experiment.schema.properties[name]!.grows,
  );
  const more = () => {
    const made = completed(experiment, run?.job.recipe.params ?? params);
    const next = { ...made, [counted!]: Number(made[counted!]) + MORE };
    change(next);
    const marks = run?.job.figureMarks;
    // What was starred and put away among those that are made already stays so.
    void submit(false, next).then((job) => job && marks && mark(job.id, { figureMarks: marks }));
  };
  const asItStands = run && differences(experiment, params, run.job.recipe.params).length === 0;
  const refused = asItStands && errors.size === 0 ? errorsOfJob(run.job) : errors;
  return (
    <article className="workbench">
      <Stage
        key={jobId ?? ''}
        ref={stage}
        experiment={experiment}
        params={params}
        run={run}
        lost={jobId !== undefined && !run && lost ? whyNoJob(lost) : undefined}
        handles={handles}
        moving={moving}
        onAgain={() => void submit(true)}
        onChange={change}
        onRun={go}
        onBranched={forget}
        onMore={counted === undefined ? undefined : more}
      />
      <Controls
        experiment={experiment}
        params={params}
        errors={refused}
        branch={branch}
        onLeaveBranch={() => setBranch(experiment.id, undefined)}
        sending={sending}
        onChange={change}
        onMove={setMoving}
        onReset={reset}
        onSubmit={go}
      />
    </article>
  );
}
