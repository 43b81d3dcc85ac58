import { type Ref, useState } from 'react';
import type { ExperimentInfo, FigureInfo } from '../../src/server/api-types.ts';
import { branchAt } from '../branch.ts';
import { useCatalogue } from '../catalogue.ts';
import { complain } from '../notices.ts';
import { Figures } from '../panels/figures.tsx';
import { type Handles, handlesOf } from '../panels/handles.ts';
import { Viewer } from '../panels/viewer.tsx';
import type { Run } from '../runs.ts';
import { completed, type Params } from '../schema.ts';
import { Branches } from './branches.tsx';
import { Head } from './head.tsx';
import { Hero } from './hero.tsx';
import { Microscope } from './microscope.tsx';
import { usePreview } from './preview.ts';
import { Scrubber } from './scrubber.tsx';
import { useStageView } from './stage-view.ts';
import { Tools } from './tools.tsx';
import { Why } from './why.tsx';

interface StageProps {
  readonly ref: Ref<HTMLElement>;
  readonly experiment: ExperimentInfo;
  readonly params: Params;
  readonly run: Run | undefined;
  readonly lost: string | undefined;
  readonly handles: Handles;
  /** The level in hand, while one is moved in the form. */
  readonly moving: number | undefined;
  readonly onAgain: () => void;
  readonly onChange: (params: Params) => void;
  readonly onRun: () => void;
  /** The form is to go on from a step. */
  readonly onBranched: () => void;
  readonly onMore: (() => void) | undefined;
}

/** Everything that is looked at: the result first, how it came about, all figures, and why. */
export function Stage({
  ref,
  experiment,
  params,
  run,
  lost,
  handles,
  moving,
  onAgain,
  onChange,
  onRun,
  onBranched,
  onMore,
}: StageProps) {
  const { models } = useCatalogue();
  const [open, setOpen] = useState<string>();
  const view = useStageView(run, askedLevel(experiment, run));
  const preview = usePreview(experiment, params, handles, moving);
  const model = models.find(({ stage }) => stage === 'base');
  const showing = (figure: FigureInfo) => setOpen(figure.id);
  return (
    <section className="stage" aria-label="Stage" ref={ref}>
      <Head
        experiment={experiment}
        run={run}
        lost={lost}
        onAgain={onAgain}
        tools={
          <Tools
            experiment={experiment}
            params={params}
            run={run}
            view={view}
            onChange={onChange}
            onRun={onRun}
          />
        }
      />
      <Hero
        run={run}
        view={view}
        model={model}
        preview={preview}
        moving={moving !== undefined && preview.url !== undefined}
        onOpen={showing}
      />
      {model && (
        <Scrubber
          alphaBar={model.alphaBar}
          run={run}
          view={view}
          handles={handles.all}
          planned={handles.visited}
          onBranch={(figure, step) => void branchAt(experiment, figure, step).then(onBranched, complain)}
        />
      )}
      {view.kept && <Microscope kept={view.kept} at={view.at} models={models} />}
      {run && (
        <Figures
          job={run.job}
          chosen={view.figure?.id}
          onChoose={view.choose}
          onOpen={showing}
          onMore={onMore}
          making={view.live ? run.walks.at(-1)?.steps.at(-1)?.x0.url : undefined}
        />
      )}
      {view.figure && <Branches experiment={experiment} figure={view.figure} />}
      <Why
        experiment={experiment}
        params={run?.job.recipe.params ?? params}
        model={model}
        t={view.step?.t ?? view.figure?.t}
        tNext={view.step?.tNext}
      />
      {run && open !== undefined && (
        <Viewer job={run.job} figureId={open} onTurn={setOpen} onClose={() => setOpen(undefined)} />
      )}
    </section>
  );
}

/** The level that the slider had when the job was sent. */
const askedLevel = (experiment: ExperimentInfo, run: Run | undefined): number | undefined =>
  run && handlesOf(experiment, completed(experiment, run.job.recipe.params), () => undefined).all[0]?.t;
