#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { CampanileError } from '../errors.ts';
import { everyExperiment } from '../experiments/index.ts';
import { embedCommand } from './commands/embed.ts';
import { experimentCommand } from './commands/experiment.ts';
import { modelCommand } from './commands/model.ts';
import { pageCommand } from './commands/page.ts';
import { parityCommand } from './commands/parity.ts';
import { siteCommand } from './commands/site.ts';
import { startCommand } from './commands/start.ts';
import { takeCommand } from './commands/take.ts';
import { verifyCommand } from './commands/verify.ts';
import { surviveStreams } from './streams.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('campanile')
  .description(
    'Pixel diffusion models of the DeepFloyd IF family: thirteen experiments, from noise to illusions.',
  )
  .version(version)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'campanile: ')) })
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    'after',
    '\nExamples:\n  campanile page\n  campanile sample "a rocket ship" --count 4\n  campanile inpaint photo.png --mask mask.png --prompt "a lighthouse"\n  campanile model info\n',
  );

pageCommand(program);
siteCommand(program);
for (const experiment of everyExperiment) experimentCommand(program, experiment);
modelCommand(program);
embedCommand(program);
parityCommand(program);
verifyCommand(program);
takeCommand(program);
startCommand(program);
if (wants('serve', 'worker')) {
  // The server's libraries take half a second to load: only where they are asked for.
  const { serveCommand, workerCommand } = await import('./commands/serve.ts');
  serveCommand(program);
  workerCommand(program);
}

surviveStreams();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Whether the command line is about one of these commands, or about all. */
function wants(...commands: string[]): boolean {
  const [first = 'help'] = process.argv.slice(2);
  return ['help', '--help', '-h', 'start', ...commands].includes(first);
}

/** Says what went wrong in words; gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CampanileError) {
    process.stderr.write(`campanile: ${error.message}\n${error.hint ? `  ${error.hint}\n` : ''}`);
    return error.exitCode;
  }
  if (error instanceof Error && error.name === 'AbortError') return 130;
  process.stderr.write(
    `campanile: an error in the program itself: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`,
  );
  return 70;
}
