import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { type ViewName, views } from '../../diffusion/views.ts';
import { RecipeError } from '../../errors.ts';
import type { Experiment, Figure } from '../../experiments/experiment.ts';
import { experiments } from '../../experiments/index.ts';
import { pictureBook } from '../../experiments/pictures.ts';
import { writeChanged } from '../../files/whole.ts';
import { type PagePicture, renderPage, type Section } from '../../gallery/page.ts';
import { toPicture } from '../../images/picture.ts';
import { encodePng, readRecipe } from '../../images/png.ts';
import { type OpenModels, openModels } from '../../models/embedded.ts';
import { type FigureFolder, figureFolder, inOut } from '../figure-folder.ts';
import { commandOf } from '../options.ts';
import { runAll, type Work, workOf } from '../run.ts';
import { terminal } from '../terminal.ts';
import { type CommonOptions, modelFlags, number, typedModelFlags, untilInterrupted } from './common.ts';
import { webPicture } from './experiment.ts';

interface PageOptions extends CommonOptions {
  readonly seed?: number;
  readonly only?: string[];
}

export function pageCommand(program: Command): void {
  const command = program
    .command('page')
    .summary('all experiments of the document as one HTML page')
    .description(
      'Makes all thirteen experiments and puts them on one self-contained page. What is finished from an earlier run is used again.',
    )
    .option('--seed <number>', 'seed of every experiment, 0 to 4294967295 [180]', number)
    .option('--only <ids>', 'some sections only, by command word, separated by commas', (text: string) =>
      text.split(','),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  campanile page\n  campanile page --image campanile=photo.jpg --out my-page\n  campanile page --checkpoint DeepFloyd/IF-I-L-v1.0 --upscaler DeepFloyd/IF-II-L-v1.0 --prompts prompts.safetensors\n',
    );
  modelFlags(command).action(async (options: PageOptions) => {
    const io = terminal(options);
    const work = plan(options);
    const book = pictureBook({ instead: options.image, read: webPicture });
    const store = await figureFolder(options.out);
    const models = await openModels(options);
    const started = performance.now();
    try {
      await untilInterrupted(io, options.out, async (signal) => {
        const pictures = new Map<Experiment, PagePicture[]>(work.map(({ experiment }) => [experiment, []]));
        for await (const { experiment, params, figure } of runAll(work, {
          models,
          book,
          store,
          terminal: io,
          signal,
        })) {
          const command = [commandOf(experiment, params), ...typedModelFlags(options)].join(' ');
          pictures.get(experiment)!.push(await pagePicture(figure, command, store));
        }
        const sections: Section[] = [...pictures].map(([experiment, found]) => ({
          experiment,
          pictures: found,
        }));
        const file = join(options.out, 'index.html');
        await writeChanged(file, renderPage(sections, about(models, sections)), inOut);
        const count = sections.reduce((total, section) => total + section.pictures.length, 0);
        const seconds = (performance.now() - started) / 1000;
        const address = pathToFileURL(resolve(file)).href;
        if (options.json)
          io.print(
            JSON.stringify({ page: resolve(file), sections: sections.length, pictures: count, seconds }),
          );
        else
          io.print(
            `${sections.length} sections, ${count} pictures, ${seconds.toFixed(0)} s\nThe page: ${address}`,
          );
      });
    } finally {
      await models.close();
    }
  });
}

function plan({ only, seed }: PageOptions): Work[] {
  for (const id of only ?? []) {
    if (!experiments.some((experiment) => experiment.id === id))
      throw new RecipeError(
        '--only',
        `there is no section "${id}"`,
        `sections: ${experiments.map((e) => e.id).join(', ')}`,
      );
  }
  return experiments
    .filter(({ id }) => only?.includes(id) ?? true)
    .map((experiment) =>
      workOf(experiment, seed !== undefined && 'seed' in experiment.params.shape ? { seed } : {}, 'page'),
    );
}

async function pagePicture(figure: Figure, command: string, store: FigureFolder): Promise<PagePicture> {
  const png = await readFile(join(store.folder, store.fileOf(figure)));
  const { image, ...rest } = figure;
  const view = figure.view === undefined ? undefined : views[figure.view as ViewName];
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
    recipe: readRecipe(png),
    command,
  };
}

function about(
  { base, upscaler }: OpenModels,
  sections: readonly Section[],
): Parameters<typeof renderPage>[1] {
  const millions = (count: number) => `${(count / 1e6).toFixed(1)} M parameters`;
  const seconds = sections
    .flatMap(({ pictures }) => pictures.map(({ figure }) => figure.seconds ?? 0))
    .reduce((a, b) => a + b, 0);
  return {
    title: 'The power of diffusion models',
    introduction: [
      'Diffusion models are trained to estimate the noise in a picture. That one skill is enough to denoise pictures, to invent them, to edit them, and to make two kinds of illusion. Thirteen experiments with a pixel diffusion model of the DeepFloyd IF family, each beside its formula.',
    ],
    facts: {
      'Stage I': `${base.name}, ${base.sampleSize} × ${base.sampleSize}, ${millions(base.parameters)}`,
      ...(upscaler && {
        'Stage II': `${upscaler.name}, ${upscaler.sampleSize} × ${upscaler.sampleSize}, ${millions(upscaler.parameters)}`,
      }),
    },
    seconds,
  };
}
