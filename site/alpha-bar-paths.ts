/**
 * The curve of ᾱ through points, and the share of the picture below it, as paths.
 *
 * @param points  where ᾱ stands, from left to right
 * @param ground  where ᾱ is 0
 */
export function alphaBarPaths(
  points: readonly (readonly [x: number, y: number])[],
  ground: number,
): { readonly curve: string; readonly share: string } {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return { curve: '', share: '' };
  const curve = `M${points.map((point) => point.map((value) => value.toFixed(1)).join(' ')).join('L')}`;
  return { curve, share: `${curve}L${last[0].toFixed(1)} ${ground}L${first[0].toFixed(1)} ${ground}Z` };
}
