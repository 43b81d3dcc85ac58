import { type ComponentProps, lazy, Suspense, useMemo, useState } from 'react';
import { createPortal } from 'react-dom';
import type { ExperimentInfo } from '../../src/server/api-types.ts';
import { useCatalogue } from '../catalogue.ts';
import { Icon } from '../icons.tsx';
import { type Key, useKeys } from '../keys.ts';
import { notify } from '../notices.ts';
import { KeysHelp } from '../panels/keys-help.tsx';
import { go, linkTo } from '../route.ts';
import type { Run } from '../runs.ts';
import type { Params } from '../schema.ts';
import { createStore, useStore } from '../store.ts';
import type { StageView } from './stage-view.ts';

const CodePanel = lazy(() => import('../panels/code-panel.tsx'));
const Present = lazy(() => import('./present.tsx'));

/** Another run does not close it. */
const codeIsOpen = createStore(false);
const toggleCode = (): void => codeIsOpen.set((open) => !open);

interface ToolsProps {
  readonly experiment: ExperimentInfo;
  readonly params: Params;
  readonly run: Run | undefined;
  readonly view: StageView;
  readonly onChange: (params: Params) => void;
  readonly onRun: () => void;
}

/** What is done with the bench as a whole: present it, read it as code, and all its keys. */
export function Tools({ experiment, params, run, view, onChange, onRun }: ToolsProps) {
  const { experiments } = useCatalogue();
  const [open, setOpen] = useState<'present' | 'keys'>();
  const coding = useStore(codeIsOpen);
  const figures = run?.job.figures ?? [];
  const close = () => setOpen(undefined);
  const keys = useMemo((): readonly Key[] => {
    const neighbour = (by: number) => () => {
      const at = experiments.findIndex(({ id }) => id === experiment.id);
      const next = experiments[(at + by + experiments.length) % experiments.length];
      if (next) go(linkTo.experiment(next.id));
    };
    // A key that has nothing to act on says what it waits for.
    const withFigures = (act: () => void) => () =>
      figures.length > 0 ? act() : notify('There is no figure yet: run first, by Ctrl+Enter.');
    const figure = (by: number) =>
      withFigures(() => {
        const at = figures.findIndex(({ id }) => id === view.figure?.id);
        view.choose(figures[(at + by + figures.length) % figures.length]!);
      });
    const play = () =>
      (view.walk?.steps.length ?? 0) > 1
        ? view.play(!view.playing)
        : notify('There are no steps to play here.');
    return [
      { keys: ['Ctrl+Enter'], says: 'run', run: onRun },
      { keys: ['j'], says: 'next experiment', run: neighbour(1) },
      { keys: ['k'], says: 'experiment before', run: neighbour(-1) },
      { keys: ['ArrowRight'], says: 'next figure', run: figure(1) },
      { keys: ['ArrowLeft'], says: 'figure before', run: figure(-1) },
      { keys: [' '], says: 'play the steps', run: play },
      { keys: ['p'], says: 'present the figures', run: withFigures(() => setOpen('present')) },
      { keys: ['c'], says: 'these values as code', run: toggleCode },
      { keys: ['?'], says: 'this list', run: () => setOpen('keys') },
    ];
  }, [experiments, experiment, figures, view, onRun]);
  useKeys(keys);
  const [stage, setStage] = useState<Element>();
  return (
    <div className="tools-row" ref={(row) => setStage(row?.closest('.stage') ?? undefined)}>
      {figures.length > 0 && (
        <Tool name="Present" letter="P" icon="present" onClick={() => setOpen('present')} />
      )}
      <Tool name="Code" letter="C" icon="code" pressed={coding} onClick={toggleCode} />
      <Tool name="Keys" letter="?" icon="help" onClick={() => setOpen('keys')} />
      <Suspense fallback={null}>
        {coding &&
          stage &&
          createPortal(
            <CodePanel
              experiment={experiment}
              params={params}
              onChange={onChange}
              onClose={() => codeIsOpen.set(false)}
            />,
            stage,
          )}
        {open === 'present' && run && (
          <Present experiment={experiment} run={run} figure={view.figure} onClose={close} />
        )}
      </Suspense>
      {open === 'keys' && <KeysHelp keys={keys} onClose={close} />}
    </div>
  );
}

interface ToolProps {
  readonly name: string;
  readonly letter: string;
  readonly icon: ComponentProps<typeof Icon>['name'];
  readonly pressed?: boolean;
  readonly onClick: () => void;
}

/** A picture for a button, its name with the key that does the same. */
function Tool({ name, letter, icon, pressed, onClick }: ToolProps) {
  return (
    <button
      type="button"
      className="plain"
      aria-label={name}
      aria-pressed={pressed}
      title={`${name} (${letter})`}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
