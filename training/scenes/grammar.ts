import type { Rng } from './random.ts';
import type { Drawn, Medium } from './scene.ts';

const openings: Record<Medium, readonly string[]> = {
  photo: [
    'a photo of',
    'a photo of',
    'a high quality photo of',
    'a photograph of',
    'an image of',
    '',
    '',
    '',
  ],
  oil: [
    'an oil painting of',
    'an oil painting of',
    'a painting of',
    'an oil painting of',
    'an oil portrait of',
  ],
  lithograph: ['a lithograph of', 'a lithograph of', 'an engraving of', 'a black and white lithograph of'],
  watercolour: ['a watercolor of', 'a watercolor painting of', 'a watercolour of'],
  sketch: ['a pencil sketch of', 'a sketch of', 'a pencil drawing of'],
  flat: ['an illustration of', 'a cartoon of', 'a drawing of', 'a simple drawing of'],
};

/** The words that say nothing of the picture: an "empty" prompt that still means a photo. */
export const plainCaption = 'a high quality photo';

export function caption(r: Rng, medium: Medium, words: readonly string[], drawn: Drawn): string {
  const special = drawn.only ?? (drawn.words?.length && r.chance(0.4) ? drawn.words : words);
  const noun = r.pick(special);
  const opening = r.pick(
    openings[medium].filter((o) => o !== 'an oil portrait of' || /man|woman|barista/.test(noun)),
  );
  const hour = drawn.light && r.chance(0.25) ? ` ${drawn.light.words}` : '';
  return `${opening} ${noun}${hour}`.trim();
}
