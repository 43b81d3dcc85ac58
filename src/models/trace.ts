import { openEngine } from '../engine/session.ts';
import { graphWeights } from '../engine/weights.ts';
import type { Graph } from '../graph/builder.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { sinusoid } from './sinusoid.ts';
import { graphOptionsFor, readUnet, stepFeeds, type UnetOptions } from './unet.ts';
import { stepGraph, textGraph } from './unet-graph.ts';

export interface TraceInputs {
  readonly sample: Tensor;
  readonly t: number | readonly number[];
  readonly text: Tensor;
  readonly labels?: readonly number[] | undefined;
}

/**
 * One pass through the network with the output of every named piece of it: blocks, resnets, attention blocks and their
 * parts, by the names of diffusers' modules and in their layout; the result under `out`.
 */
export async function traceUnet(
  folder: string,
  { sample, t, text, labels }: TraceInputs,
  options: UnetOptions = {},
): Promise<Map<string, Tensor>> {
  const { config, weights } = await readUnet(folder);
  const stored = graphWeights(weights);
  const engine = openEngine(options);
  try {
    const form = { ...graphOptionsFor(options), trace: true };
    const opened = (graph: Graph) => engine.open(graph.encode(), weights);
    const ofText = await opened(textGraph(config, stored, form));
    const ofStep = await opened(stepGraph(config, stored, form));
    const values = await ofText.keep({ text });
    const traced = await ofText.run({ text });
    const context = { rows: text.shape[0]!, tokens: text.shape[1]!, values, mask: undefined };
    const inputs = stepFeeds(config, sample, t, context, { labels });
    const width = config.down[0]!.channels;
    return new Map([
      ...Object.entries(traced),
      ...Object.entries(await ofStep.run(inputs)),
      ['time_proj', sinusoid([t].flat(), width, config)],
      ...(labels ? [['time_proj#2', sinusoid(labels, width, config)] as const] : []),
    ]);
  } finally {
    await engine.close();
  }
}
