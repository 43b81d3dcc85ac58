import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { RecipeError } from '../../errors.ts';
import type { ParityResult } from '../../parity/compare.ts';
import { checkCs180 } from '../../parity/cs180.ts';
import { checkImage } from '../../parity/image.ts';
import { checkPipelines } from '../../parity/pipelines.ts';
import { checkPth } from '../../parity/pth.ts';
import { checkRng } from '../../parity/rng.ts';
import { checkScheduler } from '../../parity/scheduler.ts';
import { checkText } from '../../parity/text.ts';
import { checkUnet } from '../../parity/unet.ts';
import { terminal } from '../terminal.ts';

const checks = [
  checkUnet,
  checkText,
  checkScheduler,
  checkRng,
  checkPipelines,
  checkCs180,
  checkPth,
  checkImage,
];

export function parityCommand(program: Command): void {
  program
    .command('parity')
    .summary('compare the engine with tensors made by diffusers')
    .description(
      'Runs every group of a folder of reference tensors and prints name, worst error, tolerance, and ok or FAILS. Exit code 1 if any fails.',
    )
    .argument('<folder>', 'a folder of reference tensors made by training/oracle')
    .option('--json', 'print one JSON object per group')
    .action(async (folder: string, options: { json?: boolean }) => {
      const io = terminal(options);
      if (!(await stat(folder).catch(() => undefined))?.isDirectory())
        throw new RecipeError('', `there is no folder ${folder}`);
      let failed = 0;
      let groups = 0;
      for (const check of checks) {
        for await (const { group, worst, tolerance, note } of check(folder) as AsyncGenerator<ParityResult>) {
          const ok = worst <= tolerance;
          groups++;
          if (!ok) failed++;
          if (options.json) io.print(JSON.stringify({ group, worst, tolerance, ok, note }));
          else
            io.print(
              `${group.padEnd(44)} ${worst.toExponential(2).padStart(9)}  of ${tolerance.toExponential(0).padStart(6)}  ${ok ? 'ok' : `FAILS${note ? `: ${note}` : ''}`}`,
            );
        }
      }
      if (groups === 0)
        throw new RecipeError(
          '',
          `${folder} holds no reference tensors`,
          'expected folders such as unet, scheduler, text',
        );
      if (!options.json)
        io.print(failed === 0 ? `all ${groups} groups agree` : `${failed} of ${groups} groups FAIL`);
      if (failed > 0) process.exitCode = 1;
    });
}
