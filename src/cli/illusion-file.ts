import * as z from 'zod';
import { PictureError } from '../errors.ts';
import { asSeen, type PartSeen } from '../experiments/as-seen.ts';
import { figureText } from '../experiments/experiment.ts';
import { fromPicture, type Picture, toPicture } from '../images/picture.ts';
import { readPictureFile } from './recipe-file.ts';

/** What a picture's recipe says of how it is looked at, and of what was seen. */
const figureInside = z.object({
  figure: z.object({
    caption: z.string().default(''),
    view: z.string().optional(),
    turnedCaption: z.string().optional(),
    farCaption: z.string().optional(),
    seed: z.number().optional(),
    sides: z.array(figureText.shape.sides.unwrap().unwrap().element).optional(),
    verdict: z
      .object({ by: z.string().optional(), sides: z.array(z.object({ gain: z.number() })) })
      .optional(),
  }),
});
type Told = z.output<typeof figureInside>['figure'];

/** One way to look at an illusion: through a view, or a part of it, as from afar. */
export interface SideShown {
  readonly view: string;
  readonly caption: string;
  readonly part?: PartSeen | undefined;
}

/** A picture with two sides and more. */
export interface IllusionFile {
  readonly png: Uint8Array;
  readonly picture: Picture;
  readonly figure: Told;
  /** At least two. */
  readonly sides: readonly SideShown[];
}

/**
 * An anagram or a hybrid that was written here, with what its recipe says of its sides.
 *
 * @throws {PictureError} when it cannot be read, or says nothing of another side
 */
export async function readIllusion(file: string): Promise<IllusionFile> {
  const { bytes: png, picture, recipe } = await readPictureFile(file);
  const figure = figureInside.safeParse(recipe).data?.figure;
  const sides = figure ? sidesToldBy(figure) : [];
  if (!figure || sides.length < 2)
    throw new PictureError('picture-recipe', `${file} does not say that it is an anagram or a hybrid`, {
      hint: 'give a picture that campanile anagram, illusion, search, hybrid or pin wrote',
    });
  return { png, picture, figure, sides };
}

/** From as far as the hybrids of the page are seen. */
const AFAR: PartSeen = { factorization: 'hybrid', index: 0 };

function sidesToldBy({ caption, view, turnedCaption = '', farCaption, sides }: Told): SideShown[] {
  if (sides) return sides;
  if (farCaption !== undefined)
    return [
      { view: 'identity', caption: `from afar: ${farCaption}`, part: AFAR },
      { view: 'identity', caption: `from near: ${caption}` },
    ];
  return view === undefined
    ? []
    : [
        { view: 'identity', caption },
        { view, caption: turnedCaption },
      ];
}

/** A picture as a side shows it. */
export const sideSeen = (picture: Picture, side: SideShown): Picture =>
  toPicture(asSeen(fromPicture(picture), side));
