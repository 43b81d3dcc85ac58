import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { viewNamed } from '../diffusion/named-view.ts';
import type { Figure } from '../experiments/experiment.ts';
import { rank } from '../experiments/judge.ts';
import { renderSheet, type SheetCard, type SheetText } from '../gallery/sheet.ts';
import { type Picture, toPicture } from '../images/picture.ts';
import { encodePng, encodeWithRecipe, readRecipe } from '../images/png.ts';
import { contactSheet } from '../images/sheet.ts';
import { type FolderStore, writeWhole } from './folder-store.ts';
import { commandOf } from './options.ts';
import type { RunFigure } from './run.ts';

interface Group {
  readonly figures: RunFigure[];
}

/** Figures that show the same sides by the same seed: a candidate, and what became of it. */
function groupsOf(made: readonly RunFigure[]): Group[] {
  const groups = new Map<string, Group>();
  for (const item of made) {
    const { sides, seed } = item.figure;
    if (!sides) continue;
    const key = JSON.stringify([sides, seed]);
    const group = groups.get(key) ?? { figures: [] };
    groups.set(key, group);
    group.figures.push(item);
  }
  return [...groups.values()].filter(({ figures }) => figures.some(({ figure }) => figure.verdict));
}

/** The sides of a picture as they are seen. */
export const seenFrom = ({ image, sides = [] }: Figure): (Picture & { view: string; caption: string })[] =>
  sides.map(({ view, caption }) => ({ ...toPicture(viewNamed(view).apply(image)), view, caption }));

/**
 * Writes the sheet of a run whose figures were judged, as HTML and as PNG; gives the paths, or nothing when there are
 * fewer than two of them.
 */
export async function writeSheet(
  made: readonly RunFigure[],
  store: FolderStore,
  { name, flags, ...text }: SheetText & { readonly name: string; readonly flags: readonly string[] },
): Promise<string[]> {
  const best = groupsOf(made)
    .map(({ figures }) => ({
      figures,
      verdict: figures.find(({ figure }) => figure.verdict)!.figure.verdict!,
    }))
    .toSorted((a, b) => rank(b.verdict) - rank(a.verdict));
  if (best.length < 2) return [];
  const cards = await Promise.all(
    best.map(async ({ figures, verdict }): Promise<SheetCard> => {
      const shown = figures.toSorted((a, b) => b.figure.image.shape[3]! - a.figure.image.shape[3]!)[0]!;
      const { figure, experiment, params } = shown;
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
        command: [commandOf(experiment, params), ...flags].join(' '),
        recipe: readRecipe(png),
      };
    }),
  );
  const html = join(store.folder, `${name}.html`);
  await writeWhole(html, renderSheet(cards, text));
  const image = join(store.folder, `${name}.png`);
  const recipes = cards.map(({ recipe, command }) => ({ command, recipe }));
  await writeWhole(image, encodeWithRecipe(await asPicture(best), { sheet: recipes }, text.title));
  return [html, image];
}

/** Three pictures to a row, the sides of each side by side, with the numbers below. */
function asPicture(
  best: readonly { figures: readonly RunFigure[]; verdict: NonNullable<Figure['verdict']> }[],
) {
  const items = best.flatMap(({ figures, verdict }, place) => {
    const { figure } = figures.toSorted((a, b) => b.figure.image.shape[3]! - a.figure.image.shape[3]!)[0]!;
    return seenFrom(figure).map((picture, i) => ({
      picture,
      label: `${i === 0 ? `${place + 1} · seed ${figure.seed} · ` : ''}${(100 * verdict.sides[i]!.gain).toFixed(1)} %`,
    }));
  });
  return contactSheet(items, {
    columns: 3 * (best[0]!.figures[0]!.figure.sides?.length ?? 2),
    width: 128,
    gap: 6,
  });
}
