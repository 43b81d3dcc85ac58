import * as z from 'zod';
import { files } from '#platform/files';
import { parseConfig } from '../checkpoint/config.ts';
import { inspectWeights } from '../checkpoint/inspect.ts';
import { openWeights } from '../checkpoint/weights.ts';
import type { Classifier } from '../diffusion/verdict.ts';
import { openEngine, type Session } from '../engine/session.ts';
import { graphWeights } from '../engine/weights.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { Graph, type GraphWeights, type Value } from '../graph/builder.ts';
import * as op from '../graph/ops.ts';
import { checkImages, checkList } from '../tensor/check.ts';
import { stack, type Tensor } from '../tensor/tensor.ts';

const configSchema = z.looseObject({
  kind: z.literal('judge'),
  sampleSize: z.int().positive(),
  widths: z.array(z.int().positive()).min(2),
  subjects: z.array(z.object({ name: z.string(), words: z.array(z.string()).min(1) })).min(1),
});
type JudgeConfig = z.output<typeof configSchema>;

/** A small classifier beside a checkpoint: how readable its subjects are in a picture. It knows nothing of noise. */
export interface Judge {
  /** sha256 over config.json and weights: part of the recipe of what was chosen or balanced by it. */
  readonly fingerprint: string;
  /** The name of the subject that a prompt asks for; nothing where it asks for none that the judge knows. */
  subjectOf(prompt: string): string | undefined;
  /**
   * How readable each prompt's subject is, from 0 to 1, a mean over looks that an eye takes for the same.
   *
   * @throws {ArgumentError} of a prompt whose subject it does not know
   */
  readonly classify: Classifier;
  /** Gives back its thread and memory. */
  close(): Promise<void>;
}

/** What a checkpoint's judge is called in its folder. */
const FOLDER = 'judge';

/**
 * The judge in the folder of a checkpoint; nothing where it has none.
 *
 * @throws {CheckpointError} when its files are not what they should be
 */
export async function openJudge(folder: string): Promise<Judge | undefined> {
  if (!(await files.names(folder)).includes(FOLDER)) return undefined;
  const place = files.join(folder, FOLDER);
  const file = files.join(place, 'config.json');
  const text = await files.text(file);
  const config = parseConfig(text, configSchema, file);
  const weights = await openWeights(place, 'model');
  const fingerprint = await inspectWeights(weights, text);
  return startJudge(config, fingerprint, async () => {
    // It is small: one thread, and on the processor whatever the pictures are made on.
    const engine = openEngine({ threads: 1 });
    const session = await engine.open(judgeGraph(config, graphWeights(weights)).encode(), weights);
    return { session, close: () => engine.close() };
  });
}

interface Opened {
  readonly session: Session;
  close(): Promise<void>;
}

function startJudge(config: JudgeConfig, fingerprint: string, open: () => Promise<Opened>): Judge {
  const { sampleSize, subjects } = config;
  const words = subjects.flatMap(({ name, words }) => words.map((word) => ({ name, word })));
  const subjectOf = (prompt: string): string | undefined => subjectAsked(prompt, words);
  let opened: Promise<Opened> | undefined;
  return {
    fingerprint,
    subjectOf,
    async classify(picture, prompts) {
      checkImages('picture to be judged', picture, 3);
      checkList('prompts', prompts);
      const { shape } = picture;
      if (shape[0] !== 1 || shape[2] !== sampleSize || shape[3] !== sampleSize)
        throw new ShapeError('picture to be judged', shape, `[1, 3, ${sampleSize}, ${sampleSize}]`);
      const places = prompts.map((prompt) => subjects.findIndex(({ name }) => name === subjectOf(prompt)));
      const unknown = prompts[places.indexOf(-1)];
      if (unknown !== undefined)
        throw new ArgumentError('prompt', unknown, 'a prompt with a subject that the judge knows');
      opened ??= open();
      const { session } = await opened;
      const { readable } = await session.run({ pictures: looks(picture) });
      return places.map((place) => meanOfColumn(readable!, place));
    },
    close: async () => (await opened)?.close(),
  };
}

/** The subject with the longest word that a prompt holds: "an old man" asks for the old man, not for any. */
export function subjectAsked(
  prompt: string,
  words: readonly { readonly name: string; readonly word: string }[],
): string | undefined {
  const text = ` ${prompt.toLowerCase().replace(/[^\p{L}\p{N}-]+/gu, ' ')} `;
  const found = words.filter(({ word }) => text.includes(` ${word} `));
  return found.toSorted((a, b) => b.word.length - a.word.length)[0]?.name;
}

/** Looks that an eye takes for the same picture: as it is, and shifted by a pixel or two. Softer ones were tried: they agree less with eyes. */
const SHIFTS = [
  [0, 0],
  [2, -1],
  [-1, 2],
  [-2, -2],
] as const;

/** [looks, 3, S, S] */
const looks = (picture: Tensor): Tensor => stack(SHIFTS.map(([y, x]) => shifted(picture, y, x)));

/** Moved by whole pixels; what is left open at the edges repeats them. */
function shifted({ data, shape }: Tensor, dy: number, dx: number): Tensor {
  const [h, w] = shape.slice(-2) as [number, number];
  const within = (place: number, size: number) => Math.min(size - 1, Math.max(0, place));
  const moved = Float32Array.from(data, (_, i) => {
    const [y, x] = [Math.floor(i / w) % h, i % w];
    return data[i - y * w - x + within(y - dy, h) * w + within(x - dx, w)]!;
  });
  return { data: moved, shape };
}

function meanOfColumn({ data, shape }: Tensor, column: number): number {
  const [rows, columns] = shape as [number, number];
  let total = 0;
  for (let row = 0; row < rows; row++) total += data[row * columns + column]!;
  return total / rows;
}

/**
 * Convolutions of which each block halves the picture, past which goes the mean of 2 × 2 pixels; then what is there on the whole,
 * and what is there most. Norms were folded into the convolutions (training/train_judge.py).
 */
export function judgeGraph({ sampleSize, widths, subjects }: JudgeConfig, weights: GraphWeights): Graph {
  const graph = new Graph(weights);
  let x = graph.input('pictures', ['looks', 3, sampleSize, sampleSize]);
  x = op.relu(op.conv(x, 'stem', 2));
  for (let i = 0; i + 1 < widths.length; i++) x = block(x, `blocks.${i}`);
  const last = widths.at(-1)!;
  const pooled = op.concat([op.globalMean(x), op.globalMost(x)], 1);
  const logits = op.linear(op.reshape(pooled, ['looks', 2 * last]), 'head');
  graph.output('readable', op.sigmoid({ ...logits, shape: ['looks', subjects.length] }));
  return graph;
}

const block = (x: Value, name: string): Value => {
  const inside = op.conv(op.relu(op.conv(x, `${name}.one`, 2)), `${name}.two`);
  return op.relu(op.add(inside, op.conv(op.averagePool2(x), `${name}.past`)));
};
