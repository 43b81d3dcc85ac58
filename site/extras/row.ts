import { make, press } from '../dom.ts';
import type { MakeExtra } from '../extra.ts';
import { paint } from '../paint.ts';
import { mainOf, type Ran } from '../ran.ts';
import { pictured } from '../shown.ts';

export interface RowOptions {
  /** The parameter that differs. */
  readonly name: string;
  /** Its values, given that in the form. */
  readonly values: (now: number) => readonly number[];
  /** What a picture is called, as "γ = 7". */
  readonly called: (value: number) => string;
  /** Of the button that makes the row. */
  readonly button: string;
}

/** Pictures that differ in one value alone, one after the other; the one that is chosen becomes that of the figure. */
export const row =
  ({ name, values, called, button }: RowOptions): MakeExtra =>
  ({ params, runs, show }) => {
    const pictures = make('div', { className: 'looks row' });
    const begin = press(button, () => void fill());
    async function fill(): Promise<void> {
      const now = [params()[name]].flat();
      const list = Array.isArray(params()[name]);
      const all = values(Number(now[0]));
      const places = all.map((value) => placeFor(called(value)));
      pictures.replaceChildren(...places.map(({ element }) => element));
      await runs(
        all.map((value) => ({ [name]: list ? [value] : value })),
        {
          step: (i, { x0 }) => paint(places[i]!.canvas, x0),
          ran: (i, ran) => places[i]!.fill(lean(ran), show),
        },
      );
    }
    return { element: make('div', { className: 'row-of' }, begin, pictures) };
  };

interface RowPlace {
  readonly element: HTMLButtonElement;
  readonly canvas: HTMLCanvasElement;
  fill(ran: Ran, show: (ran: Ran) => void): void;
}

function placeFor(said: string): RowPlace {
  const canvas = pictured(said);
  const element = make('button', { type: 'button', className: 'look', disabled: true }, canvas, said);
  return {
    element,
    canvas,
    fill(ran, show) {
      const main = mainOf(ran);
      if (main) paint(canvas, main.image);
      element.disabled = false;
      element.onclick = () => {
        for (const other of element.parentElement!.children) other.setAttribute('aria-pressed', 'false');
        element.setAttribute('aria-pressed', 'true');
        show(ran);
      };
    },
  };
}

/** A row keeps the steps of all its pictures, but not what every prompt saw in them: that would be several megabytes each. */
const lean = (ran: Ran): Ran => ({ ...ran, steps: ran.steps.map((taken) => ({ ...taken, looks: [] })) });
