import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { pictureBook } from '../../experiments/pictures.ts';
import type { PageInMaking } from '../../gallery/making.ts';
import { openModels } from '../../models/embedded.ts';
import type { Models } from '../../models/model.ts';
import { amount } from '../../words.ts';
import { figureFolder } from '../figure-folder.ts';
import { makePage, pageInMaking } from '../page-making.ts';
import { checkInstead, checkPictures, writeCarried } from '../page-pictures.ts';
import { type PlannedPage, planPage } from '../page-plan.ts';
import { onQuickestDevice } from '../quickest-device.ts';
import { terminal } from '../terminal.ts';
import { type CommonOptions, modelFlags, number, typedModelFlags, untilInterrupted } from './common.ts';
import { webPicture } from './experiment.ts';

export interface SectionOptions extends CommonOptions {
  readonly from?: string;
  readonly seed?: number;
  readonly only?: string[];
}

export function pageCommand(program: Command): void {
  const command = program
    .command('page')
    .summary('all experiments of the document as one HTML page')
    .description(
      'Makes all thirteen experiments, or what a file of your own names, and puts them on one self-contained page. What is finished from an earlier run is used again.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  campanile page\n  campanile page --image campanile=photo.jpg --out my-page\n  campanile page --from handout.json --out handout\n  campanile page --checkpoint DeepFloyd/IF-I-L-v1.0 --upscaler DeepFloyd/IF-II-L-v1.0 --prompts prompts.safetensors\n',
    );
  modelFlags(sectionFlags(command)).action((options: SectionOptions) => drawPage(options));
}

/** What the sections of a page are. */
export const sectionFlags = (command: Command): Command =>
  command
    .option('--from <file>', 'a page of your own: sections, words and parameters as JSON (docs/pages.md)')
    .option(
      '--seed <number>',
      'seed of every experiment, 0 to 4294967295 (default: each has its own, most 180)',
      number,
    )
    .option(
      '--only <ids>',
      'some sections only, by command word or id, separated by commas',
      (text: string) => text.split(','),
    );

/**
 * Makes the pictures of a page that are not there yet, and the page.
 *
 * @param publish  puts the finished page elsewhere as well; gives the path to tell
 */
export async function drawPage(
  options: SectionOptions,
  publish: (
    page: PageInMaking,
    planned: PlannedPage,
    models: Models,
  ) => Promise<string | undefined> = async () => undefined,
): Promise<void> {
  const io = terminal(options);
  const planned = await planPage(options);
  const book = pictureBook({ instead: options.image, read: webPicture });
  checkInstead(
    options.image,
    planned.sections.flatMap(({ work }) => work ?? []),
  );
  const store = await figureFolder(options.out);
  await writeCarried(planned.carried);
  await checkPictures(planned.sections, book);
  await using models = await openModels(await onQuickestDevice(options, io));
  const started = performance.now();
  await untilInterrupted(io, options.out, async (signal) => {
    const page = pageInMaking(planned);
    const typed = typedModelFlags(options);
    const made = await makePage(page, planned, { models, book, store, terminal: io, signal, typed });
    const file = resolve((await publish(page, planned, models)) ?? made);
    const sections = page.sections.length;
    const pictures = page.sections.reduce((total, section) => total + section.pictures.length, 0);
    const seconds = (performance.now() - started) / 1000;
    io.print(
      options.json
        ? JSON.stringify({ page: file, sections, pictures, seconds })
        : `${amount(sections, 'section')}, ${amount(pictures, 'picture')}, ${seconds.toFixed(0)} s\nThe page: ${pathToFileURL(file).href}`,
    );
  });
}
