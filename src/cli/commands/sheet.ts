import type { Command } from 'commander';
import { RecipeError } from '../../errors.ts';
import { writeWhole } from '../../files/whole.ts';
import { inOut } from '../figure-folder.ts';
import { type IllusionFile, readIllusion, sideSeen } from '../illusion-file.ts';
import { type Labelled, labelledSheet, shareSeen } from '../labelled-sheet.ts';
import { terminal } from '../terminal.ts';

const kinds = ['png', 'webp'] as const;
const MOST_ACROSS = 16;

/** `campanile sheet`: illusions side by side, for whoever wants to show or judge several at a glance. */
export function sheetCommand(program: Command): void {
  program
    .command('sheet')
    .argument('<pictures...>', 'anagrams and hybrids that campanile wrote, PNG')
    .summary('illusions on one sheet, seen from all their sides')
    .description(
      'Puts illusions on one picture, each as it is seen from all its sides, with what it shows there and, where it was judged, how readable that is.',
    )
    .option('--out <file>', `where it goes, ${kinds.join(' or ')}`, 'sheet.png')
    .option('--across <n>', `illusions to a row, 1 to ${MOST_ACROSS}`, '3')
    .option('--tile <pixels>', 'width of each side, 32 to 512', '128')
    .addHelpText('after', '\nExample:\n  campanile sheet out/illusion/*.png --out sheet.webp --across 5\n')
    .action(async (files: string[], given: { out: string; across: string; tile: string }) => {
      const kind = kinds.find((known) => given.out.endsWith(`.${known}`));
      if (!kind)
        throw new RecipeError('--out', `${given.out} is neither`, `give a name that ends in .png or .webp`);
      const across = within('--across', given.across, 1, MOST_ACROSS);
      const tile = within('--tile', given.tile, 32, 512);
      const illusions = await Promise.all(files.map(readIllusion));
      const sides = Math.max(...illusions.map((one) => one.sides.length));
      const { width, height, data } = await labelledSheet(
        illusions.flatMap((one) => tilesOf(one, sides)),
        across * sides,
        tile,
      );
      const { default: sharp } = await import('sharp');
      const sheet = sharp(data, { raw: { width, height, channels: 3 } });
      await writeWhole(
        given.out,
        await (kind === 'png' ? sheet.png({ compressionLevel: 9 }) : sheet.webp({ quality: 82 })).toBuffer(),
        inOut,
      );
      terminal().print(given.out);
    });
}

/** Its sides, and empty places where another illusion has more. */
function tilesOf({ picture, figure: { verdict }, sides }: IllusionFile, places: number): Labelled[] {
  const tiles = sides.map((side, i) => ({
    picture: sideSeen(picture, side),
    label: [verdict && shareSeen(verdict, i), side.caption].filter(Boolean).join(' · '),
  }));
  const blank = { ...picture, data: picture.data.map(() => 255) };
  return [...tiles, ...Array.from({ length: places - sides.length }, () => ({ picture: blank, label: '' }))];
}

function within(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RecipeError(
    option,
    `"${text}" is no number of them`,
    `write a whole number from ${least} to ${most}`,
  );
}
