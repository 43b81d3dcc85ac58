import type { Rng } from './random.ts';

export type Rgb = readonly [number, number, number];
/** [0, 255] numbers or '#rrggbb' */
export type Colour = Rgb | string;

export function rgb(colour: Colour): Rgb {
  if (typeof colour !== 'string') return colour;
  const n = Number.parseInt(colour.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

export function mix(from: Colour, to: Colour, part: number): Rgb {
  const a = rgb(from);
  const b = rgb(to);
  return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part, a[2] + (b[2] - a[2]) * part];
}

export function css(colour: Colour, alpha = 1): string {
  const [r, g, b] = rgb(colour);
  return `rgba(${r | 0},${g | 0},${b | 0},${alpha})`;
}

export const darker = (colour: Colour, part: number): Rgb => mix(colour, [8, 8, 20], part);
export const lighter = (colour: Colour, part: number): Rgb => mix(colour, [255, 255, 250], part);

/** The colour, a little brighter or darker and a little off in hue. */
export function jittered(rng: Rng, colour: Colour, most = 14): Rgb {
  const all = rng.between(-most, most);
  const off = (v: number) => Math.max(0, Math.min(255, v + all + rng.between(-most, most) * 0.6));
  const [r, g, b] = rgb(colour);
  return [off(r), off(g), off(b)];
}
