import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { viewNamed } from '../diffusion/named-view.ts';
import { asSeen } from '../experiments/as-seen.ts';
import type { Figure } from '../experiments/experiment.ts';
import { ranked } from '../experiments/rank.ts';
import { writeWhole } from '../files/whole.ts';
import { renderSheet, type SheetCard, type SheetText } from '../gallery/sheet.ts';
import { type Picture, toPicture } from '../images/picture.ts';
import { encodePng, encodeWithRecipe, readRecipe } from '../images/png.ts';
import { type FigureFolder, inOut } from './figure-folder.ts';
import { labelledSheet, shareSeen } from './labelled-sheet.ts';
import { commandOf } from './options.ts';
import type { RunFigure } from './run.ts';

/** Figures that show the same sides by the same seed, a candidate and what became of it, and what was said of them. */
interface Judged {
  readonly figures: readonly RunFigure[];
  readonly verdict: NonNullable<Figure['verdict']>;
}

/** Best first. */
function judgedFigures(made: readonly RunFigure[]): Judged[] {
  const groups = new Map<string, RunFigure[]>();
  for (const item of made) {
    const { sides, seed } = item.figure;
    if (!sides) continue;
    const key = JSON.stringify([sides, seed]);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  const found = [...groups.values()].flatMap((figures) => {
    const verdict = figures.find(({ figure }) => figure.verdict)?.figure.verdict;
    return verdict ? [{ figures, verdict }] : [];
  });
  return ranked(found);
}

const largest = (figures: readonly RunFigure[]): RunFigure =>
  figures.toSorted((a, b) => b.figure.image.shape[3]! - a.figure.image.shape[3]!)[0]!;

/** The sides of a picture as they are seen. */
export const seenFrom = ({ image, sides = [] }: Figure): (Picture & { view: string; caption: string })[] =>
  sides.map((side) => ({ ...toPicture(asSeen(image, side)), view: side.view, caption: side.caption }));

/**
 * Writes the sheet of a run whose figures were judged, as HTML and as PNG; gives the paths, or nothing when there are
 * fewer than two of them.
 */
export async function writeSheet(
  made: readonly RunFigure[],
  store: FigureFolder,
  { name, flags, ...text }: SheetText & { readonly name: string; readonly flags: readonly string[] },
): Promise<string[]> {
  const best = judgedFigures(made);
  if (best.length < 2) return [];
  const cards = await Promise.all(
    best.map(async ({ figures, verdict }): Promise<SheetCard> => {
      const { figure, experiment, params, from } = largest(figures);
      const file = store.fileOf(figure);
      const png = await readFile(join(store.folder, file));
      // Whoever looked among all subjects knows what else it looks like.
      const close = figures.find((item) => item.figure.verdict?.sides.some(({ nearest }) => nearest))?.figure
        .verdict;
      return {
        sides: seenFrom(figure).map(({ view, caption, ...picture }) => ({
          caption,
          gesture: viewNamed(view).gesture,
          png: encodePng(picture),
        })),
        png,
        width: figure.image.shape[3]!,
        name: basename(file),
        seed: figure.seed,
        verdict: {
          ...verdict,
          sides: verdict.sides.map((side, i) => ({ ...close?.sides[i], ...side })),
        },
        command: [commandOf(experiment, params, from), ...flags].join(' '),
        recipe: readRecipe(png),
      };
    }),
  );
  const html = join(store.folder, `${name}.html`);
  await writeWhole(html, renderSheet(cards, text), inOut);
  const image = join(store.folder, `${name}.png`);
  const recipes = cards.map(({ recipe, command }) => ({ command, recipe }));
  await writeWhole(image, encodeWithRecipe(await asPicture(best), { sheet: recipes }, text.title), inOut);
  return [html, image];
}

/** Pictures to a row; each takes as many tiles as it has sides. */
const ACROSS = 3;

/** The sides of each picture side by side, with the numbers below. */
const asPicture = (best: readonly Judged[]): Promise<Picture> =>
  labelledSheet(
    best.flatMap(({ figures, verdict }, place) =>
      seenFrom(largest(figures).figure).map((picture, i) => ({
        picture,
        label: `${i === 0 ? `${place + 1} · seed ${figures[0]!.figure.seed} · ` : ''}${shareSeen(verdict, i)}`,
      })),
    ),
    ACROSS * best[0]!.verdict.sides.length,
  );
