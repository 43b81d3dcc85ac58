import { checkKey, checkNumber, checkObject } from '../tensor/check.ts';
import { map, weightedSum } from '../tensor/tensor.ts';
import { dpmSolver2M, sdeDpmSolver2M } from './dpm-solver.ts';
import { heun } from './heun.ts';
import { CLEAN, type Timestep } from './process.ts';
import { records } from './records.ts';
import type { Sampler } from './sampler.ts';
import { unipc } from './unipc.ts';

// float32 like torch's scalars: for near levels 1 − α has few digits left, and these should be the same ones.
const float32 = Math.fround;
const oneMinus = (value: number): number => float32(1 - value);

/**
 * Ancestral sampling over any pair of levels, with the variance the model learned.
 *
 *     α = ᾱ_t/ᾱ_t′,  β = 1−α
 *     x_t′ = √ᾱ_t′·β/(1−ᾱ_t)·x̂₀ + √α·(1−ᾱ_t′)/(1−ᾱ_t)·x_t + σ·z          (DDPM, eq. 7)
 *     log σ² = f·log β + (1−f)·log β̃,  f = (v+1)/2,  β̃ = (1−ᾱ_t′)/(1−ᾱ_t)·β          (Improved DDPM, eq. 15)
 *
 * A model without learned variance gets σ² = β̃, or β with `variance: 'large'`. From t = 0 nothing is added and nothing
 * is drawn.
 *
 * @see Ho et al. 2020, arXiv 2006.11239; Nichol, Dhariwal 2021, arXiv 2102.09672
 */
export function ddpm(options: { variance?: 'small' | 'large' } = {}): Sampler {
  checkObject('options', options, '{ variance }');
  const { variance = 'small' } = options;
  checkKey('variance', variance, { small: 'β̃', large: 'β' });
  return ({ t, tNext, x, x0, estimate }, alphaBar, noise) => {
    const a = alphaBar(t);
    const aNext = alphaBar(tNext);
    const alpha = float32(a / aNext);
    const beta = oneMinus(alpha);
    const mean = weightedSum(
      [(Math.sqrt(aNext) * beta) / oneMinus(a), x0],
      [(Math.sqrt(alpha) * oneMinus(aNext)) / oneMinus(a), x],
    );
    if (t === 0) return mean;
    const z = noise('step', tNext);
    const logLarge = Math.log(beta);
    const logSmall = Math.log(Math.max((oneMinus(aNext) / oneMinus(a)) * beta, 1e-20));
    const v = estimate.variance?.data;
    if (!v) return weightedSum([1, mean], [Math.exp((variance === 'large' ? logLarge : logSmall) / 2), z]);
    return map(mean, (m, i) => {
      const f = (v[i]! + 1) / 2;
      return m + Math.exp((f * logLarge + (1 - f) * logSmall) / 2) * z.data[i]!;
    });
  };
}

/**
 * The implicit sampler; with η = 0 the same noise always gives the same picture, with η = 1 it is DDPM with σ² = β̃.
 *
 *     x_t′ = √ᾱ_t′·x̂₀ + √(1−ᾱ_t′−σ²)·ε + σ·z          (DDIM, eq. 12)
 *     σ = η·√((1−ᾱ_t′)/(1−ᾱ_t))·√(1−ᾱ_t/ᾱ_t′)          (DDIM, eq. 16)
 *
 * @see Song, Meng, Ermon 2021, arXiv 2010.02502
 */
export function ddim(options: { eta?: number } = {}): Sampler {
  checkObject('options', options, '{ eta }');
  const { eta = 0 } = options;
  checkNumber('eta', eta, { min: 0, max: 1 });
  return ({ t, tNext, x0, estimate }, alphaBar, noise) => {
    const a = alphaBar(t);
    const aNext = alphaBar(tNext);
    const sigma = eta * Math.sqrt(((1 - aNext) / (1 - a)) * (1 - a / aNext));
    const direction = weightedSum(
      [Math.sqrt(aNext), x0],
      [Math.sqrt(Math.max(0, 1 - aNext - sigma ** 2)), estimate.noise],
    );
    return sigma === 0 ? direction : weightedSum([1, direction], [sigma, noise('step', tNext)]);
  };
}

/** A sampler as it is offered: how it is made, and what is said of it. */
export interface SamplerRecord {
  /** As papers call it. */
  readonly title: string;
  /** A sampler that has taken no step yet. */
  readonly make: () => Sampler;
  /** The levels at which a run down these timesteps asks for an estimate. */
  readonly asksAt: (timesteps: readonly Timestep[]) => readonly Timestep[];
}

const whereItLeaves = (timesteps: readonly Timestep[]): readonly Timestep[] => timesteps.slice(0, -1);
const atBothEnds = (timesteps: readonly Timestep[]): readonly Timestep[] => [
  ...whereItLeaves(timesteps),
  ...timesteps.slice(1).filter((t) => t !== CLEAN),
];

/** All samplers, by the name that options and forms use. */
export const samplers = records<SamplerRecord>()({
  ddpm: { title: 'DDPM', make: ddpm, asksAt: whereItLeaves },
  ddim: { title: 'DDIM', make: ddim, asksAt: whereItLeaves },
  dpmpp_2m: { title: 'DPM-Solver++ 2M', make: dpmSolver2M, asksAt: whereItLeaves },
  dpmpp_2m_sde: { title: 'SDE-DPM-Solver++ 2M', make: sdeDpmSolver2M, asksAt: whereItLeaves },
  unipc: { title: 'UniPC', make: unipc, asksAt: whereItLeaves },
  heun: { title: 'Heun', make: heun, asksAt: atBothEnds },
});
/** Name of a sampler. */
export type SamplerName = keyof typeof samplers;
/** All of them, for forms and options. */
export const samplerNames = Object.keys(samplers) as [SamplerName, ...SamplerName[]];
