import { join } from 'node:path';
import { readSafetensors } from '../checkpoint/safetensors.ts';
import { conditionedOn, upscaleCondition } from '../diffusion/cascade.ts';
import { type DenoiseOptions, denoise, resultOf } from '../diffusion/denoise.ts';
import { guided, type NoiseEstimator } from '../diffusion/estimator.ts';
import { keepClean, type Projection } from '../diffusion/inpaint.ts';
import { noisePerImage, noiseStream } from '../diffusion/noise.ts';
import { type AlphaBar, addNoise, type NoiseSource, type Timestep } from '../diffusion/process.ts';
import { ddpm } from '../diffusion/samplers.ts';
import { endingClean, lastShare, presetTimesteps, spaced } from '../diffusion/schedule.ts';
import { absoluteError } from '../tensor/difference.ts';
import { map, repeat, stack, type Tensor } from '../tensor/tensor.ts';
import { openTextEncoder } from '../text/encoder.ts';
import { type ParityResult, readListing, tensorNamed } from './compare.ts';
import { noisingAlphaBar, openStage, type ReferenceStage } from './stages.ts';

interface Call {
  readonly prompt: string;
  readonly negative_prompt: string;
  readonly num_inference_steps: number;
  readonly guidance_scale: number;
  readonly seed: number;
}

interface Edit extends Omit<Call, 'prompt' | 'negative_prompt'> {
  readonly strength: number;
}

interface Enlargement extends Omit<Call, 'prompt' | 'negative_prompt'> {
  /** The name of a tensor. */
  readonly image: string;
  readonly noise_level: number;
}

interface Batch {
  readonly prompts: readonly string[];
  readonly steps: number;
}

interface Calls {
  readonly t2i: Call;
  readonly i2i: Edit;
  readonly inpaint: Edit;
  readonly 't2i.batch': Batch & { readonly num_images_per_prompt: number };
  readonly 't2i.genlist': Batch & { readonly seeds: readonly number[] };
}

/** What all groups of this folder are made from. */
interface Fixture {
  readonly calls: Calls;
  readonly base: ReferenceStage;
  /** A tensor of the reference. */
  get(name: string): Tensor;
  encode(prompt: string): Promise<Tensor>;
  result(group: string, found: Tensor, name?: string): ParityResult;
}

const TOLERANCE = 2e-3;

/** diffusers' own IF pipelines on the tiny checkpoints: text, picture and inpainting in stage I, and super-resolution. */
export async function* checkPipelines(folder: string): AsyncGenerator<ParityResult> {
  const tensors = await readSafetensors(join(folder, 'pipelines', 'pipelines.safetensors'));
  const { calls } = await readListing<{ calls: Calls }>(join(folder, 'pipelines', 'pipelines.json'));
  await using base = await openStage(folder, 'tiny-if');
  await using upscaler = await openStage(folder, 'tiny-if-ii');
  await using encoder = await openTextEncoder(join(folder, 'tiny-if'), { cache: false });
  const get = (name: string) => tensorNamed(tensors, name);
  const fixture: Fixture = {
    calls,
    base,
    get,
    encode: async (prompt) => (await encoder.encode(prompt)).embeddings,
    result: (group, found, name = `${group}.out`) => ({
      group: `pipelines/${group}`,
      worst: absoluteError(found, get(name)),
      tolerance: TOLERANCE,
    }),
  };
  yield* checkTextToImage(fixture);
  yield* checkBatches(fixture);
  yield* checkEdits(fixture);
  yield* checkEnlargements(fixture, upscaler, await noisingAlphaBar(folder));
}

/** Stage I as the pipelines walk it: IF's sampler, dynamic thresholding, and x̂₀ at the end. */
function walk(
  { alphaBar, threshold }: ReferenceStage,
  start: Tensor,
  run: Pick<DenoiseOptions, 'estimator' | 'timesteps' | 'noise' | 'project'>,
): ReturnType<typeof denoise> {
  return denoise(start, { alphaBar, threshold, sampler: ddpm(), ...run });
}

/** The same from noise. */
const walkFromNoise = (
  stage: ReferenceStage,
  { estimator, timesteps, noise }: { estimator: NoiseEstimator; timesteps: Timestep[]; noise: NoiseSource },
): ReturnType<typeof denoise> =>
  walk(stage, noise('start', timesteps[0]!), { estimator, timesteps: endingClean(timesteps), noise });

async function* checkTextToImage({
  calls: { t2i },
  base,
  get,
  encode,
  result,
}: Fixture): AsyncGenerator<ParityResult> {
  const [text, nothing] = [await encode(t2i.prompt), await encode(t2i.negative_prompt)];
  yield result('prompt_embeds', text, 'prompt_embeds');
  yield result('negative_prompt_embeds', nothing, 'negative_prompt_embeds');

  const prompt = base.estimator(text);
  const estimator = guided(prompt, base.estimator(nothing), t2i.guidance_scale);
  const noise = () => noiseStream(t2i.seed, get('t2i.out').shape);

  const timesteps = spaced(t2i.num_inference_steps);
  const after = await statesAfterSteps(walkFromNoise(base, { estimator, timesteps, noise: noise() }));
  const picture = after.at(-1)!;
  const worst = Math.max(...after.map((x, i) => absoluteError(x, get(`t2i.x.${i}`))));
  yield { group: 'pipelines/t2i.steps', worst, tolerance: TOLERANCE };
  yield result('t2i', picture);
  const unit = map(picture, (value) => Math.min(1, Math.max(0, value / 2 + 0.5)));
  yield result('t2i.np', channelsLast(unit), 't2i.np');

  const plain = walkFromNoise(base, { estimator: prompt, timesteps: spaced(5), noise: noise() });
  yield result('t2i.noguidance', await resultOf(plain), 't2i.noguidance');
  const fast = walkFromNoise(base, { estimator, timesteps: presetTimesteps('fast27'), noise: noise() });
  yield result('t2i.fast27', await resultOf(fast), 't2i.fast27');
}

/** x after each step: x before the next one, and the result after the last. */
async function statesAfterSteps(steps: ReturnType<typeof denoise>): Promise<Tensor[]> {
  const before: Tensor[] = [];
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return [...before.slice(1), value];
    before.push(value.x);
  }
}

/** Several prompts at once: noise from one generator for all of them, and from one for each. */
async function* checkBatches({ calls, base, get, encode, result }: Fixture): AsyncGenerator<ParityResult> {
  const { guidance_scale: scale, seed } = calls.t2i;
  const draw = async (prompts: readonly string[], steps: number, noise: NoiseSource) => {
    const texts = stack(await Promise.all(prompts.map(encode)));
    const nothing = repeat(await encode(''), prompts.length);
    const estimator = guided(base.estimator(texts), base.estimator(nothing), scale);
    return resultOf(walkFromNoise(base, { estimator, timesteps: spaced(steps), noise }));
  };
  const { prompts, num_images_per_prompt: copies, steps } = calls['t2i.batch'];
  const copied = prompts.flatMap((prompt) => Array.from({ length: copies }, () => prompt));
  const together = noiseStream(seed, get('t2i.batch').shape);
  yield result('t2i.batch', await draw(copied, steps, together), 't2i.batch');
  const list = calls['t2i.genlist'];
  const alone = noisePerImage(list.seeds, get('t2i.genlist').shape.slice(1));
  yield result('t2i.genlist', await draw(list.prompts, list.steps, alone), 't2i.genlist');
}

async function* checkEdits({ calls, base, get, encode, result }: Fixture): AsyncGenerator<ParityResult> {
  const [prompt, nothing] = [
    base.estimator(await encode(calls.t2i.prompt)),
    base.estimator(await encode('')),
  ];
  const image = get('image');
  const edit = (call: Edit, project?: Projection) => {
    const timesteps = lastShare(endingClean(spaced(call.num_inference_steps)), call.strength);
    const first = timesteps[0]!;
    const noise = noiseStream(call.seed, image.shape);
    const noised = addNoise(image, noise('forward', first), base.alphaBar(first));
    const estimator = guided(prompt, nothing, call.guidance_scale);
    return resultOf(walk(base, project?.(noised, first) ?? noised, { estimator, timesteps, noise, project }));
  };
  yield result('i2i', await edit(calls.i2i));
  yield result('inpaint', await edit(calls.inpaint, keepClean(get('mask'), image)));
}

/** Every call that is named `sr.…`, at whatever size its result has. */
async function* checkEnlargements(
  { calls, get, encode, result }: Fixture,
  upscaler: ReferenceStage,
  noising: AlphaBar,
): AsyncGenerator<ParityResult> {
  const [text, nothing] = [await encode(calls.t2i.prompt), await encode(calls.t2i.negative_prompt)];
  for (const [name, call] of Object.entries(calls) as [string, Enlargement][]) {
    if (!name.startsWith('sr.')) continue;
    const { shape } = get(`${name}.out`);
    const enlarge = (nudge: number): Promise<Tensor> => {
      const timesteps = spaced(call.num_inference_steps);
      const noise = noiseStream(call.seed, shape);
      const start = map(noise('start', timesteps[0]!), (value, i) => value + (i % 2 === 0 ? nudge : -nudge));
      const size = shape.slice(2) as [number, number];
      const condition = upscaleCondition(get(call.image), size, call.noise_level, noising, noise);
      const showing = (embeddings: Tensor) =>
        conditionedOn(() => upscaler.conditioned(embeddings), condition, call.noise_level)('');
      const estimator = guided(showing(text), showing(nothing), call.guidance_scale);
      return resultOf(walk(upscaler, start, { estimator, timesteps: endingClean(timesteps), noise }));
    };
    const larger = await enlarge(0);
    const held = result(name, larger);
    if (held.worst <= held.tolerance) yield held;
    else {
      // Some random networks amplify: then no float32 engine can be closer than its own rounding is carried.
      const moved = absoluteError(await enlarge(1e-6), larger);
      yield { ...held, note: `a change of 1e-6 in x_T moves this result by ${moved.toExponential(1)}` };
    }
  }
}

/** [N, C, H, W] → [N, H, W, C]. */
function channelsLast({ data, shape }: Tensor): Tensor {
  const [n, c, h, w] = shape as [number, number, number, number];
  const plane = h * w;
  const result = new Float32Array(data.length);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < c; k++)
      for (let p = 0; p < plane; p++) result[(i * plane + p) * c + k] = data[(i * c + k) * plane + p]!;
  return { data: result, shape: [n, h, w, c] };
}
