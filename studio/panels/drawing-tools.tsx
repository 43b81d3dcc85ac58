import { Slider } from './slider.tsx';

/** A small box of paints: sky, leaf, sand, brick, sea, and the greys between paper and ink. */
export const INKS = [
  '#1c1c1c',
  '#7a7a7a',
  '#ffffff',
  '#b5432f',
  '#e08a2c',
  '#f0cf54',
  '#4f8a3c',
  '#24553a',
  '#7db7e0',
  '#2b5c9e',
  '#6a4b91',
  '#7a4f2e',
] as const;
const inkNames = [
  'ink',
  'grey',
  'white',
  'brick',
  'orange',
  'yellow',
  'leaf',
  'fir',
  'sky',
  'sea',
  'violet',
  'wood',
];

interface DrawingToolsProps {
  readonly colour: string;
  readonly paper: string;
  readonly size: number;
  readonly onColour: (colour: string) => void;
  readonly onPaper: (colour: string) => void;
  readonly onSize: (size: number) => void;
}

export function DrawingTools({ colour, paper, size, onColour, onPaper, onSize }: DrawingToolsProps) {
  return (
    <div className="tools">
      <div className="inks" role="radiogroup" aria-label="Colour">
        {INKS.map((ink, i) => (
          <label key={ink} title={inkNames[i]}>
            <input
              type="radio"
              name="ink"
              aria-label={inkNames[i]}
              checked={ink === colour}
              onChange={() => onColour(ink)}
            />
            <span style={{ background: ink }} />
          </label>
        ))}
      </div>
      <label className="colour">
        Any colour
        <input type="color" value={colour} onChange={(event) => onColour(event.target.value)} />
      </label>
      <label className="colour">
        Paper
        <input type="color" value={paper} onChange={(event) => onPaper(event.target.value)} />
      </label>
      <Slider label="size" min={2} max={80} value={size} unit="px" onChange={onSize} />
    </div>
  );
}
