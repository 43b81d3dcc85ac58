import { expect, test } from 'vitest';
import imageToImage from '../experiments/image-to-image.ts';
import { takenOver } from './branch-options.ts';

const before = { prompt: 'a dog', upscale: true, upscaleSteps: 2 };

test.each([
  [
    'what does nothing with what was typed is left',
    before,
    { upscale: false },
    { prompt: 'a dog', upscale: false },
  ],
  [
    'so with a named itinerary',
    before,
    { upscalePreset: 'super27' },
    { prompt: 'a dog', upscale: true, upscalePreset: 'super27' },
  ],
  ['the rest goes on', { ...before, seed: 3 }, { seed: 4 }, { ...before, seed: 4 }],
  [
    'what was typed stays, and is refused where it does nothing',
    { upscale: false },
    { upscaleSteps: 2 },
    { upscale: false, upscaleSteps: 2 },
  ],
])('a branch takes over what the run before was given: %s', (_, run, typed, together) => {
  expect(takenOver(imageToImage, run, typed)).toEqual(together);
});
