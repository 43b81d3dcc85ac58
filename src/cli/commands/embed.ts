import type { Command } from 'commander';
import { findModel } from '../../hub/find-model.ts';
import { EMBEDDED } from '../../models/embedded.ts';
import { embedPrompts } from '../../text/embed.ts';
import { terminal } from '../terminal.ts';
import { untilInterrupted } from './common.ts';

interface EmbedOptions {
  readonly output: string;
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
    .argument('<prompts...>', 'the prompts, each in quotes')
    .option('-o, --output <file>', 'the file to write', 'prompts.safetensors')
    .option('--checkpoint <folder|name>', 'whose text encoder (default: the embedded one)')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  campanile embed "a rocket ship" "an oil painting of a dog" -o prompts.safetensors --checkpoint DeepFloyd/IF-I-M-v1.0\n',
    )
    .action(async (prompts: string[], { output, checkpoint, json = false }: EmbedOptions) => {
      const io = terminal({ json });
      const folder = checkpoint === undefined ? EMBEDDED : await findModel(checkpoint, { text: 'only' });
      await untilInterrupted(io, output, async (signal) => {
        const onProgress = (done: number) =>
          io.status(`encoding ${prompts.length} prompts: ${Math.floor(100 * done)} %`);
        const { prompts: made, warnings } = await embedPrompts(folder, prompts, output, {
          signal,
          onProgress,
        });
        for (const warning of warnings) io.note(`warning: ${warning}`);
        io.print(
          json
            ? JSON.stringify({ file: output, prompts: made, warnings })
            : `${made.length} prompts in ${output}`,
        );
      });
    });
}
