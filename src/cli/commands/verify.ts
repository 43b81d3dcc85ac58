import type { Command } from 'commander';
import { CampanileError } from '../../errors.ts';
import { everyExperiment } from '../../experiments/index.ts';
import { pictureBook } from '../../experiments/pictures.ts';
import { type Verification, verify } from '../../experiments/verify.ts';
import { openModels } from '../../models/embedded.ts';
import { onQuickestDevice } from '../quickest-device.ts';
import { readWithRecipe } from '../recipe-file.ts';
import { terminal } from '../terminal.ts';
import { type CommonOptions, modelFlags } from './common.ts';
import { webPicture } from './experiment.ts';

export function verifyCommand(program: Command): void {
  const command = program
    .command('verify')
    .argument('<pictures...>', 'PNG files that campanile wrote')
    .summary('make a picture again from its recipe, and compare')
    .description(
      'Makes pictures again from the recipes inside them, with nothing kept from before, and says whether they are the same, the same to rounding, or where they depart: the step, the place in it, and the pixel.',
    )
    .addHelpText('after', '\nExample:\n  campanile verify out/sample/*.png\n');
  modelFlags(command).action(async (files: string[], options: CommonOptions) => {
    const io = terminal(options);
    // Before anything is opened: every file, and every recipe.
    const given = await Promise.all(files.map(async (file) => ({ file, ...(await readWithRecipe(file)) })));
    const book = pictureBook({ instead: options.image, read: webPicture, fromRecipe: true });
    await using models = await openModels(await onQuickestDevice(options, io));
    const context = { base: models.base, upscaler: models.upscaler, picture: book.picture, mask: book.mask };
    for (const { file, picture, claim } of given) {
      try {
        const found = await verify(picture, claim, everyExperiment, context, book.digest);
        io.print(options.json ? JSON.stringify({ file, ...found }) : `${file}: ${inWords(found)}`);
        if (found.result === 'departs') process.exitCode ??= 1;
      } catch (error) {
        // What cannot be made here keeps no other file from being looked at.
        if (!(error instanceof CampanileError) || given.length === 1) throw error;
        const { message, hint, exitCode } = error;
        io.print(
          options.json
            ? JSON.stringify({ file, error: message, hint })
            : `${file}: ${[message, hint].filter(Boolean).join('; ')}`,
        );
        process.exitCode = exitCode;
      }
    }
  });
}

function inWords({ result, different, values, worst, x, y, departure }: Verification): string {
  if (result === 'same') return `same, all ${values} values`;
  const share = `${different} of ${values} values differ`;
  if (result === 'within tolerance') return `within tolerance: ${share} by 1 of 255, as rounding may`;
  const where = departure
    ? `, first in step ${departure.step} of ${departure.steps} (${departure.label}, t = ${departure.t}), row ${departure.row} and column ${departure.column} of a 4 × 4 grid`
    : '';
  return `departs${where}: ${share}, most at x = ${x}, y = ${y} by ${worst} of 255`;
}
