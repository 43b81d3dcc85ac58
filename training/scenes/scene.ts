import type { Light } from './light.ts';
import type { Pen } from './pen.ts';
import type { Rng } from './random.ts';

export const media = ['photo', 'oil', 'lithograph', 'watercolour', 'sketch', 'flat'] as const;
export type Medium = (typeof media)[number];

/** What every drawing function is given. */
export interface Scene {
  p: Pen;
  r: Rng;
  medium: Medium;
  /** in any pose rather than the usual one, see loosen.ts */
  loose?: boolean;
}

/** What a subject says about the picture it drew. */
export interface Drawn {
  light?: Light;
  /** truer words for this very picture, such as 'a red car' */
  words?: string[];
  /** words in the place of the subject's, which would not be true */
  only?: string[];
}

/** A place other things can stand in: it paints everything and says where the ground begins. */
export interface Place {
  light: Light;
  horizon: number;
}

export interface Subject {
  /** how often it is drawn, 1 is usual */
  weight: number;
  words: readonly string[];
  draw(s: Scene): Drawn;
  /** the surroundings, without the subject filling the foreground */
  place?: (s: Scene) => Place;
  /** the thing itself, standing on (x, y), height h */
  thing?: (s: Scene, l: Light, x: number, y: number, h: number) => void;
  /** a thing that hangs in the sky */
  flies?: boolean;
}
