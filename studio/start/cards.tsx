import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ExperimentInfo } from '../../src/server/api-types.ts';
import { blend } from '../../src/tensor/tensor.ts';
import { pictureUrl } from '../backend.ts';
import { levelSays } from '../bench/level.ts';
import { NoisyPicture } from '../bench/noisy-picture.tsx';
import { useCatalogue } from '../catalogue.ts';
import { Icon } from '../icons.tsx';
import { firstNoise, pictureTensor, pixelsOf } from '../noise.ts';
import { linkTo } from '../route.ts';
import { defaultsOf, firstOfKind } from '../schema.ts';
import anagram from './anagram.png';
import changed from './changed.png';

interface CardProps {
  readonly experiment: ExperimentInfo;
}

const SEED = 180;

function Card({
  experiment,
  title,
  says,
  children,
  act,
}: CardProps & {
  readonly title: string;
  readonly says: string;
  readonly children: ReactNode;
  readonly act?: ReactNode;
}) {
  return (
    <section className="card" aria-label={title}>
      {children}
      <h2>
        <a href={linkTo.experiment(experiment.id)}>{title}</a>
      </h2>
      <p>{says}</p>
      {act}
    </section>
  );
}

function useBuiltIn(experiment: ExperimentInfo) {
  const { pictures, models } = useCatalogue();
  const picture = firstOfKind(experiment, defaultsOf(experiment), 'picture');
  const mask = firstOfKind(experiment, defaultsOf(experiment), 'mask');
  const model = models.find(({ stage }) => stage === 'base');
  return {
    url: picture === undefined ? undefined : pictureUrl(picture, pictures),
    maskUrl: mask === undefined ? undefined : pictureUrl(mask, pictures, 'mask'),
    alphaBar: model?.alphaBar ?? [],
    size: model?.sampleSize ?? 64,
  };
}

/** A slider, and the picture under as much noise. */
export function NoiseCard({ experiment }: CardProps) {
  const { url, alphaBar, size } = useBuiltIn(experiment);
  const [t, setT] = useState(300);
  const last = Math.max(1, alphaBar.length - 1);
  return (
    <Card experiment={experiment} title="What noise does" says={levelSays(t, alphaBar)}>
      <div className="card-picture">
        <NoisyPicture
          url={url}
          size={size}
          seed={SEED}
          alphaBar={alphaBar[t] ?? 1}
          label={`The picture noised to t = ${t}`}
        />
        <input
          type="range"
          aria-label="Noise level"
          min={0}
          max={last}
          value={t}
          style={{ '--part': `${(100 * t) / last}%` } as React.CSSProperties}
          onChange={(event) => setT(Number(event.target.value))}
        />
      </div>
    </Card>
  );
}

/** Before and after, under a handle. */
export function PhotoCard({ experiment, onBring }: CardProps & { readonly onBring: () => void }) {
  const { url } = useBuiltIn(experiment);
  const [part, setPart] = useState(50);
  return (
    <Card
      experiment={experiment}
      title="Change my photo"
      says="Noise it, and let the model find another picture in it."
      act={
        <button type="button" className="link card-act" onClick={onBring}>
          With a photo of mine
        </button>
      }
    >
      <div className="card-picture">
        <div className="halves" style={{ '--cut': `${part}%` } as React.CSSProperties}>
          <img className="coarse" src={changed} alt="The same tower, changed into a rocket" />
          {url && <img className="coarse before" src={url} alt="A bell tower" />}
        </div>
        <input
          type="range"
          aria-label="Before and after"
          min={0}
          max={100}
          value={part}
          style={{ '--part': `${part}%` } as React.CSSProperties}
          onChange={(event) => setPart(Number(event.target.value))}
        />
      </div>
    </Card>
  );
}

/** The part that may change, as the model is given it: noise in a hole. */
export function RepaintCard({ experiment }: CardProps) {
  const { url, maskUrl, size } = useBuiltIn(experiment);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [seed, setSeed] = useState(SEED);
  useEffect(() => {
    if (!url || !maskUrl) return;
    let gone = false;
    void Promise.all([pictureTensor(url, size), pictureTensor(maskUrl, size)]).then(([picture, mask]) => {
      if (gone) return;
      const plane = size * size;
      const may = {
        data: mask.data.slice(0, plane).map((value) => (value > 0 ? 1 : 0)),
        shape: [1, 1, size, size],
      };
      canvas.current
        ?.getContext('2d')
        ?.putImageData(pixelsOf(blend(may, firstNoise(seed, size), picture)), 0, 0);
    });
    return () => {
      gone = true;
    };
  }, [url, maskUrl, size, seed]);
  return (
    <Card
      experiment={experiment}
      title="Repaint a part"
      says="Paint where the picture may change; the rest stays, bit for bit."
    >
      <button
        type="button"
        className="card-picture"
        aria-label="Other noise"
        onClick={() => setSeed(seed + 1)}
      >
        <canvas ref={canvas} className="coarse" width={size} height={size} />
      </button>
    </Card>
  );
}

/** One picture that shows two things, turned by a press. */
export function IllusionCard({ experiment }: CardProps) {
  const [turned, setTurned] = useState(false);
  return (
    <Card
      experiment={experiment}
      title="Two pictures in one"
      says={turned ? ANAGRAM.turned : ANAGRAM.upright}
    >
      <button
        type="button"
        className="card-picture turning"
        data-turned={turned}
        aria-label="Turn the picture"
        aria-pressed={turned}
        onClick={() => setTurned(!turned)}
      >
        <img src={anagram} alt="" style={{ transform: turned ? 'rotate(180deg)' : 'none' }} />
        <span className="turn-hint">
          <Icon name="turn" />
        </span>
      </button>
    </Card>
  );
}

/** What the picture beside this file shows, by its recipe. */
const ANAGRAM = { upright: 'A violently erupting volcano', turned: 'A hot air balloon' };
