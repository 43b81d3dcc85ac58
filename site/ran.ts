import type { Experiment, Figure } from '../src/experiments/index.ts';
import type { Models } from '../src/models/model.ts';
import type { Asked } from './address.ts';
import { run } from './running.ts';
import type { Taken } from './taken.ts';

/** A run that came to its end: what was asked, its steps, and its pictures. */
export interface Ran {
  readonly asked: Asked;
  readonly steps: readonly Taken[];
  readonly figures: readonly Figure[];
}

export interface Follower {
  step(taken: Taken): void;
  warning(message: string): void;
}

/** Runs a figure to its end, and tells each step on the way. */
export async function followed(
  experiment: Experiment,
  asked: Asked,
  { models, signal }: { models: Models; signal: AbortSignal },
  follower: Follower,
): Promise<Ran> {
  const steps: Taken[] = [];
  const figures: Figure[] = [];
  for await (const happening of run(experiment, asked, models, signal)) {
    signal.throwIfAborted();
    if (happening.type === 'warning') follower.warning(happening.message);
    else if (happening.type === 'figure') figures.push(happening.figure);
    else {
      steps.push(happening.taken);
      follower.step(happening.taken);
    }
  }
  return { asked, steps, figures };
}

/** The figure that shows where the last step led; without steps, the last that was computed. */
export function mainOf({ figures, steps }: Ran): Figure | undefined {
  const last = steps.at(-1);
  if (!last) return figures.findLast(({ seed }) => seed !== undefined);
  const { width, height, data } = last.x0;
  const far = ({ image: { shape, data: values } }: Figure): number => {
    if (shape[3] !== width || shape[2] !== height) return Number.POSITIVE_INFINITY;
    const plane = width * height;
    let total = 0;
    for (let c = 0; c < 3; c++)
      for (let i = 0; i < plane; i++)
        total += (Math.min(1, Math.max(-1, values[c * plane + i]!)) - (data[3 * i + c]! / 127.5 - 1)) ** 2;
    return total;
  };
  const distances = figures.map(far);
  return figures[distances.indexOf(Math.min(...distances))];
}
