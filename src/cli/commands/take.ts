import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { viewNamed } from '../../diffusion/named-view.ts';
import { sourcesOf } from '../../diffusion/places.ts';
import { RecipeError } from '../../errors.ts';
import { viewInWords } from '../../experiments/view-in-words.ts';
import { writeWhole } from '../../files/whole.ts';
import { renderTurning, renderZooming } from '../../gallery/turning-page.ts';
import { fromPicture, type Picture, toPicture } from '../../images/picture.ts';
import { encodePng } from '../../images/png.ts';
import { resize } from '../../images/resize.ts';
import { type Film, turningFrames, zoomingFrames } from '../../images/turning.ts';
import { writing } from '../../writing.ts';
import { asGif, asMp4, asWebp, withCaptions } from '../animate.ts';
import { inOut } from '../figure-folder.ts';
import { readIllusion, type SideShown } from '../illusion-file.ts';
import { printAnagram, printHybrid } from '../print.ts';
import { terminal } from '../terminal.ts';

/** One way to take an illusion along: everything that the kinds of file are made from. */
interface Taken {
  /** What is added to the file's name, when a picture has several sides. */
  readonly suffix: string;
  readonly animation: () => Promise<Film>;
  readonly html: () => string;
  readonly pdf: () => Promise<Buffer>;
}

const kinds = {
  webp: async (taken: Taken) => asWebp(await taken.animation()),
  gif: async (taken: Taken) => asGif(await taken.animation()),
  mp4: async (taken: Taken) => asMp4(await taken.animation()),
  html: async (taken: Taken) => taken.html(),
  pdf: async (taken: Taken) => taken.pdf(),
} satisfies Record<string, (taken: Taken) => Promise<Uint8Array | string>>;
type Kind = keyof typeof kinds;

export function takeCommand(program: Command): void {
  program
    .command('take')
    .argument('<pictures...>', 'anagrams and hybrids that campanile wrote, PNG')
    .summary('an illusion to take along: animation, page or print')
    .description(
      'Makes of an anagram an animation that turns, of a hybrid one that goes away and comes back; or a page that does so under the mouse, or a sheet to print: with pieces to cut out where a view has some.',
    )
    .option('--as <kinds>', `${Object.keys(kinds).join(', ')}: several with commas; mp4 needs ffmpeg`, 'webp')
    .option('--out <folder>', 'where the files go (default: beside the picture)')
    .addHelpText('after', '\nExample:\n  campanile take out/anagram/1-*.png --as gif,html,pdf\n')
    .action(async (files: string[], options: { as: string; out?: string }) => {
      const wanted = new Set(options.as.split(',').map(kindNamed));
      const given = await Promise.all(files.map(async (file) => ({ file, taken: await waysOf(file) })));
      const io = terminal();
      for (const { file, taken } of given) {
        const folder = options.out ?? dirname(file);
        await writing(folder, () => mkdir(folder, { recursive: true }), inOut);
        for (const way of taken) {
          for (const kind of wanted) {
            const path = join(folder, `${basename(file, '.png')}${way.suffix}.${kind}`);
            await writeWhole(path, await kinds[kind](way), inOut);
            io.print(path);
          }
        }
      }
    });
}

function kindNamed(text: string): Kind {
  const kind = text.trim();
  if (Object.hasOwn(kinds, kind)) return kind as Kind;
  throw new RecipeError('--as', `there is no "${kind}"`, `there are ${Object.keys(kinds).join(', ')}`);
}

async function waysOf(file: string): Promise<Taken[]> {
  const { png, picture, figure, sides } = await readIllusion(file);
  if (figure.farCaption !== undefined) return [hybrid(png, picture, figure.caption, figure.farCaption)];
  const [first, ...others] = sides;
  return others.map((other) =>
    anagram(
      picture,
      first!,
      other,
      others.length > 1 ? `-${viewInWords(other.view).replace(/\W+/g, '-')}` : '',
    ),
  );
}

/** As large as a screen likes it. */
const SHOWN = 384;
const large = (picture: Picture): Picture => {
  const factor = Math.max(1, Math.floor(SHOWN / picture.width));
  return factor === 1 ? picture : resize(picture, picture.width * factor, picture.height * factor, 'bicubic');
};

function anagram(picture: Picture, first: SideShown, other: SideShown, suffix: string): Taken {
  const [from, view] = [viewNamed(first.view), viewNamed(other.view)];
  const shown = (given: Picture, { apply }: { apply: typeof view.apply }): Picture =>
    toPicture(apply(fromPicture(given)));
  const [upright, turned] = [shown(picture, from), shown(picture, view)];
  // From the one side to the other: the first is undone before the second is done.
  const way = { ...view, apply: (x: Parameters<typeof view.apply>[0]) => view.apply(from.invert(x)) };
  const css = from.name === 'identity' ? view.css : undefined;
  const sources = sourcesOf(way, upright.height, upright.width);
  const gesture = view.gesture;
  const words = { png: encodePng(turned), caption: other.caption, gesture };
  return {
    suffix,
    animation: () => {
      const canvas = large(upright);
      const moved = sourcesOf(way, canvas.height, canvas.width);
      return withCaptions(
        turningFrames(canvas, { turned: shown(canvas, way), css, sources: moved }),
        first.caption,
        `${gesture}: ${other.caption}`,
      );
    },
    html: () => renderTurning({ png: encodePng(upright), caption: first.caption, turned: words, css }),
    pdf: () =>
      printAnagram({
        png: encodePng(upright),
        size: upright.width,
        caption: first.caption,
        turned: words,
        sources,
      }),
  };
}

const hybrid = (png: Uint8Array, picture: Picture, near: string, far: string): Taken => ({
  suffix: '',
  animation: () => withCaptions(zoomingFrames(large(picture)), `from near: ${near}`, `from afar: ${far}`),
  html: () => renderZooming(png, near, far),
  pdf: () => printHybrid({ png, size: picture.width, caption: near }, far),
});
