import { useState } from 'react';
import { fileName, save } from '../files.ts';
import { Icon } from '../icons.tsx';
import { complain } from '../notices.ts';
import type { Walk } from '../runs.ts';

/** The walk as an animated WebP, x_t beside x̂₀. The code that makes it is fetched when asked for. */
export function AnimationButton({ walk }: { readonly walk: Walk }) {
  const [busy, setBusy] = useState(false);
  const make = async () => {
    setBusy(true);
    try {
      const { animationOf } = await import('../canvas/animation.ts');
      save(await animationOf(walk), `${fileName(walk.label)}.webp`);
    } catch (error) {
      complain(error);
    }
    setBusy(false);
  };
  return (
    <button
      type="button"
      className="plain"
      aria-label="Film: save as animated WebP"
      title="Save as animated WebP"
      onClick={make}
      disabled={busy}
    >
      <Icon name="down" />
      {busy ? 'Encoding…' : 'Film'}
    </button>
  );
}
