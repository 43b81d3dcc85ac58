import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readSafetensors } from '../../src/checkpoint/safetensors.ts';
import { denoise } from '../../src/diffusion/denoise.ts';
import type { NoiseEstimator } from '../../src/diffusion/estimator.ts';
import { karrasSpaced, lambdaSpaced } from '../../src/diffusion/itineraries.ts';
import type { NoiseSource, Timestep } from '../../src/diffusion/process.ts';
import { type SamplerName, samplers } from '../../src/diffusion/samplers.ts';
import { cosineAlphaBar as alphaBar } from '../../src/diffusion/schedule.ts';
import { dynamicThreshold, noThreshold } from '../../src/diffusion/threshold.ts';
import { relativeError } from '../../src/tensor/difference.ts';
import { map, row, stack, type Tensor } from '../../src/tensor/tensor.ts';

interface Case {
  readonly case: string;
  readonly sampler: SamplerName;
  readonly thresholded: boolean;
  readonly timesteps: readonly Timestep[];
}

const folder = fileURLToPath(new URL('samplers/', import.meta.url));
const json = <T>(name: string): T => JSON.parse(readFileSync(folder + name, 'utf8')) as T;
const { cases, timesteps } = json<{ cases: Case[]; timesteps: Record<string, Timestep[]> }>('cases.json');
const tensors = await readSafetensors(`${folder}expected.safetensors`);

/** The line of samplers.py: pixels that are ±1.2, with a deviation of 0.2. */
const estimator: NoiseEstimator = async (x, t) => {
  const a = alphaBar(t);
  const d = a * 0.2 ** 2 + 1 - a;
  const noise = map(x, (value) => {
    const x0 =
      (Math.sqrt(a) * 0.2 ** 2 * value + (1 - a) * 1.2 * Math.tanh((1.2 * Math.sqrt(a) * value) / d)) / d;
    return (value - Math.sqrt(a) * x0) / Math.sqrt(1 - a);
  });
  return { noise };
};

test.each(cases)('$case: every step is that of diffusers', async ({ case: name, sampler, ...run }) => {
  const drawn = tensors.get(`${name}.noise`);
  const noise: NoiseSource = (_, tNext) => row(drawn!, run.timesteps.indexOf(tNext) - 1);
  const threshold = run.thresholded ? dynamicThreshold({ ratio: 0.95, maxValue: 1.5 }) : noThreshold;
  const { timesteps } = run;
  const walk = denoise(tensors.get('start')!, {
    ...{ estimator, alphaBar, timesteps, sampler: samplers[sampler].make(), noise, threshold },
  });
  const xs: Tensor[] = [];
  let step = await walk.next();
  for (; !step.done; step = await walk.next()) if (step.value.index > 0) xs.push(step.value.x);
  xs.push(step.value);
  // diffusers holds σ, λ and their differences in float32: seven digits, less one or two.
  expect(relativeError(stack(xs), tensors.get(`${name}.x`)!)).toBeLessThan(1e-5);
});

test.each(Object.entries(timesteps))('%s: the levels are those of diffusers, each once', (name, expected) => {
  const space = name.startsWith('lambda') ? lambdaSpaced : karrasSpaced;
  const found = space(Number(/\d+$/.exec(name)![0]), { lambdaMin: -10 });
  // diffusers loses the first level of Karras' to rounding: 998.999… cut to a whole number.
  expect(name.startsWith('karras') ? found.slice(1) : found).toEqual([...new Set(expected)]);
});

test('the tensors of the oracle are those that samplers.py made', () => {
  for (const [file, expected] of Object.entries(
    json<{ sha256: Record<string, string> }>('provenance.json').sha256,
  )) {
    const found = createHash('sha256')
      .update(readFileSync(folder + file))
      .digest('hex');
    expect([file, found]).toEqual([file, expected]);
  }
});
