import type { StepEvent } from '../../jobs/job.ts';
import type { ServerContext } from '../context.ts';
import { openaiError, problemOf } from '../problem.ts';
import type { Frame as StreamFrame } from '../sse.ts';
import { finish, type Run } from './borrowed.ts';
import { given } from './given.ts';
import { now, type Order, toldOf } from './openai-asked.ts';

const usage = {
  total_tokens: 0,
  input_tokens: 0,
  output_tokens: 0,
  input_tokens_details: { text_tokens: 0, image_tokens: 0 },
};

/** As many partial pictures as were asked for, spread over the run, then the picture, or what went wrong. */
export async function* partials(
  context: ServerContext,
  { asked, capability, frame, warnings }: Order,
  run: Run,
  gone: AbortSignal,
): AsyncGenerator<StreamFrame> {
  const kind = capability === 'text-to-image' ? 'image_generation' : 'image_edit';
  const told = {
    created_at: now(),
    size: asked.size ?? 'auto',
    quality: 'auto',
    background: 'opaque',
    output_format: 'png',
  };
  const wanted = asked.partial_images ?? 0;
  const ready = new Mailbox<StreamFrame>();
  let index = 0;
  const look = async ({ x0, progress: { fraction = 0 } }: StepEvent) => {
    if (index >= wanted || fraction < (index + 1) / (wanted + 1)) return;
    const type = `${kind}.partial_image`;
    const b64_json = (await given(context, x0, frame, { readable: '' })).toString('base64');
    ready.put({ event: type, data: { type, b64_json, partial_image_index: index++, ...told } });
  };
  const result = finish(context, run, gone, look).finally(() => ready.close());
  result.catch(() => {}); // told below
  yield* ready;
  try {
    const { figure, warnings: more } = await result;
    const b64_json = (await given(context, figure, frame, toldOf(run))).toString('base64');
    const said = [...warnings, ...more];
    const type = `${kind}.completed`;
    const data = { type, b64_json, ...told, usage, ...(said.length ? { warnings: said } : {}) };
    yield { event: type, data };
  } catch (error) {
    yield { event: 'error', data: { type: 'error', error: openaiError(problemOf(error)) } };
  }
}

/** What is put in comes out, in its order, until it is closed and empty. */
class Mailbox<T> {
  readonly #waiting: T[] = [];
  #closed = false;
  #wake = () => {};

  put(item: T): void {
    this.#waiting.push(item);
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const item = this.#waiting.shift();
      if (item !== undefined) yield item;
      else if (this.#closed) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
