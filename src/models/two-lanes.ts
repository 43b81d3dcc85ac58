import { closedBy } from '../closable.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Lanes } from './lanes.ts';
import { checkEmbeddings, type TextContext, type Unet } from './unet.ts';

/**
 * A network that runs two calls side by side, each on half of the threads, and a call that is alone on all of them. Threads
 * that share one call wait for each other at every layer: both branches of guidance in 64 pixels took 58 ms one after the other on
 * two threads, and 46 side by side. The price is memory: the network is opened up to three times, the halves when first needed.
 *
 * @param start  opens the network on so many threads
 * @param threads  an even number
 * @param lanes  those of another network that is asked at the same time: both share the threads
 */
export function twoLanes(start: (threads: number) => Unet, threads: number, lanes = new Lanes()): Unet {
  const whole = start(threads);
  const halves: Unet[] = [];
  const texts = new WeakMap<TextContext, (lane: Unet) => Promise<TextContext>>();

  function half(i: number): Unet {
    halves[i] ??= start(threads / 2);
    return halves[i];
  }

  const inLane = async (lane: Unet, text: TextContext | Promise<TextContext>): Promise<TextContext> =>
    texts.get(await text)!(lane);

  return {
    config: whole.config,
    weights: whole.weights,
    parameters: whole.parameters,
    async text(embeddings, mask) {
      const [rows, tokens] = checkEmbeddings(embeddings, mask, whole.config);
      const context: TextContext = { rows, tokens, values: {}, mask };
      const ofLane = new Map<Unet, Promise<TextContext>>();
      texts.set(context, (lane) => {
        const known = ofLane.get(lane) ?? lane.text(embeddings, mask);
        ofLane.set(lane, known);
        return known;
      });
      return context;
    },
    step: (sample, t, text, options) =>
      new Promise<Tensor>((resolve, reject) => {
        // It may fail before it is this call's turn, and is told of then.
        if (text instanceof Promise) text.catch(() => undefined);
        lanes.ask(async (i) => {
          const lane = i === 'both' ? whole : half(i);
          try {
            resolve(await lane.step(sample, t, inLane(lane, text), options));
          } catch (error) {
            reject(error);
          }
        });
      }),
    ...closedBy(async () => {
      await Promise.all([whole, ...halves].map((lane) => lane.close()));
    }),
  };
}
