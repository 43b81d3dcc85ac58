import { viewNamed } from '../../src/diffusion/named-view.ts';
import { identity } from '../../src/diffusion/views.ts';
import type { Extra, ExtraGiven, MakeExtra, Params } from '../extra.ts';

type Fetched = () => Promise<MakeExtra>;

const compare: Fetched = async () => (await import('./compare.ts')).extra;
const besideTruth =
  (...ids: readonly string[]): Fetched =>
  async () =>
    (await import('./truth.ts')).besideTruth(...ids);
const row =
  (...options: Parameters<typeof import('./row.ts').row>): Fetched =>
  async () =>
    (await import('./row.ts')).row(...options);
const evidence =
  (...sidesOf: Parameters<typeof import('./evidence.ts').evidence>): Fetched =>
  async () =>
    (await import('./evidence.ts')).evidence(...sidesOf);

const first = (list: unknown): string => String([list].flat()[0]);

const anagramSides = ({ prompts, hidden, view }: Params) => [
  { prompt: first(prompts), view: identity },
  { prompt: first(hidden), view: viewNamed(String(view)) },
];

/** From a little change to a new picture. */
const rowOfEdits = row({
  name: 'iStarts',
  values: () => [20, 10, 7, 5, 3, 1],
  called: (i) => `i_start = ${i}`,
  button: 'A row over i_start',
});

/** The word of an experiment → what its figure shows beside; fetched when such a figure opens. */
const extras: Readonly<Record<string, readonly Fetched[]>> = {
  sampling: [
    row({
      name: 'steps',
      values: () => [5, 10, 20, 40],
      called: (steps) => `${steps} steps`,
      button: 'A row over the number of steps',
    }),
  ],
  forward: [async () => (await import('./histogram.ts')).extra],
  blur: [async () => (await import('./best-blur.ts')).extra],
  'one-step': [besideTruth('denoised')],
  iterative: [
    async () => (await import('./questions.ts')).closestQuestion,
    besideTruth('one-step', 'iterative'),
  ],
  'pure-noise': [
    row({
      name: 'seed',
      values: (seed) => [0, 1, 2, 3, 4].map((i) => (seed + i) % 2 ** 32),
      called: (seed) => `seed ${seed}`,
      button: 'Five dice',
    }),
  ],
  guidance: [
    async () => (await import('./questions.ts')).coloursQuestion,
    row({
      name: 'guidanceScale',
      values: () => [0, 1, 3, 7, 12],
      called: (gamma) => `γ = ${gamma}`,
      button: 'A row over γ',
    }),
  ],
  sdedit: [async () => (await import('./questions.ts')).changeQuestion, compare, rowOfEdits],
  drawings: [compare, rowOfEdits],
  inpaint: [async () => (await import('./put-back.ts')).extra, compare],
  edit: [compare, rowOfEdits],
  anagram: [
    async () => (await import('./questions.ts')).clearerQuestion(anagramSides),
    evidence(anagramSides),
  ],
  hybrid: [async () => (await import('./split.ts')).extra],
  illusion: [
    evidence(({ prompts, views }) =>
      (prompts as string[]).map((prompt, i) => ({ prompt, view: viewNamed((views as string[])[i]!) })),
    ),
  ],
};

export const extrasOf = (experiment: string, given: ExtraGiven): Promise<Extra[]> =>
  Promise.all((extras[experiment] ?? []).map(async (fetched) => (await fetched())(given)));
