import { lazy, Suspense, useEffect, useState } from 'react';
import type { FigureInfo, Job } from '../../src/server/api-types.ts';
import { Dialog } from '../dialog.tsx';
import { nameOf } from '../figure-table.ts';
import { fileName, save, saveFigure } from '../files.ts';
import { Icon } from '../icons.tsx';
import { complain } from '../notices.ts';
import { Numbers } from './figure.tsx';
import { Turning } from './turning.tsx';
import { UseAsPicture } from './use-as-picture.tsx';

const Compare = lazy(() => import('./compare.tsx'));

interface ViewerProps {
  readonly job: Job;
  readonly figureId: string;
  readonly onTurn: (figureId: string) => void;
  readonly onClose: () => void;
}

/** One figure large: turned, seen from afar, or held against another. */
export function Viewer({ job, figureId, onTurn, onClose }: ViewerProps) {
  const { figures } = job;
  const at = Math.max(
    0,
    figures.findIndex(({ id }) => id === figureId),
  );
  const figure = figures[at]!;
  const [against, setAgainst] = useState('');
  const other = figures.find(({ id }) => id === against);
  const go = (by: number) => onTurn(figures[(at + by + figures.length) % figures.length]!.id);
  // Wherever the focus is in the dialog, except where arrows have a meaning of their own.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.target as HTMLElement).matches('input, select, textarea, [role=slider]')) return;
      if (event.key === 'ArrowRight') go(1);
      if (event.key === 'ArrowLeft') go(-1);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  return (
    <Dialog title={nameOf(figure) || figure.caption || 'Figure'} onClose={onClose} wide>
      <div className="viewer">
        <div className="stage">
          {other ? (
            <Suspense fallback={null}>
              <Compare a={figure} b={other} nameA={nameOf(figure)} nameB={nameOf(other)} />
            </Suspense>
          ) : (
            <Look key={figure.id} figure={figure} />
          )}
        </div>
        <aside>
          <p className="says">{figure.caption}</p>
          <p>
            <Numbers figure={figure} />
          </p>
          {figures.length > 1 && (
            <>
              <div className="buttons">
                <button type="button" onClick={() => go(-1)} aria-label="Previous figure">
                  ←
                </button>
                <button type="button" onClick={() => go(1)} aria-label="Next figure">
                  →
                </button>
                <span className="numbers">
                  {at + 1} of {figures.length}
                </span>
              </div>
              <label>
                Compare with
                <select value={other ? against : ''} onChange={(event) => setAgainst(event.target.value)}>
                  <option value="">nothing</option>
                  {figures
                    .filter(({ id }) => id !== figure.id)
                    .map((one) => (
                      <option key={one.id} value={one.id}>
                        {nameOf(one) || one.id}
                      </option>
                    ))}
                </select>
              </label>
            </>
          )}
          <button type="button" onClick={() => void saveFigure(job, figure).catch(complain)}>
            <Icon name="down" />
            Save PNG, recipe inside
          </button>
          {figure.view && (
            <button type="button" onClick={() => void saveTurning(job, figure).catch(complain)}>
              <Icon name="turn" />
              Save the turning
            </button>
          )}
          <UseAsPicture figure={figure} />
        </aside>
      </div>
    </Dialog>
  );
}

/** The picture as it is turned, as an animated WebP. */
async function saveTurning({ recipe }: Job, figure: FigureInfo): Promise<void> {
  const { turningFilm } = await import('../canvas/turning-film.ts');
  save(await turningFilm(figure), `${fileName(recipe.experiment, nameOf(figure))}.webp`);
}

/** Near is 1; at the far end the eye sees a picture of a tenth of the size. */
const FARTHEST = 10;

function Look({ figure }: { readonly figure: FigureInfo }) {
  const [turned, setTurned] = useState(false);
  const [distance, setDistance] = useState(1);
  const { view, turnedCaption, farCaption, caption } = figure;
  const far = (distance - 1) / (FARTHEST - 1);
  return (
    <div className="look">
      <div
        className="room"
        style={{ '--scale': 1 / distance, '--blur': `${far * 1.2}px` } as React.CSSProperties}
      >
        <Turning figure={figure} turned={turned} className="large" />
      </div>
      {view && (
        <div className="buttons">
          <button type="button" aria-pressed={turned} onClick={() => setTurned(!turned)}>
            <Icon name="turn" />
            Turn
          </button>
          <span aria-live="polite">{turned ? turnedCaption : caption}</span>
        </div>
      )}
      {farCaption && (
        <label className="distance">
          <span>Viewing distance</span>
          <input
            type="range"
            min={1}
            max={FARTHEST}
            step={0.1}
            value={distance}
            aria-valuetext={`${distance.toFixed(1)} times as far, ${far < 0.5 ? caption : farCaption}`}
            style={{ '--part': `${100 * far}%` } as React.CSSProperties}
            onChange={(event) => setDistance(Number(event.target.value))}
          />
          <span className="ends">
            <span>near: {caption}</span>
            <span>afar: {farCaption}</span>
          </span>
        </label>
      )}
    </div>
  );
}
