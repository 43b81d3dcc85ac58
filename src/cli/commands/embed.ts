import type { Command } from 'commander';
import { RecipeError } from '../../errors.ts';
import { experiments } from '../../experiments/index.ts';
import { parseParams } from '../../experiments/recipe.ts';
import { promptsOf } from '../../experiments/runner.ts';
import { findModel } from '../../hub/find-model.ts';
import { EMBEDDED } from '../../models/embedded.ts';
import { amount } from '../../words.ts';
import { convertPromptFile, embedPrompts } from '../embed-prompts.ts';
import { type Terminal, terminal } from '../terminal.ts';
import { untilInterrupted } from './common.ts';

interface EmbedOptions {
  readonly output: string;
  readonly page?: boolean;
  readonly from?: string;
  readonly checkpoint?: string;
  readonly json?: boolean;
}

export function embedCommand(program: Command): void {
  program
    .command('embed')
    .summary('turn prompts into a file of embeddings')
    .description(
      'Encodes prompts once, into a file that stands in for the text encoder with --prompts, on this machine or on another. The empty prompt is always added.',
    )
    .argument('[prompts...]', 'the prompts, each in quotes')
    .option('--page', 'all prompts of the page as well')
    .option(
      '--from <file>',
      'no encoding: rewrite a file of embeddings (.pth or .safetensors) as safetensors',
    )
    .option('-o, --output <file>', 'the file to write', 'prompts.safetensors')
    .option('--checkpoint <folder|name>', 'whose text encoder (default: the embedded one)')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  campanile embed --page --checkpoint DeepFloyd/IF-I-M-v1.0\n  campanile embed "a rocket ship" "an oil painting of a dog" -o prompts.safetensors --checkpoint DeepFloyd/IF-I-M-v1.0\n  campanile embed --from prompt_embeds_dict.pth -o prompts.safetensors\n',
    )
    .action(async (words: string[], options: EmbedOptions) => {
      const prompts = [...new Set([...words, ...(options.page ? pagePrompts() : [])])];
      if ((options.from !== undefined) === prompts.length > 0)
        throw new RecipeError(
          '',
          options.from === undefined
            ? 'there is nothing to embed'
            : 'a file that is rewritten takes no prompts',
          'give prompts in quotes, --page for those of the page, or --from and nothing else',
        );
      const io = terminal(options);
      if (options.from !== undefined)
        report(io, options.output, { prompts: await convertPromptFile(options.from, options.output) });
      else await embed(io, prompts, options);
    });
}

async function embed(
  io: Terminal,
  prompts: readonly string[],
  { checkpoint, output }: EmbedOptions,
): Promise<void> {
  const folder = checkpoint === undefined ? EMBEDDED : await findModel(checkpoint, { text: 'only' });
  await untilInterrupted(io, output, async (signal) => {
    const onProgress = (done: number) =>
      io.status(`encoding ${amount(prompts.length, 'prompt')}: ${Math.floor(100 * done)} %`);
    report(io, output, await embedPrompts(folder, prompts, output, { signal, onProgress }));
  });
}

/** What the sections of the page show their models, with the document's values. */
const pagePrompts = (): string[] =>
  experiments.flatMap((experiment) => promptsOf(experiment, parseParams(experiment, {})));

function report(
  io: Terminal,
  file: string,
  { prompts, warnings = [] }: { prompts: readonly string[]; warnings?: readonly string[] },
): void {
  for (const warning of warnings) io.note(`warning: ${warning}`);
  io.print(
    io.json ? JSON.stringify({ file, prompts, warnings }) : `${amount(prompts.length, 'prompt')} in ${file}`,
  );
}
