import type { Command } from 'commander';
import type { Experiment } from '../../experiments/experiment.ts';
import { pictureBook } from '../../experiments/pictures.ts';
import { fetchPicture } from '../../images/fetch.ts';
import { openModels } from '../../models/embedded.ts';
import { figureFolder } from '../figure-folder.ts';
import { declareFields, typedParams } from '../options.ts';
import { describe, runAll, workOf } from '../run.ts';
import { terminal } from '../terminal.ts';
import { type CommonOptions, modelFlags, untilInterrupted } from './common.ts';

/** The command of one experiment: its words, its options and its help come from the record. */
export function experimentCommand(program: Command, experiment: Experiment): void {
  const command = program
    .command(experiment.id)
    .summary(experiment.title.toLowerCase())
    .description(experiment.text)
    .addHelpText('after', `\nExample:\n  ${experiment.example}\n`);
  declareFields(command, experiment);
  modelFlags(command).action(async (given: string[], options: CommonOptions & Record<string, unknown>) => {
    const work = workOf(experiment, typedParams(experiment, given, options)); // before anything is opened or written
    const io = terminal(options);
    const book = pictureBook({ instead: options.image, read: webPicture });
    const store = await figureFolder(options.out);
    const models = await openModels(options);
    try {
      let count = 0;
      await untilInterrupted(io, options.out, async (signal) => {
        for await (const { figure } of runAll([work], {
          models,
          book,
          store,
          terminal: io,
          signal,
        })) {
          count++;
          const about = describe(experiment, figure, store);
          io.print(options.json ? JSON.stringify(about) : String(about['file']));
        }
      });
      if (!options.json && count > 0) io.note(`${count} picture${count === 1 ? '' : 's'} in ${options.out}`);
    } finally {
      await models.close();
    }
  });
}

/** From the command line, and from there only, a picture may be an https address. */
export const webPicture = async (reference: string): Promise<Uint8Array | undefined> =>
  /^https?:/i.test(reference) ? await fetchPicture(reference) : undefined;
