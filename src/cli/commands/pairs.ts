import type { Command } from 'commander';
import { viewNamed } from '../../diffusion/named-view.ts';
import { RecipeError } from '../../errors.ts';
import illusion from '../../experiments/illusion.ts';
import { findModel } from '../../hub/find-model.ts';
import { type ChosenIllusion, chosenOf, chosenWith } from '../../models/chosen.ts';
import { EMBEDDED } from '../../models/embedded.ts';
import { type Pair, pairsOf, pairsWith } from '../../models/pairs.ts';
import { commandOf } from '../options.ts';
import { terminal } from '../terminal.ts';

interface PairsOptions {
  readonly checkpoint?: string;
  readonly count: string;
  readonly json?: boolean;
}

/** `campanile pairs`: where a maker of anagrams starts. */
export function pairsCommand(program: Command): void {
  program
    .command('pairs')
    .argument('[words...]', 'only those in whose prompts these words are')
    .summary('which subjects go together in an anagram')
    .description(
      'Lists the anagrams and hybrids that an eye chose among many seeds, and then the pairs of subjects that were tried as anagrams, with the view that suits them, how many of the seeds came out readable from both sides by the checkpoint’s judge, and the command that draws the best of them.',
    )
    .option('--checkpoint <name>', 'folder or hub name of stage I (default: the embedded one)')
    .option('--count <n>', 'how many that were chosen, and how many pairs that were tried', '20')
    .option('--json', 'print one JSON object per line')
    .addHelpText('after', '\nExample:\n  campanile pairs dog\n')
    .action(async (words: string[], { checkpoint, count, json = false }: PairsOptions) => {
      const io = terminal({ json });
      const most = Number(count);
      if (!Number.isInteger(most) || most < 1)
        throw new RecipeError('count', `"${count}" is no number of pairs`, 'write a whole number from 1 on');
      const folder = checkpoint === undefined ? EMBEDDED : await findModel(checkpoint);
      const table = await pairsOf(folder);
      if (!table)
        throw new RecipeError(
          'checkpoint',
          'this checkpoint comes without a table of pairs',
          'try some with campanile search',
        );
      const chosen = chosenWith(await chosenOf(folder, table.weights), words).slice(0, most);
      const found = pairsWith(table, words).slice(0, most);
      if (json) {
        for (const one of chosen)
          io.print(JSON.stringify({ ...one, chosen: true, command: commandOf(illusion, one) }));
        for (const pair of found)
          io.print(JSON.stringify({ ...pair, chosen: false, command: commandFor(pair, table.steps) }));
      } else {
        for (const one of chosen) io.print(chosenInWords(one));
        for (const pair of found) io.print(inWords(pair, table.steps));
      }
      if (chosen.length + found.length === 0) io.note(`no pair with ${words.join(' and ')} was tried`);
      else
        io.note(
          `${chosen.length} chosen by an eye; ${found.length} tried in ${table.steps} steps each, judged by the checkpoint’s judge: a hint, not an eye`,
        );
    });
}

const chosenInWords = (one: ChosenIllusion): string => {
  const { prompts, views, near = [] } = one;
  const shown = prompts.map((prompt, i) => (near[i] ? `${prompt} from afar, ${near[i]} from near` : prompt));
  const turned = views.slice(1).map((view) => `, ${viewNamed(view).gesture}`);
  return [`${shown.join(' / ')}${turned.join('')}: chosen by an eye`, `  ${commandOf(illusion, one)}`].join(
    '\n',
  );
};

const inWords = (pair: Pair, steps: number): string =>
  [
    `${pair.sides[0]} / ${pair.sides[1]}, ${viewNamed(pair.view).gesture}: ${Math.round(pair.yield * pair.tried)} of ${pair.tried} readable, the best ${Math.round(100 * pair.best.readable)} %`,
    `  ${commandFor(pair, steps)}`,
  ].join('\n');

const commandFor = ({ sides, view, best }: Pair, steps: number): string =>
  commandOf(illusion, {
    prompts: sides,
    views: ['identity', view],
    guidance: best.guidance,
    weights: best.weights,
    steps,
    seed: best.seed,
  });
