import type { Side } from '../../src/diffusion/verdict.ts';
import type { View } from '../../src/diffusion/view.ts';
import type { Figure } from '../../src/experiments/index.ts';
import { judged, judgeFor, scrutinies } from '../../src/experiments/judge.ts';
import { fromPicture } from '../../src/images/picture.ts';
import { chart, type Place } from '../chart.ts';
import { make, named } from '../dom.ts';
import type { Extra } from '../extra.ts';
import { models } from '../models.ts';
import type { Taken } from '../taken.ts';

type Verdict = NonNullable<Figure['verdict']>;

export interface SeenAs {
  readonly prompt: string;
  readonly view: View;
}

/** How readable the judge finds each side while they compete: bars of the step that is looked at, a curve of all. */
export const evidence =
  (sidesOf: (params: Readonly<Record<string, unknown>>) => readonly SeenAs[]) => (): Extra => {
    const bars = make('div', { className: 'bars' });
    const curve = chart({
      label: 'How readable each side is, step by step',
      x: [0, 1],
      y: [0, 1],
      ends: ['noise', 'picture'],
    });
    curve.draw({}, SAID);
    const found = new Map<number, Verdict>();
    let asked = 0;
    const show = ({ sides }: Verdict, { index, count }: Pick<Taken, 'index' | 'count'>) => {
      bars.replaceChildren(...sides.map(({ prompt, gain }, i) => bar(i, prompt, gain)));
      const placeOf = (at: number, verdict: Verdict, i: number): Place => [
        at / Math.max(1, count - 1),
        verdict.sides[i]!.gain,
      ];
      const steps = [...found].toSorted(([a], [b]) => a - b);
      const lines = sides.map(
        (_, i) => [`side-${i}`, steps.map(([at, one]) => placeOf(at, one, i))] as const,
      );
      const points = sides.map(
        (side, i) => [`side-${i}`, [index / Math.max(1, count - 1), side.gain]] as const,
      );
      curve.draw({ lines: Object.fromEntries(lines), points: Object.fromEntries(points) }, SAID);
    };
    return {
      element: make('div', { className: 'evidence' }, bars, curve.element),
      async step(taken, params) {
        if (taken?.stage !== 'base') return;
        const mine = ++asked;
        const seen = sidesOf(params);
        const { base } = await models();
        if (taken.index === 0) found.clear();
        const unknown = seen.find(({ prompt }) => !judgeFor(base, [prompt]));
        if (unknown) {
          bars.replaceChildren(`Of “${unknown.prompt}” the judge knows nothing: it has no say here.`);
          return;
        }
        const sides = seen.map(({ prompt, view }): Side => ({ prompt, seen: view.apply }));
        const verdict =
          found.get(taken.index) ?? (await judged(base, fromPicture(taken.x0), sides, scrutinies.sides));
        found.set(taken.index, verdict);
        if (mine === asked) show(verdict, taken);
      },
    };
  };

function bar(i: number, prompt: string, gain: number): HTMLElement {
  const said = `${prompt}: ${gain.toFixed(2)}`;
  const meter = named(make('meter', { min: 0, max: 1, value: gain, className: `side-${i}` }), said);
  return make('div', {}, make('span', { textContent: said }), meter);
}

const SAID =
  'What the judge, a small classifier, reads in x̂₀ as each side is seen: 0 nothing, 1 surely its subject.';
