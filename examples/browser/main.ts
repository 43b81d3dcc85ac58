// A page of its own: the model is fetched once (30 MB), computes in a worker, and its picture clears up on a canvas.
import {
  ddpm,
  denoise,
  EMBEDDED,
  endingClean,
  guided,
  noiseStream,
  openModel,
  spaced,
  toPicture,
} from 'campanile';

const model = await openModel(EMBEDDED);
const noise = noiseStream(180, [1, 3, model.sampleSize, model.sampleSize]);
const estimator = guided(model.estimator('a rocket ship'), model.estimator(''), 7);
const timesteps = endingClean(spaced(20, 'leading'));
const way = { ...model, estimator, timesteps, sampler: ddpm(), noise };
for await (const { t, x0 } of denoise(noise('start', timesteps[0]!), way)) show(t, toPicture(x0));

function show(t: number, { width, height, data }: ReturnType<typeof toPicture>): void {
  const pixels = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) pixels.data.set([...data.subarray(3 * i, 3 * i + 3), 255], 4 * i);
  const canvas = document.querySelector('canvas')!;
  canvas.getContext('2d')!.putImageData(pixels, 0, 0);
  canvas.title = `t = ${t}`;
}
