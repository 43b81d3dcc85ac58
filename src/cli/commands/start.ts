import { join } from 'node:path';
import type { Command } from 'commander';

interface StartOptions {
  readonly once?: boolean;
  readonly out: string;
  readonly port: string;
}

/** What `npm start` does: the page, then the server with the page as its front door. */
export function startCommand(program: Command): void {
  program
    .command('start')
    .summary('make the page, then serve it with the studio')
    .description('Makes the page of all experiments, then serves it, with the studio, until Ctrl-C.')
    .option('--once', 'make the page and exit')
    .option('--out <folder>', 'where the page goes', 'out')
    .option('--port <number>', 'port of the server', '7860')
    .action(async ({ once = false, out, port }: StartOptions) => {
      await program.parseAsync(['page', '--out', out], { from: 'user' });
      if (once || process.exitCode) return;
      await program.parseAsync(['serve', '--page', join(out, 'index.html'), '--port', port], {
        from: 'user',
      });
    });
}
