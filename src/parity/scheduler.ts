import { join } from 'node:path';
import { readSafetensors } from '../checkpoint/safetensors.ts';
import type { NoiseEstimate } from '../diffusion/estimator.ts';
import {
  addNoise,
  CLEAN,
  noiseFromVelocity,
  noiseFromX0,
  predictX0,
  type Timestep,
} from '../diffusion/process.ts';
import { takeStep } from '../diffusion/sampler.ts';
import { ddpm } from '../diffusion/samplers.ts';
import {
  alphaBarOf,
  alphasCumprod,
  betas,
  presetNames,
  presetTimesteps,
  type Spacing,
  spaced,
} from '../diffusion/schedule.ts';
import {
  dynamicThreshold,
  noThreshold,
  quantile,
  staticThreshold,
  type Threshold,
} from '../diffusion/threshold.ts';
import { absoluteError, relativeError } from '../tensor/difference.ts';
import { channels, row, rows, stack, type Tensor } from '../tensor/tensor.ts';
import { type ParityResult, readListing, tensorNamed } from './compare.ts';

interface Config {
  readonly beta_schedule?: 'squaredcos_cap_v2';
  readonly variance_type?: string;
  readonly prediction_type?: string;
  readonly thresholding?: boolean;
  readonly clip_sample?: boolean;
  readonly dynamic_thresholding_ratio?: number;
  readonly sample_max_value?: number;
}

interface Case {
  readonly tag: string;
  readonly config: Config;
  readonly timesteps: Timestep[] | null;
  readonly num_inference_steps: number | null;
  readonly t: Timestep;
  readonly prev_t: Timestep;
}

interface Listing {
  readonly leading: Record<string, Timestep[]>;
  readonly spacing: Record<string, Timestep[]>;
  readonly presets: Record<string, Timestep[]>;
  readonly cases: Case[];
}

const NO_LOOK = () => Promise.reject(new Error('one estimate is enough'));

const schedule = { numTrainTimesteps: 1000, betaSchedule: 'squaredcos_cap_v2' } as const;

/** diffusers' DDPMScheduler: ᾱ, timesteps, presets, thresholding, add_noise and single steps. */
export async function* checkScheduler(folder: string): AsyncGenerator<ParityResult> {
  const tensors = await readSafetensors(join(folder, 'scheduler', 'scheduler.safetensors'));
  const listing = await readListing<Listing>(join(folder, 'scheduler', 'scheduler.json'));
  const get = (name: string) => tensorNamed(tensors, name);
  const alphaBar = alphaBarOf(schedule);

  const table = (data: Float32Array): Tensor => ({ data, shape: [data.length] });
  const tables = [
    relativeError(table(betas(schedule)), get('betas')),
    relativeError(table(alphasCumprod(schedule)), get('alphas_cumprod')),
  ];
  yield { group: 'scheduler/tables', worst: Math.max(...tables), tolerance: 1e-5 };
  yield { group: 'scheduler/timesteps', worst: differentLists(listing), tolerance: 0 };

  const noised = rows(get('add_noise.x0')).map((x0, i) =>
    addNoise(x0, row(get('add_noise.noise'), i), alphaBar(get('add_noise.t').data[i]!)),
  );
  yield {
    group: 'scheduler/add_noise',
    worst: relativeError(stack(noised), get('add_noise.out')),
    tolerance: 1e-5,
  };

  const input = get('threshold.in');
  const quantiles = rows(input).map(({ data }) => quantile(data.map(Math.abs), 0.95));
  const thresholds = [...tensors.keys()].filter((key) => key.startsWith('threshold.max'));
  const errors = thresholds.map((key) =>
    absoluteError(
      dynamicThreshold({ ratio: 0.95, maxValue: Number(key.slice('threshold.max'.length)) })(input),
      get(key),
    ),
  );
  yield {
    group: 'scheduler/threshold',
    worst: Math.max(relativeError(table(Float32Array.from(quantiles)), get('threshold.quantile')), ...errors),
    tolerance: 1e-5,
  };

  for (const { tag, config, t, prev_t: tNext } of listing.cases) {
    const x = get('step.sample');
    const out = get('step.model_output');
    const learned = config.variance_type === 'learned_range';
    const said = channels(out, 0, 3);
    const a = alphaBar(t);
    const noise = {
      epsilon: said,
      v_prediction: noiseFromVelocity(x, said, a),
      sample: noiseFromX0(x, said, a),
    }[config.prediction_type ?? 'epsilon']!;
    const estimate: NoiseEstimate = { noise, variance: learned ? channels(out, 3, 6) : undefined };
    const x0 = thresholdOf(config)(predictX0(x, noise, a));
    const variance = config.variance_type === 'fixed_large' ? 'large' : 'small';
    const step = { index: 0, t, tNext: tNext < 0 ? CLEAN : tNext, x, x0, estimate, past: [] };
    const { to: next } = await takeStep(
      ddpm({ variance }),
      step,
      alphaBar,
      () => get(`${tag}.noise`),
      NO_LOOK,
    );
    const worst = Math.max(relativeError(x0, get(`${tag}.x0`)), relativeError(next, get(`${tag}.prev`)));
    yield { group: `scheduler/${tag}`, worst, tolerance: 1e-5 };
  }
}

function thresholdOf({
  thresholding,
  clip_sample: clipped = true,
  dynamic_thresholding_ratio: ratio = 0.995,
  sample_max_value: maxValue = 1,
}: Config): Threshold {
  if (thresholding) return dynamicThreshold({ ratio, maxValue });
  return clipped ? staticThreshold(1) : noThreshold;
}

/** How many of the lists of timesteps are not as diffusers gives them. */
function differentLists({ leading, spacing, presets }: Listing): number {
  const same = (a: readonly number[], b: readonly number[]) =>
    a.length === b.length && a.every((t, i) => t === b[i]);
  const pairs: [Timestep[], Timestep[]][] = [
    ...Object.entries(leading).map(([n, list]): [Timestep[], Timestep[]] => [spaced(Number(n)), list]),
    ...Object.entries(spacing).map(([key, list]): [Timestep[], Timestep[]] => {
      const [, kind, offset, n] = /^(\w+?)_offset(\d+)_(\d+)$/.exec(key)!;
      return [spaced(Number(n), kind as Spacing, Number(offset)), list];
    }),
    ...Object.entries(presets).map(([name, list]): [Timestep[], Timestep[]] => {
      const known = presetNames.find((p) => p === name);
      return [known ? presetTimesteps(known) : [], list];
    }),
  ];
  return pairs.filter(([found, expected]) => !same(found, expected)).length;
}
