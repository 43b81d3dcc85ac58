import { join } from 'node:path';
import { readSafetensors } from '../checkpoint/safetensors.ts';
import { relativeError } from '../tensor/difference.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { cleanCaption } from '../text/clean-caption.ts';
import { preparePrompt } from '../text/prompt.ts';
import { relativePositionBucket } from '../text/relative-position.ts';
import { openT5, type T5, type T5RunOptions } from '../text/t5.ts';
import { tokenWindow } from '../text/token-window.ts';
import { openTokenizer, type Tokenizer } from '../text/tokenizer.ts';
import { type ParityResult, readListing } from './compare.ts';

const T5_TOLERANCE = 1e-4;

interface TokenizerRow {
  readonly text: string;
  readonly ids: readonly number[];
  readonly padded77: readonly number[];
  readonly mask77_len: number;
  readonly pieces: readonly string[];
  readonly decoded: string;
}

interface CaptionRow {
  readonly text: string;
  readonly plain: string;
  readonly cleaned: string | null;
}

/** Tokenizer, prompt preparation and T5 encoder against the files of a reference folder: `text/` with `tiny-if/`. */
export async function* checkTexts(folder: string): AsyncGenerator<ParityResult> {
  const checkpoint = join(folder, 'tiny-if');
  const { rows } = await readListing<{ rows: TokenizerRow[] }>(join(folder, 'text/tokenizer.json'));
  for (const file of ['spiece.model', 'tokenizer.json'] as const) {
    const tokenizer = await openTokenizer(join(checkpoint, 'tokenizer'), [file]);
    yield exact(`tokenizer, ${file}`, rows, (row) => sameTokens(tokenizer, row));
  }

  const captions = await readListing<CaptionRow[]>(join(folder, 'text/clean-caption.json'));
  yield exact('prompt preparation', captions, ({ text, plain }) => preparePrompt(text) === plain);
  // null where the reference was made without bs4 and ftfy.
  const cleaned = captions.filter((row) => row.cleaned !== null);
  yield exact('prompt preparation, cleaned', cleaned, (row) => cleanCaption(row.text) === row.cleaned);

  const reference = await readSafetensors(join(folder, 'text/t5.safetensors'));
  for (const streaming of [false, true]) {
    await using t5 = await openT5(join(checkpoint, 'text_encoder'), { threads: 1, streaming });
    if (!streaming) yield* checkPositions(reference, t5);
    const worst = await worstOfRuns(reference, t5);
    yield { group: streaming ? 'T5, block by block' : 'T5', worst, tolerance: T5_TOLERANCE };
    if (streaming)
      yield {
        group: 'T5, hidden states',
        worst: await worstHidden(reference, t5),
        tolerance: T5_TOLERANCE,
      };
  }
}

const exact = <Row>(group: string, rows: readonly Row[], same: (row: Row) => boolean): ParityResult => ({
  group,
  worst: rows.filter((row) => !same(row)).length,
  tolerance: 0,
});

function sameTokens(tokenizer: Tokenizer, row: TokenizerRow): boolean {
  const ids = tokenizer.encode(row.text);
  const window = tokenWindow(tokenizer, ids, row.padded77.length);
  return (
    sameList(ids, row.ids) &&
    sameList(window.ids, row.padded77) &&
    window.mask.filter(Boolean).length === row.mask77_len &&
    sameList(tokenizer.pieces(ids), row.pieces) &&
    tokenizer.decode(ids) === row.decoded
  );
}

const sameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/** `bucket.rel` → `bucket.bidirectional`, and `bias<length>`. */
async function* checkPositions(reference: ReadonlyMap<string, Tensor>, t5: T5): AsyncGenerator<ParityResult> {
  const { buckets, maxDistance } = t5.config;
  const expected = reference.get('bucket.bidirectional')!.data;
  const distances = [...reference.get('bucket.rel')!.data.entries()];
  yield exact(
    'T5, buckets of distances',
    distances,
    ([i, distance]) => relativePositionBucket(distance, buckets, maxDistance) === expected[i],
  );
  for (const [key, bias] of reference) {
    const length = /^bias(\d+)$/.exec(key)?.[1];
    if (!length) continue;
    const { data } = await t5.positionBias(Number(length));
    yield {
      group: 'T5, position bias',
      worst: relativeError({ data, shape: bias.shape }, bias),
      tolerance: 0,
    };
  }
}

/** `<name>.ids`, `<name>.mask` → `<name>.out`, and without mask `<name>.out_nomask`. */
async function worstOfRuns(reference: ReadonlyMap<string, Tensor>, t5: T5): Promise<number> {
  let worst = 0;
  for (const [key, ids] of reference) {
    if (!key.endsWith('.ids')) continue;
    const name = key.slice(0, -'.ids'.length);
    const [expected, unmasked] = [reference.get(`${name}.out`), reference.get(`${name}.out_nomask`)];
    if (expected)
      worst = Math.max(worst, relativeError(await run(t5, ids, reference.get(`${name}.mask`)), expected));
    if (unmasked)
      worst = Math.max(
        worst,
        relativeError(await run(t5, firstRows(ids, unmasked.shape[0]!), undefined), unmasked),
      );
  }
  return worst;
}

/** `<name>.hidden.<i>`: after i blocks, the last one normed, for the first rows of `<name>.ids`. */
async function worstHidden(reference: ReadonlyMap<string, Tensor>, t5: T5): Promise<number> {
  let worst = 0;
  for (const [key, first] of reference) {
    if (!key.endsWith('.hidden.0')) continue;
    const name = key.slice(0, -'.hidden.0'.length);
    const count = first.shape[0]!;
    const states: Tensor[] = [];
    const [ids, mask] = [reference.get(`${name}.ids`)!, reference.get(`${name}.mask`)!];
    const last = await run(t5, firstRows(ids, count), firstRows(mask, count), {
      onHidden: (hidden) => states.push(hidden),
    });
    for (const [i, state] of [...states, last].entries())
      worst = Math.max(worst, relativeError(state, reference.get(`${name}.hidden.${i}`)!));
  }
  return worst;
}

function run(t5: T5, ids: Tensor, mask: Tensor | undefined, options?: T5RunOptions): Promise<Tensor> {
  const isToken = mask
    ? listRows(mask).map((row) => row.map((value) => value !== 0))
    : listRows(ids).map((row) => row.map(() => true));
  return t5.run(listRows(ids), isToken, options);
}

const listRows = ({ data, shape }: Tensor): number[][] =>
  Array.from({ length: shape[0]! }, (_, i) => [...data.subarray(i * shape[1]!, (i + 1) * shape[1]!)]);

const firstRows = ({ data, shape }: Tensor, count: number): Tensor => ({
  data: data.subarray(0, count * shape[1]!),
  shape: [count, shape[1]!],
});
