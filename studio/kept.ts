import { useEffect, useState } from 'react';
import { type KeptWalk, readKeptSteps } from '../src/experiments/kept-steps.ts';
import type { FigureInfo, StepEvent, StoredObject } from '../src/server/api-types.ts';
import type { Tensor } from '../src/tensor/tensor.ts';
import { backend } from './backend.ts';
import { canvasOf } from './canvas/canvas.ts';
import { pixelsOf } from './noise.ts';
import type { Walk } from './runs.ts';

/** A walk with all that is kept of its steps; `picture` is the place in its batch of the figure on show. */
export interface Kept extends Walk {
  readonly file: KeptWalk;
  readonly picture: number;
}

/** The steps that led to a figure, as they are kept; undefined while they are on their way, or when they are gone. */
export function useKept(figure: FigureInfo | undefined): Kept | undefined {
  const [kept, setKept] = useState<{ readonly of: string; readonly walk: Kept }>();
  const walk = figure?.walk;
  const of = walk?.kept && `${walk.kept} ${walk.at}`;
  useEffect(() => {
    if (!walk?.kept || !of) return;
    let gone = false;
    read(walk.kept, walk.at).then(
      (found) => !gone && setKept({ of, walk: found }),
      () => undefined, // the oldest steps make room for new ones
    );
    return () => {
      gone = true;
    };
  }, [walk, of]);
  return kept?.of === of ? kept?.walk : undefined;
}

async function read(object: string, picture: number): Promise<Kept> {
  const response = await fetch(backend.objectUrl(object));
  if (!response.ok) throw new Error('the steps are not kept any more');
  const file = readKeptSteps(new Uint8Array(await response.arrayBuffer()));
  const steps = file.steps.map(({ index, t, tNext }, i): StepEvent => {
    const seen = (plane: 'x' | 'x0') => pictured(file.plane(i, plane, picture)!);
    const told = { type: 'step', stage: file.stage, label: file.label, count: file.count } as const;
    const progress = { done: 0, total: 0 };
    return { ...told, index, calls: 0, t, tNext, batch: 1, x: seen('x'), x0: seen('x0'), progress };
  });
  return { label: file.label, count: file.count, steps, file, picture };
}

/** Values as a picture that an image can show. */
export function pictured(values: Tensor): StoredObject {
  const pixels = pixelsOf(values);
  const { canvas, pen } = canvasOf(pixels.width, pixels.height);
  pen.putImageData(pixels, 0, 0);
  return { object: '', url: canvas.toDataURL(), width: pixels.width, height: pixels.height };
}
