import * as z from 'zod';
import { promptText } from '../../experiments/params.ts';
import type { Job } from '../../jobs/job.ts';
import { unheeded } from './borrowed.ts';

const side = z.number().int().min(8).max(2048).optional();

/** What txt2img and img2img of A1111's API share. What is not heeded is told in the answer's warnings. */
export const txt2img = z.looseObject({
  prompt: promptText.default(''),
  steps: z.number().int().nullish(),
  cfg_scale: z.number().nullish(),
  seed: z.number().int().default(-1),
  width: side,
  height: side,
  sampler_name: z.string().nullish(),
  sampler_index: z.string().nullish().describe('the older word for sampler_name'),
  batch_size: z.number().int().min(1).max(4).default(1),
  n_iter: z.number().int().min(1).max(4).default(1),
  send_images: z.boolean().default(true),
});

export const img2img = txt2img.extend({
  init_images: z.array(z.string()).min(1).max(1),
  mask: z.string().nullish(),
  inpainting_mask_invert: z.union([z.literal(0), z.literal(1), z.boolean()]).default(0),
  mask_blur: z.number().min(0).max(64).default(0).describe('σ of the mask’s edge, in pixels of the picture'),
  denoising_strength: z.number().min(0).max(1).default(0.75),
  resize_mode: z.number().int().min(0).max(3).nullish().describe('1, cut to shape, is what is done'),
});

export type A1111Asked = z.output<typeof txt2img> & Partial<z.output<typeof img2img>>;

export const called = {
  steps: 'steps',
  guidance: 'cfg_scale',
  strength: 'denoising_strength',
  sampler: 'sampler_name',
};

/** Values with which clients fill in what they do not use. */
const idle = {
  eta: [1],
  s_noise: [1],
  s_tmax: [0, Number.POSITIVE_INFINITY],
  initial_noise_multiplier: [1],
  image_cfg_scale: [0, 1.5],
  inpainting_fill: [1],
  inpaint_full_res_padding: [0, 32],
  scheduler: ['Automatic', 'automatic'],
  override_settings_restore_afterwards: [true],
  denoising_strength: [0, 0.7, 0.75],
};

/** What only the second pass reads, which is asked for by `enable_hr`. */
const secondPass = /^(hr_|firstphase_)/;

/** What of a body the fields heed, and a line for the rest of it. */
export function a1111Heeded(
  body: Readonly<Record<string, unknown>>,
  fields: typeof txt2img | typeof img2img,
): { asked: A1111Asked; warnings: string[] } {
  const heeded = Object.keys(fields.shape);
  const sent = Object.entries(body).filter(([name]) => !secondPass.test(name));
  return {
    asked: Object.fromEntries(sent.filter(([name]) => heeded.includes(name))) as A1111Asked,
    warnings: unheeded(Object.fromEntries(sent), heeded, idle),
  };
}

/** Nothing is stretched here, nor filled up. */
export const resizedOtherwise = ({ resize_mode: mode }: A1111Asked): string[] =>
  mode === 1 || mode === undefined || mode === null
    ? []
    : [`resize_mode: ${mode} is passed over, what has another shape is cut in its middle`];

/** A1111's line about a picture: what was really done. */
export function infotextOf(
  asked: A1111Asked,
  { job, seed, model }: { job?: Job | undefined; seed: number; model: string },
  { width, height }: { width: number; height: number },
): string {
  const { steps, sampler, guidanceScale } = (job?.recipe.params ?? {}) as Record<string, unknown>;
  const facts = {
    Steps: job ? steps : 0,
    Sampler: sampler,
    'CFG scale': guidanceScale,
    Seed: seed,
    Size: `${width}x${height}`,
    Model: model,
    'Denoising strength': asked.init_images ? asked.denoising_strength : undefined,
  };
  const line = Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');
  return `${asked.prompt}\n${line}`;
}
