import { useEffect, useState } from 'react';
import { ReactCompareSlider } from 'react-compare-slider';
import type { StoredObject } from '../../src/server/api-types.ts';

interface CompareProps {
  readonly a: StoredObject;
  readonly b: StoredObject;
  readonly nameA: string;
  readonly nameB: string;
}

const FLICKER_MS = 600;

/** Two pictures of one subject: side against side by a slider, or one after the other in the same place. */
export default function Compare({ a, b, nameA, nameB }: CompareProps) {
  const [mode, setMode] = useState<'slide' | 'flicker'>('slide');
  return (
    <div className="compare">
      {mode === 'slide' ? (
        <>
          <ReactCompareSlider
            className="compare-slider"
            aria-label={`${nameA} against ${nameB}`}
            itemOne={<Picture picture={a} name={nameA} />}
            itemTwo={<Picture picture={b} name={nameB} />}
          />
          <p className="ends">
            <span>{nameA}</span>
            <span>{nameB}</span>
          </p>
        </>
      ) : (
        <Flicker a={a} b={b} nameA={nameA} nameB={nameB} />
      )}
      <div className="segments">
        {(['slide', 'flicker'] as const).map((one) => (
          <label key={one}>
            <input type="radio" name="compare-mode" checked={mode === one} onChange={() => setMode(one)} />
            <span>{one}</span>
          </label>
        ))}
      </div>
    </div>
  );
}

const Picture = ({ picture, name }: { readonly picture: StoredObject; readonly name: string }) => (
  <img className={picture.width <= 96 ? 'coarse' : ''} src={picture.url} alt={name} />
);

/** Slower than three flashes a second; a press shows the one or the other and stops it. */
function Flicker({ a, b, nameA, nameB }: CompareProps) {
  const [second, setSecond] = useState(false);
  const [going, setGoing] = useState(true);
  useEffect(() => {
    if (!going) return;
    const timer = setInterval(() => setSecond((now) => !now), FLICKER_MS);
    return () => clearInterval(timer);
  }, [going]);
  return (
    <>
      <div className="flicker">
        <Picture picture={second ? b : a} name={second ? nameB : nameA} />
        <span>{second ? nameB : nameA}</span>
      </div>
      <div className="buttons">
        <button type="button" onClick={() => setGoing(!going)}>
          {going ? 'Stop' : 'Start'}
        </button>
        <button
          type="button"
          onClick={() => {
            setGoing(false);
            setSecond(!second);
          }}
        >
          The other
        </button>
      </div>
    </>
  );
}
