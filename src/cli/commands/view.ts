import type { Command } from 'commander';
import { files } from '#platform/files';
import { viewNamed } from '../../diffusion/named-view.ts';
import { RecipeError } from '../../errors.ts';
import { failureOf, ORTHOGONAL, proofOf } from '../../experiments/side-proofs.ts';
import { MOST_PLACES, pictureOfPlaces, placesOf } from '../../experiments/view-picture.ts';
import { SHORTEST_SIDE } from '../../images/codec.ts';
import { encodePng } from '../../images/png.ts';
import { terminal } from '../terminal.ts';
import { withLists } from '../view-files.ts';
import { wholeNumber } from './common.ts';

/** What a view is written as, by the end of the file's name. */
const writers: Readonly<Record<string, (sources: readonly number[], side: number) => Uint8Array>> = {
  '.json': (sources) => new TextEncoder().encode(`${JSON.stringify(sources)}\n`),
  '.png': (sources, side) => encodePng(pictureOfPlaces(sources, side)),
};

/** `campanile view`: whether a view can be trusted, and a file to make others from. */
export function viewCommand(program: Command): void {
  program
    .command('view')
    .argument('<view>', 'a name, several joined by +, or a .png or .json file')
    .summary('prove a view, or write it as a file to make others from')
    .description(
      'Proves a view for pictures of a size, and with --out writes it as a file that --view takes: a PNG in which the colour of a place says which pixel is shown there, red its column and green its row, or a list of places as JSON. Cut the picture of "identity" in pieces, lay them otherwise, and it is a view of your own.',
    )
    .option('--side <number>', 'pixels in a row', wholeNumber, MOST_PLACES)
    .option('--out <file>', 'a .png or .json file to write')
    .addHelpText('after', '\nExamples:\n  campanile view identity --out map.png\n  campanile view map.png\n')
    .action(async (given: string, { side, out }: { side: number; out?: string }) => {
      const io = terminal();
      const [, kind = ''] = /(\.\w+)$/.exec(out?.toLowerCase() ?? '') ?? [];
      const write = writers[kind];
      if (out !== undefined && !write)
        throw new RecipeError('--out', `${out} is neither a .png nor a .json file`, 'write map.png');
      if (side < SHORTEST_SIDE)
        throw new RecipeError('--side', `expected at least ${SHORTEST_SIDE}, got ${side}`);
      if (side > MOST_PLACES) throw new RecipeError('--side', `expected at most ${MOST_PLACES}, got ${side}`);
      const view = await withLists(given, '<view>');
      const failure = failureOf(view, side, given);
      if (failure) throw new RecipeError('<view>', failure, ORTHOGONAL);
      if (out !== undefined && write) {
        await files.write(out, [write(placesOf(viewNamed(view), side), side)]);
        io.print(out);
      } else
        io.print(
          `${given}: orthogonal for ${side} × ${side} pixels; the variance the model learned ${proofOf(view, side).learned}`,
        );
    });
}
