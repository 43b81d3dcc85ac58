import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { viewNamed } from '../diffusion/named-view.ts';
import type { Figure } from '../experiments/experiment.ts';
import type { PictureBook } from '../experiments/pictures.ts';
import { writeChanged } from '../files/whole.ts';
import { PageInMaking } from '../gallery/making.ts';
import type { PageMeta, PagePicture } from '../gallery/page.ts';
import { toPicture } from '../images/picture.ts';
import { encodePng, readRecipe } from '../images/png.ts';
import type { OpenModels } from '../models/embedded.ts';
import { type FigureFolder, inOut } from './figure-folder.ts';
import { commandOf } from './options.ts';
import type { PlannedPage } from './page-plan.ts';
import { runAll, type Work } from './run.ts';
import { seenFrom } from './sheet.ts';
import type { Terminal } from './terminal.ts';

/** The page as it is before anything was made. */
export const pageInMaking = ({ title, introduction, sections }: PlannedPage): PageInMaking =>
  new PageInMaking(
    sections.map(({ text }) => text),
    { title, introduction, facts: {} },
  );

export interface PageMaking {
  readonly models: OpenModels;
  readonly book: PictureBook;
  readonly store: FigureFolder;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Awaited before what takes time: while something else is more urgent. */
  readonly held?: (() => Promise<void>) | undefined;
  /** Options that the command of a picture repeats. */
  readonly typed?: readonly string[];
}

/**
 * Makes the pictures of a page, those that a reader waits for first, and writes `index.html` when all are there.
 *
 * @returns the file
 */
export async function makePage(
  page: PageInMaking,
  { sections }: PlannedPage,
  { models, store, typed = [], ...running }: PageMaking,
): Promise<string> {
  const idOf = new Map<Work, string>();
  for (const { work, text } of sections) {
    if (work) idOf.set(work, text.id);
    else page.complete(text.id);
  }
  const wanted = () => [...idOf].find(([, id]) => id === page.wanted)?.[0];
  for await (const news of runAll([...idOf.keys()], { models, store, ...running, wanted })) {
    const id = idOf.get(news.of)!;
    if (news.type === 'complete') page.complete(id);
    else {
      const { experiment, params, from, figure } = news.made;
      const command = [commandOf(experiment, params, from), ...typed].join(' ');
      page.add(id, await pagePicture(figure, command, store));
    }
  }
  page.finish(about(models, page));
  const file = join(store.folder, 'index.html');
  await writeChanged(file, page.html(), inOut);
  return file;
}

async function pagePicture(figure: Figure, command: string, store: FigureFolder): Promise<PagePicture> {
  const png = await readFile(join(store.folder, store.fileOf(figure)));
  const { image, ...rest } = figure;
  const sides = seenFrom(figure).map(({ view, caption, ...picture }) => ({
    caption,
    gesture: viewNamed(view).gesture,
    png: encodePng(picture),
  }));
  const many = sides.length > 2;
  const view = many || figure.view === undefined ? undefined : viewNamed(figure.view);
  const turn = view && {
    gesture: view.gesture,
    css: view.css,
    png: view.css ? undefined : encodePng(toPicture(view.apply(image))),
  };
  return {
    figure: rest,
    png,
    width: image.shape[3]!,
    height: image.shape[2]!,
    turn,
    sides: many ? sides : undefined,
    recipe: readRecipe(png),
    command,
  };
}

/** What the head of the page says of checkpoint and run. */
function about(
  { base, upscaler }: OpenModels,
  { sections }: PageInMaking,
): Pick<PageMeta, 'facts' | 'seconds'> {
  const millions = (count: number) => `${(count / 1e6).toFixed(1)} M parameters`;
  return {
    facts: {
      'Stage I': `${base.name}, ${base.sampleSize} × ${base.sampleSize}, ${millions(base.parameters)}`,
      ...(upscaler && {
        'Stage II': `${upscaler.name}, ${upscaler.sampleSize} × ${upscaler.sampleSize}, ${millions(upscaler.parameters)}`,
      }),
    },
    seconds: sections
      .flatMap(({ pictures }) => pictures.map(({ figure }) => figure.seconds ?? 0))
      .reduce((a, b) => a + b, 0),
  };
}
