import { join } from 'node:path';
import type { Command } from 'commander';
import type { Experiment } from '../../experiments/experiment.ts';
import { fieldsOf } from '../../experiments/field.ts';
import { pictureBook } from '../../experiments/pictures.ts';
import { canonicalJson } from '../../experiments/recipe.ts';
import { carriedPicture } from '../../gallery/html.ts';
import { type OpenModels, openModels } from '../../models/embedded.ts';
import { amount, markOf, slug } from '../../words.ts';
import { type BranchOptions, branchFlags, branchOf, takenOver } from '../branch-options.ts';
import { figureFolder } from '../figure-folder.ts';
import { commandOf, declareFields, typedParams } from '../options.ts';
import { checkInstead } from '../page-pictures.ts';
import { onQuickestDevice } from '../quickest-device.ts';
import { describe, type RunFigure, runAll, type Work, workOf } from '../run.ts';
import { terminal } from '../terminal.ts';
import { withViewFiles } from '../view-files.ts';
import { fetchPicture } from '../web-picture.ts';
import { type CommonOptions, modelFlags, typedModelFlags, untilInterrupted } from './common.ts';

type Given = CommonOptions & BranchOptions & Record<string, unknown>;

/** The command of one experiment: its words, its options and its help come from the record. */
export function experimentCommand(program: Command, experiment: Experiment): void {
  const command = program
    .command(experiment.id)
    .summary(experiment.title.replace(/^[A-Z]/, (letter) => letter.toLowerCase()))
    .description(experiment.text)
    .addHelpText('after', `\nExample:\n  ${experiment.example}\n`);
  declareFields(command, experiment);
  modelFlags(branchFlags(command)).action(async (given: string[], options: Given) => {
    // Before anything is opened or written.
    const { from, params } = await branchOf(experiment, options);
    const typed = await withViewFiles(experiment, typedParams(experiment, given, options));
    const work = { ...workOf(experiment, takenOver(experiment, params, typed)), from };
    const io = terminal(options);
    const book = pictureBook({ instead: options.image, read: webPicture });
    checkInstead(options.image, [work]);
    const store = await figureFolder(options.out);
    await using models = await openModels(await onQuickestDevice(options, io));
    const made: RunFigure[] = [];
    await untilInterrupted(io, options.out, async (signal) => {
      for await (const news of runAll([work], { models, book, store, terminal: io, signal })) {
        if (news.type !== 'figure') continue;
        const item = news.made;
        made.push(item);
        const about = describe(item.experiment, item.figure, store);
        io.print(options.json ? JSON.stringify(about) : String(about['file']));
      }
    });
    // Also of a run that was stopped: what there is so far.
    const { writeSheet } = await import('../sheet.ts');
    const sheet = await writeSheet(made, store, sheetText(work, options, models));
    for (const file of sheet) io.note(`the sheet: ${file}`);
    if (!options.json && made.length > 0) io.note(`${amount(made.length, 'picture')} in ${options.out}`);
  });
}

/** From the command line, and from there only, a picture may be an https address, or one that carries it. */
export async function webPicture(reference: string): Promise<Uint8Array | undefined> {
  if (/^https?:/i.test(reference)) return fetchPicture(reference);
  return carriedPicture(reference)?.bytes;
}

function sheetText({ experiment, params, from }: Work, options: CommonOptions, { base }: OpenModels) {
  const prompts = Object.entries(fieldsOf(experiment).properties).filter(([, { kind }]) => kind === 'prompt');
  const said = new Set([...(experiment.positional ?? []), ...prompts.map(([name]) => name)]);
  const grows = Object.entries(fieldsOf(experiment).properties).filter(([, field]) => field.grows);
  const searched = { ...params, ...Object.fromEntries(grows.map(([name]) => [name, 0])) };
  const words = [...said].flatMap((name) => params[name] as string | string[]).filter(Boolean);
  return {
    // Of the same search with more seeds it is the same.
    name: join(experiment.id, `sheet-${slug(words.join(' '))}-${markOf(canonicalJson(searched))}`),
    title: words.join(' / '),
    facts: { 'Made by': commandOf(experiment, params, from), 'Drawn and judged by': base.name },
    flags: typedModelFlags(options),
  };
}
