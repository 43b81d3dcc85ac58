import { defineExperiment } from './experiment.ts';
import { samples, samplesParams } from './samples.ts';

export default defineExperiment({
  id: 'guidance',
  title: 'Classifier-free guidance',
  text: 'The idea is borrowed from caricature: at every step the noise is estimated a second time, with a truly empty prompt, and the picture is pushed along the difference of the two, past what the prompt alone would give. γ says how far; γ = 1 is no push at all.',
  formula: [
    {
      tex: '\\epsilon = \\epsilon_u + \\gamma (\\epsilon_c - \\epsilon_u)',
      plain:
        'the noise is the unconditional estimate plus gamma times the difference of the conditional and the unconditional one',
    },
  ],
  remark: 'The same noise as above, pushed: clearer subjects, stronger colours.',
  params: samplesParams({ guidanceScale: 7 }),
  positional: ['prompt'],
  example: 'campanile guidance "a tropical forest" --guidance 7',
  parts: samples,
});
