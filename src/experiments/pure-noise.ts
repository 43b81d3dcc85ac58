import { defineExperiment } from './experiment.ts';
import { stepping } from './formulas.ts';
import { samples, samplesParams } from './samples.ts';

export default defineExperiment({
  id: 'pure-noise',
  title: 'Diffusion model sampling',
  text: 'The same loop also denoises a picture that is nothing but noise. There is no original to come back to: the model has to invent one.',
  remark: 'Some of the pictures made from pure noise are not so good.',
  params: samplesParams({ guidanceScale: 1 }),
  positional: ['prompt'],
  lead: ['seed'],
  applies: [stepping],
  example: 'campanile pure-noise --count 5',
  parts: samples,
});
