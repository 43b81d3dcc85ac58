import type { Figure } from '../../src/experiments/index.ts';
import { make, press } from '../dom.ts';
import type { MakeExtra, Params } from '../extra.ts';
import type { Taken } from '../taken.ts';

export interface Run {
  readonly figures: readonly Figure[];
  readonly params: Params;
  /** By their index, as far as they were seen. */
  readonly steps: ReadonlyMap<number, Taken>;
}

export interface Question {
  /** Behind "Before you run it:". */
  readonly asked: string;
  readonly choices: (params: Params) => readonly string[];
  /** Which it was, and by what; nothing where this run cannot tell. */
  readonly answer: (run: Run) => Promise<{ readonly index: number; readonly by: string } | undefined>;
}

/** A question before the answer: who guesses is told after the run, by what was measured in it. Who does not is left alone. */
export const question =
  ({ asked, choices, answer }: Question): MakeExtra =>
  ({ params }) => {
    const steps = new Map<number, Taken>();
    const before = make('p', { textContent: `Before you run it: ${asked}` });
    const said = make('output');
    const buttons = make('div', { className: 'buttons' });
    let guess: number | undefined;
    const offer = (all: readonly string[]) => {
      if (all.every((text, i) => buttons.children[i]?.textContent === text)) return;
      guess = undefined;
      said.textContent = '';
      buttons.replaceChildren(...all.map((text, i) => press(text, () => choose(i))));
    };
    const choose = (at: number) => {
      guess = at;
      for (const [i, button] of [...buttons.children].entries())
        button.setAttribute('aria-pressed', String(i === at));
      said.textContent = 'Run it, and see.';
    };
    offer(choices(params()));
    const element = make('div', { className: 'question' }, before, buttons, said);
    element.setAttribute('role', 'group');
    element.setAttribute('aria-label', 'A question before the answer');
    return {
      element,
      values: (now) => offer(choices(now)),
      step(taken) {
        if (taken?.stage !== 'base') return;
        if (taken.index === 0) steps.clear();
        steps.set(taken.index, taken);
      },
      async figures(figures, ran) {
        if (guess === undefined) {
          before.textContent = `Before you run it again: ${asked}`;
          return;
        }
        const found = await answer({ figures, params: ran, steps });
        if (!found) return;
        const right = choices(ran)[found.index]!;
        said.textContent = `${guess === found.index ? 'As you said' : 'Not this time'}: ${right}. ${found.by}`;
      },
    };
  };
