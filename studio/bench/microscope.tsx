import { type ReactNode, useMemo } from 'react';
import type { ModelDescription } from '../../src/server/api-types.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { coarse } from '../figure-table.ts';
import { type Kept, pictured } from '../kept.ts';
import { createStore, useStore } from '../store.ts';
import { shortly } from './level.ts';

interface MicroscopeProps {
  readonly kept: Kept;
  /** Place of the step among those that are kept. */
  readonly at: number;
  readonly models: readonly ModelDescription[];
}

/** It stays as it is from figure to figure. */
const open = createStore(false);

interface Slide {
  readonly name: ReactNode;
  readonly says: string;
  readonly numbers?: string;
  /** Values around 0, as a picture around grey. */
  readonly values: Tensor;
}

/** One step from near: what the network saw, with the prompt and without, what guidance added, and what clipping took away. */
export function Microscope({ kept, at, models }: MicroscopeProps) {
  const { stage } = kept.file;
  const alphaBar = models.find((model) => model.stage === stage)?.alphaBar;
  const slides = useMemo(() => slidesOf(kept, at, alphaBar), [kept, at, alphaBar]);
  return (
    <details
      className="microscope"
      open={useStore(open)}
      onToggle={(event) => open.set(event.currentTarget.open)}
    >
      <summary>Look closer</summary>
      <ul>
        {slides.map(({ name, says, numbers, values }) => {
          const { url, width } = pictured(values);
          return (
            <li key={says}>
              <img className={coarse(width)} src={url} alt={says} />
              <p>
                <b>{name}</b> {says}
              </p>
              {numbers && <p className="numbers">{numbers}</p>}
            </li>
          );
        })}
      </ul>
      <p className="hint">
        Noise and differences are shown around grey; differences made as strong as they can be seen.
      </p>
    </details>
  );
}

function slidesOf(
  { file, picture }: Kept,
  at: number,
  alphaBars: readonly number[] | undefined,
): readonly Slide[] {
  const plane = (name: Parameters<typeof file.plane>[1]) => file.plane(at, name, picture);
  const { t, scale } = file.steps[at]!;
  const [x, x0, noise] = [plane('x')!, plane('x0')!, plane('noise')!];
  const [conditional, unconditional] = [plane('conditional'), plane('unconditional')];
  const alphaBar = alphaBars?.[t];
  const slides: Slide[] = [
    { name: <i>ε</i>, says: 'the noise that is taken away', values: scaled(noise, 1 / 3) },
  ];
  if (conditional && unconditional) {
    const push = combined(noise, conditional, (a, b) => a - b);
    slides.push(
      { name: <Eps of="c" />, says: 'the noise seen with the prompt', values: scaled(conditional, 1 / 3) },
      { name: <Eps of="u" />, says: 'the noise seen without it', values: scaled(unconditional, 1 / 3) },
      {
        name: (
          <>
            (γ − 1)(
            <Eps of="c" /> − <Eps of="u" />)
          </>
        ),
        says: 'what guidance adds',
        numbers: `γ = ${shortly(scale!)}, ${percent(size(push) / (size(noise) || 1))} of the noise`,
        values: visible(push),
      },
    );
  }
  if (alphaBar !== undefined) {
    const [signal, rest] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
    const raw = combined(x, noise, (a, e) => (a - rest * e) / signal);
    const taken = combined(x0, raw, (a, b) => a - b);
    const changed = taken.data.filter((value) => Math.abs(value) > SEEN).length / taken.data.length;
    slides.push({
      name: 'clipping',
      says: changed === 0 ? 'takes nothing away here' : 'what it takes from the estimate',
      numbers: `${percent(changed)} of the values, up to ${shortly(most(taken))}`,
      values: changed === 0 ? scaled(taken, 0) : visible(taken),
    });
  }
  return slides;
}

/** Less is the rounding of half precision. */
const SEEN = 0.02;

const Eps = ({ of }: { readonly of: string }) => (
  <>
    <i>ε</i>
    <sub>{of}</sub>
  </>
);

const percent = (share: number): string => `${shortly(100 * share)} %`;

const combined = (a: Tensor, b: Tensor, f: (a: number, b: number) => number): Tensor => ({
  data: a.data.map((value, i) => f(value, b.data[i]!)),
  shape: a.shape,
});
const scaled = ({ data, shape }: Tensor, by: number): Tensor => ({ data: data.map((v) => v * by), shape });
const size = ({ data }: Tensor): number => Math.sqrt(data.reduce((sum, v) => sum + v * v, 0) / data.length);
const most = ({ data }: Tensor): number => data.reduce((so, value) => Math.max(so, Math.abs(value)), 0);
/** Three standard deviations reach from black to white. */
const visible = (values: Tensor): Tensor => scaled(values, 1 / (3 * size(values) || 1));
