import { useEffect, useState } from 'react';
import { isFinal } from '../../src/jobs/job.ts';
import type { FigureInfo, StepEvent } from '../../src/server/api-types.ts';
import { candidatesIn, isSheet } from '../candidates.ts';
import { type Kept, useKept } from '../kept.ts';
import type { Run, Walk } from '../runs.ts';
import { prefersStill } from '../theme.ts';

const FRAMES_PER_SECOND = 12;
const FRAMES_PER_SECOND_STILL = 3;

/** What is on the stage: one figure, and one step of the walk that led to it. */
export interface StageView {
  readonly figure: FigureInfo | undefined;
  readonly walk: Walk | undefined;
  readonly step: StepEvent | undefined;
  /** Everything about the steps, where it is kept. */
  readonly kept: Kept | undefined;
  /** Its place among the steps that are here. */
  readonly at: number;
  readonly live: boolean;
  readonly playing: boolean;
  choose(figure: FigureInfo): void;
  chooseWalk(label: string): void;
  hold(at: number): void;
  play(on: boolean): void;
}

/**
 * Follows a job while it runs, until the reader takes hold of a figure or a step.
 *
 * @param asked  the level that the slider had: of several that were run, its figure is what was asked for
 */
export function useStageView(run: Run | undefined, asked: number | undefined): StageView {
  const [chosen, setChosen] = useState<string>();
  const [label, setLabel] = useState<string>();
  const [held, setHeld] = useState<number>();
  const [playing, setPlaying] = useState(false);
  const figures = run?.job.figures ?? [];
  const walks = run?.walks ?? [];
  const live = run !== undefined && !isFinal(run.job.state);

  const figure =
    figures.find(({ id }) => id === chosen) ??
    (live ? undefined : (ofLevel(figures, asked) ?? best(figures))) ??
    newest(figures);
  // A walk without a figure yet is the one under way.
  const followed = live && chosen === undefined ? undefined : figure && run?.walkOf[figure.id];
  const steps = useKept(figure);
  const heard =
    walks.find((one) => one.label === (label ?? followed)) ??
    (figure?.seed === undefined || live ? walks.at(-1) : undefined);
  // What is kept has all the steps, also of a figure that was made long ago; what was told may have left some out.
  const kept = steps && (!heard || heard.label === steps.label) ? steps : undefined;
  const walk: Walk | undefined = kept ?? heard;
  const count = walk?.steps.length ?? 0;
  const at = Math.max(0, Math.min(held ?? count - 1, count - 1));

  useEffect(() => {
    if (!playing || count === 0) return;
    const pause = 1000 / (prefersStill() ? FRAMES_PER_SECOND_STILL : FRAMES_PER_SECOND);
    const timer = setInterval(
      () => setHeld((now) => (now === undefined || now >= count - 1 ? 0 : now + 1)),
      pause,
    );
    return () => clearInterval(timer);
  }, [playing, count]);

  return {
    figure,
    walk,
    step: walk?.steps[at],
    kept,
    at,
    live,
    playing,
    choose: ({ id }) => {
      setChosen(id);
      setLabel(undefined);
      setHeld(undefined);
    },
    chooseWalk: (next) => {
      setLabel(next);
      setHeld(undefined);
    },
    hold: (i) => {
      setPlaying(false);
      // At the newest step of a walk under way the stage follows again.
      setHeld(live && i === count - 1 ? undefined : i);
    },
    play: setPlaying,
  };
}

/** Of pictures that compete the first on their sheet. */
const best = (figures: readonly FigureInfo[]): FigureInfo | undefined =>
  isSheet(figures) ? candidatesIn(figures).find(({ verdict }) => verdict)?.figure : undefined;

/** Where each figure of the last row stands for a level of its own, the one of this level. */
function ofLevel(figures: readonly FigureInfo[], t: number | undefined): FigureInfo | undefined {
  const made = figures.filter(({ seed }) => seed !== undefined);
  const last = made.filter(({ row }) => row === made.at(-1)?.row);
  const apart = new Set(last.map((figure) => figure.t)).size === last.length;
  return apart ? last.find((figure) => t !== undefined && figure.t === t) : undefined;
}

/**
 * What was made carries a seed; what was given does not. And what took far less time than its neighbours was computed beside
 * the one that is the work, unless it is that one enlarged.
 */
export function newest(figures: readonly FigureInfo[]): FigureInfo | undefined {
  const made = figures.filter(({ seed }) => seed !== undefined);
  const last = made.at(-1);
  if (!last) return figures.at(-1);
  const took = (one: FigureInfo) => one.seconds ?? 0;
  const longest = made
    .filter(({ row }) => row === last.row)
    .reduce((most, one) => (took(one) > took(most) ? one : most), last);
  return took(last) < took(longest) / 3 && last.width <= longest.width ? longest : last;
}
