import type { Experiment } from './experiment.ts';

/** Each experiment by its id, as code of its own: a worker loads what it is asked to run, and not the twenty others. */
const files: Readonly<Record<string, () => Promise<{ readonly default: Experiment }>>> = {
  sampling: () => import('./sampling.ts'),
  forward: () => import('./forward-process.ts'),
  blur: () => import('./gaussian-denoising.ts'),
  'one-step': () => import('./one-step-denoising.ts'),
  iterative: () => import('./iterative-denoising.ts'),
  'pure-noise': () => import('./pure-noise.ts'),
  guidance: () => import('./guidance.ts'),
  sdedit: () => import('./sdedit.ts'),
  drawings: () => import('./hand-drawn.ts'),
  inpaint: () => import('./inpainting.ts'),
  edit: () => import('./text-conditional.ts'),
  anagram: () => import('./visual-anagrams.ts'),
  hybrid: () => import('./hybrid-images.ts'),
  sample: () => import('./sample.ts'),
  img2img: () => import('./image-to-image.ts'),
  'inpaint-clean': () => import('./clean-inpainting.ts'),
  illusion: () => import('./illusion.ts'),
  search: () => import('./search.ts'),
  factorize: () => import('./factorized-images.ts'),
  pin: () => import('./pinned-images.ts'),
};

/** Command words of all, in the order of the page and then of the tools. */
export const experimentIds: readonly string[] = Object.keys(files);

export const loadExperiment = async (id: string): Promise<Experiment | undefined> =>
  (await files[id]?.())?.default;
