/** Formulas that several sections apply. */
import type { Formula } from './experiment.ts';

export const noising: Formula = {
  tex: 'x_t = \\sqrt{\\bar{\\alpha}_t} x_0 + \\sqrt{1 - \\bar{\\alpha}_t} \\epsilon, \\quad \\epsilon \\sim \\mathcal{N}(0, 1)',
  plain:
    'x at level t is the root of alpha-bar t times the picture, plus the root of one minus alpha-bar t times noise',
};

export const blurring: Formula = {
  tex: '\\hat{x}_0 = G_{\\sigma} * x_t',
  plain: 'the estimated picture is x at level t, blurred by a Gaussian of width sigma',
};

export const cleaning: Formula = {
  tex: '\\hat{x}_0 = \\frac{x_t - \\sqrt{1 - \\bar{\\alpha}_t} \\epsilon}{\\sqrt{\\bar{\\alpha}_t}}',
  plain:
    'the estimated picture is x at level t, less the root of one minus alpha-bar t times the noise, over the root of alpha-bar t',
};

export const stepping: Formula = {
  tex: "x_{t'} = \\frac{\\sqrt{\\bar{\\alpha}_{t'}} \\beta_t}{1 - \\bar{\\alpha}_t} \\hat{x}_0 + \\frac{\\sqrt{\\alpha_t} (1 - \\bar{\\alpha}_{t'})}{1 - \\bar{\\alpha}_t} x_t + v_\\sigma",
  plain:
    'x at the next level is a weighted sum of the estimated clean picture and x at this level, plus a little new noise',
};

export const guiding: Formula = {
  tex: '\\epsilon = \\epsilon_u + \\gamma (\\epsilon_c - \\epsilon_u)',
  plain:
    'the noise is the unconditional estimate plus gamma times the difference of the conditional and the unconditional one',
};
