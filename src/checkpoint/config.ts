import * as z from 'zod';
import { files } from '#platform/files';
import { CheckpointError, DownloadError } from '../errors.ts';
import { plainly } from '../plainly.ts';

const DAMAGED = 'the file is damaged, or of a newer kind';

/**
 * Reads a JSON file of a checkpoint and checks it against what is known of it.
 *
 * @throws {CheckpointError} 'file-missing' or 'config', naming the key and what was found there
 */
export async function readConfig<S extends z.ZodType>(file: string, schema: S): Promise<z.output<S>> {
  let text: string;
  try {
    text = await files.text(file);
  } catch (cause) {
    if (cause instanceof DownloadError) throw cause;
    throw new CheckpointError('file-missing', `${file} cannot be read`, {
      file,
      cause,
      hint: 'pull the model again, or point at its folder',
    });
  }
  return parseConfig(text, schema, file);
}

export function parseConfig<S extends z.ZodType>(text: string, schema: S, file: string): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new CheckpointError('config', `${file} is not JSON`, { file, cause, hint: DAMAGED });
  }
  const result = schema.safeParse(json, { reportInput: true });
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const at = issue.path.join('.');
  throw new CheckpointError('config', `${file}: ${at ? `"${at}": ` : ''}${plainly(issue)}`, {
    file,
    hint: DAMAGED,
  });
}

/** What model_index.json says: the pipeline's class, and for each component where it comes from, or that it is left out. */
export const modelIndexSchema = z.looseObject({ _class_name: z.string() });

/** diffusers' schedulers, with the defaults of DDPMScheduler. */
export const schedulerSchema = z
  .looseObject({
    num_train_timesteps: z.int().positive().default(1000),
    beta_schedule: z.enum(['linear', 'scaled_linear', 'squaredcos_cap_v2']).default('linear'),
    beta_start: z.number().default(1e-4),
    beta_end: z.number().default(0.02),
    trained_betas: z.null().default(null),
    rescale_betas_zero_snr: z.literal(false).default(false),
    prediction_type: z.literal('epsilon').default('epsilon'),
    variance_type: z.string().nullable().default('fixed_small'),
    thresholding: z.boolean().default(false),
    dynamic_thresholding_ratio: z.number().min(0).max(1).default(0.995),
    sample_max_value: z.number().positive().default(1),
    clip_sample: z.boolean().default(true),
    clip_sample_range: z.number().positive().default(1),
  })
  .transform((config) => ({
    schedule: {
      numTrainTimesteps: config.num_train_timesteps,
      betaSchedule: config.beta_schedule,
      betaStart: config.beta_start,
      betaEnd: config.beta_end,
    },
    thresholding: config.thresholding,
    dynamicThresholdingRatio: config.dynamic_thresholding_ratio,
    sampleMaxValue: config.sample_max_value,
    clipSample: config.clip_sample,
    clipSampleRange: config.clip_sample_range,
  }));
export type SchedulerConfig = z.output<typeof schedulerSchema>;
