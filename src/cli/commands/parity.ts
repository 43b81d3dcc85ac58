import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { RecipeError } from '../../errors.ts';
import type { ParityResult } from '../../parity/compare.ts';
import { checkCs180 } from '../../parity/cs180.ts';
import { checkImage } from '../../parity/image.ts';
import { checkPipelines } from '../../parity/pipelines.ts';
import { checkPth } from '../../parity/pth.ts';
import { checkRng } from '../../parity/rng.ts';
import { checkScheduler } from '../../parity/scheduler.ts';
import { checkTexts } from '../../parity/text.ts';
import { checkManifests, checkUnet } from '../../parity/unet.ts';
import { type Terminal, terminal } from '../terminal.ts';

/** By the folder that a part's reference is in. */
const parts: Readonly<Record<string, (folder: string) => AsyncGenerator<ParityResult>>> = {
  unet: checkUnet,
  manifests: checkManifests,
  text: checkTexts,
  scheduler: checkScheduler,
  rng: checkRng,
  pipelines: checkPipelines,
  cs180: checkCs180,
  pth: checkPth,
  image: checkImage,
};

export function parityCommand(program: Command): void {
  program
    .command('parity')
    .summary('compare the engine with tensors made by diffusers')
    .description(
      'Runs every group of a folder of reference tensors and prints name, worst error, tolerance, and ok or FAILS. Exit code 1 if any fails.',
    )
    .argument('<folder>', `reference tensors, in folders named ${Object.keys(parts).join(', ')}`)
    .option('--json', 'print one JSON object per group')
    .action(async (folder: string, options: { json?: boolean }) => {
      const io = terminal(options);
      if (!(await isFolder(folder))) throw new RecipeError('', `there is no folder ${folder}`);
      const failed: string[] = [];
      let groups = 0;
      for (const [part, check] of Object.entries(parts)) {
        if (!(await isFolder(join(folder, part)))) {
          io.note(`not compared: there is no ${join(folder, part)}`);
          continue;
        }
        for await (const result of check(folder)) {
          groups++;
          if (!report(result, io)) failed.push(result.group);
        }
      }
      if (groups === 0)
        throw new RecipeError(
          '',
          `${folder} holds no reference tensors`,
          `expected folders such as ${Object.keys(parts).slice(0, 4).join(', ')}`,
        );
      if (!io.json)
        io.print(
          failed.length === 0 ? `all ${groups} groups agree` : `${failed.length} of ${groups} groups FAIL`,
        );
      if (failed.length > 0) process.exitCode = 1;
    });
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false;

/** Prints a group; gives whether it agrees. */
function report({ group, worst, tolerance, note }: ParityResult, io: Terminal): boolean {
  const ok = worst <= tolerance;
  if (io.json) io.print(JSON.stringify({ group, worst, tolerance, ok, note }));
  else {
    const verdict = ok ? 'ok' : `FAILS${note ? `: ${note}` : ''}`;
    io.print(
      `${group.padEnd(44)} ${worst.toExponential(2).padStart(9)}  of ${tolerance.toExponential(0).padStart(6)}  ${verdict}`,
    );
  }
  return ok;
}
