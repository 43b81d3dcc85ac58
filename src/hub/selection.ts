import { DownloadError } from '../errors.ts';
import { weightFiles } from '../weight-files.ts';

export interface Selection {
  /** Also the text encoder and its tokenizer (`true`), or nothing else (`'only'`). Default false. */
  readonly text?: boolean | 'only' | undefined;
  /** Half the size, unless 32 bits are wanted. What is missing is replaced by the other kind. Default 'half'. */
  readonly precision?: 'half' | 'full' | undefined;
}

/** Small files without which a stage cannot be opened, and the words that belong to it. */
const DESCRIPTIONS = [
  'model_index.json',
  'LICENSE',
  'LICENSE.md',
  'LICENSE.txt',
  'unet/config.json',
  'scheduler/scheduler_config.json',
  'image_noising_scheduler/scheduler_config.json',
  // Companions are recognised by their configuration; campanile runs neither, so their weights stay where they are.
  'safety_checker/config.json',
  'watermarker/config.json',
  'feature_extractor/preprocessor_config.json',
];
const TOKENIZER = ['spiece.model', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json'];

/**
 * Of all files of a repository, those that campanile reads: never all of it, and never a pickle.
 *
 * A stage keeps its parts in folders; a repository with nothing but a T5 encoder keeps it at the top.
 *
 * @throws {DownloadError} `no-weights` when the network has no complete set of safetensors
 */
export function selectFiles(
  paths: readonly string[],
  { text = false, precision = 'half' }: Selection = {},
): string[] {
  const there = new Set(paths);
  const stage = there.has('model_index.json') || paths.some((path) => path.startsWith('unet/'));
  const [encoder, tokenizer] = stage ? ['text_encoder/', 'tokenizer/'] : ['', ''];
  const wanted = [...DESCRIPTIONS];
  if (stage && text !== 'only') wanted.push(...weightsIn('unet/', paths, precision));
  if (!stage || text)
    wanted.push(
      `${encoder}config.json`,
      ...weightsIn(encoder, paths, precision),
      ...TOKENIZER.map((name) => tokenizer + name),
    );
  return [...new Set(wanted)].filter((path) => there.has(path));
}

/** One complete set of weights in one precision: a single file, or all its parts and the index that names them. */
function weightsIn(folder: string, paths: readonly string[], precision: 'half' | 'full'): string[] {
  const names = paths
    .filter((path) => path.startsWith(folder) && !path.slice(folder.length).includes('/'))
    .map((path) => path.slice(folder.length));
  const found = weightFiles(names, precision === 'half' ? ['fp16', 'bf16', ''] : ['', 'bf16', 'fp16']);
  const whole = found.find(({ complete }) => complete);
  if (whole) return [whole.entry, ...whole.parts].map((name) => folder + name);
  const pickled = names.some((name) => /\.(?:bin|pth|ckpt)$/.test(name));
  throw new DownloadError(
    'no-weights',
    `no complete set of safetensors in ${folder || 'the top folder'}${pickled ? ', only pickled weights (.bin)' : ''}`,
    {
      hint: pickled
        ? 'a pickle can run code when it is opened, so it is not fetched: choose a repository or revision with safetensors'
        : 'is this a pixel diffusion model in the layout of diffusers, for example DeepFloyd/IF-I-M-v1.0?',
    },
  );
}
