// The embedded checkpoint draws one picture in diffusers and here: seed 180, 20 steps, guidance 7. Exit code 1 below 45 dB.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSafetensors } from '../dist/checkpoint/safetensors.js';
import {
  ddpm,
  denoise,
  endingClean,
  guided,
  noiseStream,
  resultOf,
  spaced,
} from '../dist/diffusion/index.js';
import { openModel } from '../dist/models/open.js';
import { psnr } from '../dist/tensor/psnr.js';

const [
  checkpoint = fileURLToPath(new URL('../checkpoints/campanile', import.meta.url)),
  prompt = 'a rocket ship',
] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'campanile-picture-'));
try {
  const out = join(scratch, 'picture.safetensors');
  const script = fileURLToPath(new URL('same_picture.py', import.meta.url));
  execFileSync(process.env.PYTHON ?? 'python3', [script, checkpoint, prompt, out], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const theirs = (await readSafetensors(out)).get('picture');

  const model = await openModel(checkpoint);
  const timesteps = endingClean(spaced(20));
  const noise = noiseStream(180, [3, model.sampleSize, model.sampleSize]);
  const estimator = guided(model.estimator(prompt), model.estimator(''), 7);
  const { alphaBar, threshold } = model;
  const ours = await resultOf(
    denoise(noise('start', timesteps[0]), {
      estimator,
      alphaBar,
      threshold,
      timesteps,
      sampler: ddpm(),
      noise,
    }),
  );
  await model.close();

  const decibels = psnr(ours, theirs);
  console.log(`"${prompt}", 20 steps, guidance 7, seed 180: ${decibels.toFixed(1)} dB alike`);
  process.exitCode = decibels >= 45 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true });
}
