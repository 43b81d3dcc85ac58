import type { ReactNode } from 'react';
import type { FigureInfo, ModelDescription, StepEvent } from '../../src/server/api-types.ts';
import { coarse, companionsOf, nameOf } from '../figure-table.ts';
import type { Run } from '../runs.ts';
import { useStore } from '../store.ts';
import { waitedFor } from '../waited.ts';
import { NoisyPicture } from './noisy-picture.tsx';
import type { Preview } from './preview.ts';
import { Result } from './result.tsx';
import type { StageView } from './stage-view.ts';

interface HeroProps {
  readonly run: Run | undefined;
  readonly view: StageView;
  readonly model: ModelDescription | undefined;
  readonly preview: Preview;
  /** A level is being moved in the form: its noisy picture is what one wants to see. */
  readonly moving: boolean;
  readonly onOpen: (figure: FigureInfo) => void;
}

/** What the work is about, always in view: the noisy picture, what the model makes of it, and the result. */
export function Hero({ run, view, model, preview, moving, onOpen }: HeroProps) {
  const { step, figure } = view;
  const others = run && figure && !step ? companionsOf(run.job.figures, figure) : [];
  const wide = step !== undefined && step.x.width > step.x.height;
  return (
    <div className="hero" data-wide={wide || undefined}>
      {moving || (!step && others.length === 0) ? (
        <BeforeRun preview={preview} model={model} moving={moving} />
      ) : step ? (
        <>
          <Screen step={step} which="x" />
          <Screen step={step} which="x0" />
        </>
      ) : (
        <>
          {others.length === 1 && <Slot name="nothing" caption="" />}
          {others.map((other) => (
            <Slot key={other.id} name="given" caption={nameOf(other) || other.caption || ''}>
              <button
                type="button"
                className="picture"
                aria-label={`Open ${nameOf(other)}`}
                onClick={() => onOpen(other)}
              >
                <img className={coarse(other.width)} src={other.url} alt="" />
              </button>
            </Slot>
          ))}
        </>
      )}
      {run && figure ? (
        <Result key={figure.id} job={run.job} figure={figure} onOpen={() => onOpen(figure)} />
      ) : (
        <Slot name="result blank" caption={view.live ? 'the picture, when it is done' : 'the picture'}>
          {view.live && <Waited />}
        </Slot>
      )}
    </div>
  );
}

/** In the place of the picture, what it waits for. */
function Waited() {
  return (
    <p className="waited" role="status">
      {useStore(waitedFor)}
    </p>
  );
}

export function Slot({
  name,
  caption,
  children,
}: {
  readonly name: string;
  readonly caption: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <figure className={`slot ${name}`}>
      <div className="frame">{children}</div>
      <figcaption>{caption}</figcaption>
    </figure>
  );
}

function BeforeRun({
  preview: { url, seed, t },
  model,
  moving,
}: {
  readonly preview: Preview;
  readonly model: ModelDescription | undefined;
  readonly moving: boolean;
}) {
  if (!model) return <Slot name="x" caption="" />;
  const noised = t === undefined ? undefined : url;
  return (
    <>
      <Slot
        name="x"
        caption={
          noised ? (
            <>
              <Xt /> at t = {t}, to begin with
            </>
          ) : (
            <>pure noise of seed {seed}</>
          )
        }
      >
        <NoisyPicture
          url={noised}
          size={model.sampleSize}
          seed={seed}
          alphaBar={model.alphaBar[t ?? model.alphaBar.length - 1] ?? 0}
          label={noised ? `The picture noised to t = ${t}` : `Pure noise of seed ${seed}`}
        />
      </Slot>
      {url ? (
        <Slot name="given" caption="your picture">
          <img src={url} alt="" />
        </Slot>
      ) : (
        <Slot name="x0 blank" caption={moving ? '' : 'what the model makes of it'} />
      )}
    </>
  );
}

export const Xt = () => (
  <>
    <i className="symbol">x</i>
    <sub>t</sub>
  </>
);

export const X0 = () => (
  <>
    <i className="symbol">x̂</i>
    <sub>0</sub>
  </>
);

function Screen({ step, which }: { readonly step: StepEvent; readonly which: 'x' | 'x0' }) {
  const picture = step[which];
  return (
    <Slot
      name={which}
      caption={
        which === 'x' ? (
          <>
            <Xt /> {step.t > 0 ? 'the noisy picture' : 'hardly any noise left'}
          </>
        ) : (
          <>
            <X0 /> what the model makes of it
          </>
        )
      }
    >
      <img
        className="coarse"
        src={picture.url}
        alt={which === 'x' ? `Noisy picture at t = ${step.t}` : `What the model makes of it at t = ${step.t}`}
        width={picture.width}
        height={picture.height}
      />
    </Slot>
  );
}
