import type { Step } from '../src/diffusion/sampler.ts';
import { make } from './dom.ts';
import { firstOf, paint } from './shown.ts';

/** The steps of a run as they are taken: x_t beside what the network sees in it, and a slider over all of them. */
export function stepsView(): {
  readonly element: HTMLElement;
  add(label: string, step: Step): void;
  clear(): void;
} {
  let steps: { readonly label: string; readonly step: Step }[] = [];
  const [noisy, seen] = [make('canvas'), make('canvas')];
  const scrubber = make('input', { type: 'range', min: '0', max: '0', value: '0' });
  scrubber.setAttribute('aria-label', 'step');
  const said = make('output');
  const pair = make(
    'div',
    { className: 'pair' },
    named('x at level t', noisy),
    named('what the network sees in it', seen),
  );
  const element = make(
    'div',
    { className: 'steps', hidden: true },
    pair,
    make('label', { className: 'slider' }, scrubber, said),
  );

  const show = (index: number) => {
    const found = steps[index];
    if (!found) return;
    paint(noisy, firstOf(found.step.x));
    paint(seen, firstOf(found.step.x0));
    said.textContent = `step ${index + 1} of ${steps.length}, t = ${found.step.t}: ${found.label}`;
  };
  scrubber.oninput = () => show(scrubber.valueAsNumber);
  return {
    element,
    add(label, step) {
      const follows = scrubber.valueAsNumber >= steps.length - 1;
      steps.push({ label, step });
      element.hidden = false;
      scrubber.max = String(steps.length - 1);
      if (follows) scrubber.value = scrubber.max;
      show(scrubber.valueAsNumber);
    },
    clear() {
      steps = [];
      element.hidden = true;
      scrubber.max = scrubber.value = '0';
    },
  };
}

const named = (text: string, canvas: HTMLCanvasElement) =>
  make('figure', { className: 'live-figure' }, canvas, make('figcaption', { textContent: text }));
