import { machine } from '#platform/machine';
import { rows, stack, type Tensor } from '../tensor/tensor.ts';
import { lastFew } from './last-few.ts';
import type { StepOptions, TextContext, Unet } from './unet.ts';

/** Pictures in one call: a card is busy with fewer, and its memory has to hold what the layers pass on for all. */
const MOST_ROWS = 16;
/** Prompts side by side that stay ready: a walk asks for the same ones at every step. */
const READY = 8;

/** A call that waits: its pictures, and for each of them what belongs to it. */
interface Call {
  readonly pictures: readonly Tensor[];
  readonly t: readonly number[];
  readonly labels: readonly number[] | undefined;
  readonly text: TextContext;
  readonly resolve: (answer: Tensor) => void;
  readonly reject: (error: unknown) => void;
}

const perRow = (value: number | readonly number[], count: number): readonly number[] =>
  typeof value === 'number' ? Array<number>(count).fill(value) : value;

/**
 * A network whose calls are one call where they come together and are of one size: a card takes hardly longer for several pictures
 * than for one. What comes while it computes is the next call. Each picture keeps its own prompt, timestep and noise level.
 */
export function inOneCall(unet: Unet): Unet {
  const embeddings = new WeakMap<TextContext, Tensor>();
  const ids = new WeakMap<TextContext, number>();
  const joined = lastFew<TextContext>(READY);
  let count = 0;
  let waiting: Call[] = [];
  let running = false;

  /** The prompts of all pictures as the rows of one, or the one that all share. */
  function together(calls: readonly Call[]): Promise<TextContext> {
    const texts = calls.flatMap(({ text, pictures }) => pictures.map((_, row) => ({ text, row })));
    const [first] = texts;
    if (texts.every(({ text }) => text === first!.text && text.rows === 1))
      return Promise.resolve(first!.text);
    const key = texts.map(({ text, row }) => `${ids.get(text)} ${row % text.rows}`).join(', ');
    return joined(key, () =>
      unet.text(stack(texts.map(({ text, row }) => rows(embeddings.get(text)!)[row % text.rows]!))),
    );
  }

  async function ask(calls: readonly Call[]): Promise<void> {
    try {
      const labels = calls[0]!.labels && calls.flatMap((call) => call.labels!);
      const answer = await unet.step(
        stack(calls.flatMap(({ pictures }) => pictures)),
        calls.flatMap(({ t }) => t),
        await together(calls),
        { labels },
      );
      const found = rows(answer);
      for (const { pictures, resolve } of calls) resolve(stack(found.splice(0, pictures.length)));
    } catch (error) {
      // A card that has no room for all of them may have it for each.
      if (calls.length > 1) for (const call of calls) await ask([call]);
      else calls[0]!.reject(error);
    }
  }

  async function run(): Promise<void> {
    running = true;
    // Who asks together has asked by then.
    await machine.nextTurn();
    while (waiting.length > 0) {
      const calls = fitting(waiting);
      waiting = waiting.filter((call) => !calls.includes(call));
      await ask(calls);
    }
    running = false;
  }

  return {
    ...unet,
    async text(given, mask) {
      const context = await unet.text(given, mask);
      embeddings.set(context, given);
      ids.set(context, count++);
      return context;
    },
    async step(sample, t, text, { labels }: StepOptions = {}) {
      const read = await text;
      const number = sample.shape[0] ?? 0;
      // What is wrong is told to its asker alone, and a mask belongs to one prompt.
      const fits = number > 0 && (read.rows === 1 || read.rows === number) && !read.mask;
      const each = perRow(t, number);
      const noise = labels === undefined ? undefined : perRow(labels, number);
      if (!fits || each.length !== number || (noise && noise.length !== number))
        return unet.step(sample, t, read, { labels });
      return new Promise<Tensor>((resolve, reject) => {
        waiting.push({ pictures: rows(sample), t: each, labels: noise, text: read, resolve, reject });
        if (!running) void run();
      });
    },
  };
}

/** The first call, and what is of its kind and finds room beside it. */
function fitting([first, ...others]: readonly Call[]): Call[] {
  const kind = ({ pictures, labels, text }: Call) =>
    `${pictures[0]!.shape} ${labels !== undefined} ${text.tokens}`;
  const calls = [first!];
  let taken = first!.pictures.length;
  for (const call of others) {
    if (kind(call) !== kind(first!) || taken + call.pictures.length > MOST_ROWS) continue;
    calls.push(call);
    taken += call.pictures.length;
  }
  return calls;
}
