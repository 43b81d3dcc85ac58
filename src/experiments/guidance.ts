import { defineExperiment } from './experiment.ts';
import { guiding } from './formulas.ts';
import { samples, samplesParams } from './samples.ts';

export default defineExperiment({
  id: 'guidance',
  title: 'Classifier-free guidance',
  text: 'The idea is borrowed from caricature: at every step the noise is estimated a second time, with a truly empty prompt, and the picture is pushed along the difference of the two, past what the prompt alone would give. γ says how far; γ = 1 is no push at all.',
  formula: [guiding],
  remark: 'The same noise as above, pushed: clearer subjects, stronger colours.',
  params: samplesParams({ guidanceScale: 7 }),
  positional: ['prompt'],
  lead: ['guidanceScale'],
  example: 'campanile guidance "a tropical forest" --guidance 7',
  parts: samples,
});
