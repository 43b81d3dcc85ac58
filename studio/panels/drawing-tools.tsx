import { inks } from '../../site/inks.ts';
import type { Sketch } from '../canvas/sketch.ts';
import { useStore } from '../store.ts';
import { Slider } from './slider.tsx';

export function DrawingTools({ sketch }: { readonly sketch: Sketch }) {
  useStore(sketch.version);
  const set = (values: Partial<Pick<Sketch, 'colour' | 'paper' | 'size'>>) => {
    Object.assign(sketch, values);
    sketch.changed();
  };
  return (
    <div className="tools">
      <div className="inks" role="radiogroup" aria-label="Colour">
        {Object.entries(inks).map(([name, colour]) => (
          <label key={name} title={name}>
            <input
              type="radio"
              name="ink"
              aria-label={name}
              checked={colour === sketch.colour}
              onChange={() => set({ colour })}
            />
            <span style={{ background: colour }} />
          </label>
        ))}
      </div>
      <label className="colour">
        Any colour
        <input type="color" value={sketch.colour} onChange={(event) => set({ colour: event.target.value })} />
      </label>
      <label className="colour">
        Paper
        <input type="color" value={sketch.paper} onChange={(event) => set({ paper: event.target.value })} />
      </label>
      <Slider
        label="size"
        min={2}
        max={80}
        value={sketch.size}
        unit="px"
        onChange={(size) => set({ size })}
      />
    </div>
  );
}
