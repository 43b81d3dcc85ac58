import { sourcesOf } from '../diffusion/places.ts';
import type { View } from '../diffusion/view.ts';
import { RecipeError } from '../errors.ts';
import type { Picture } from '../images/picture.ts';

/**
 * Views as pictures: the colour of a place says which pixel is shown there, red its column and green its row, both counted
 * from 0; blue is 0. As it is, the picture of `identity` says nothing but where each pixel lies: whoever cuts it in pieces
 * and lays them otherwise has made a view.
 */

/** Sides of a view: its places are written down in a recipe. */
export const MOST_PLACES = 64;

/**
 * What `placedView` makes a view of, read from a picture.
 *
 * @param name  what to call it in messages
 * @throws {RecipeError} when it is no square, too large, or has a colour that is no place in it
 */
export function sourcesIn({ width, height, channels, data }: Picture, name: string): number[] {
  if (width !== height || width > MOST_PLACES)
    throw new RecipeError(
      'view',
      `${name} has ${width} × ${height} pixels`,
      `a view is a square of at most ${MOST_PLACES} × ${MOST_PLACES}: campanile view identity --out map.png makes one to begin with`,
    );
  return Array.from({ length: width * height }, (_, i) => {
    const [column = 0, row = 0, blue = 0] = data.subarray(i * channels, i * channels + 3);
    if (blue === 0 && column < width && row < height) return row * width + column;
    throw new RecipeError(
      'view',
      `${name} has the colour ${column}, ${row}, ${blue} at row ${Math.floor(i / width)}, column ${i % width}`,
      `red is the column of the pixel that is shown there and green its row, from 0 to ${width - 1}; blue is 0`,
    );
  });
}

/** The pixel shown at each place of a view, row by row: what `placedView` takes. */
export function placesOf(view: View, side: number): number[] {
  const sources = sourcesOf(view, side, side);
  if (sources) return [...sources];
  throw new RecipeError(
    'view',
    `${view.name} does something else than move pixels, or shows one twice`,
    'a file says which pixel goes where: choose a view that moves them',
  );
}

/** The picture of a view of side × side places, from which `sourcesIn` reads it again. */
export const pictureOfPlaces = (sources: readonly number[], side: number): Picture => ({
  width: side,
  height: side,
  channels: 3,
  data: Uint8Array.from(sources.flatMap((source) => [source % side, Math.floor(source / side), 0])),
});
