import { floatToHalf, halvesToFloats } from '../tensor/float16.ts';
import { sizeOf, type Tensor } from '../tensor/tensor.ts';
import type { RunEvent } from './experiment.ts';

/** What is kept of each step: x_t, x̂₀ as it was used, the noise that was removed and, where it was guided, its two estimates. */
export const PLANES = ['x', 'x0', 'noise', 'conditional', 'unconditional'] as const;
export type Plane = (typeof PLANES)[number];

export interface KeptStep {
  readonly index: number;
  readonly t: number;
  readonly tNext: number;
  /** γ, where it was guided. */
  readonly scale?: number;
  readonly planes: readonly Plane[];
}

/** What a file of kept steps says of them; the numbers come after it. */
export interface KeptHead {
  readonly stage: 'base' | 'upscaler';
  readonly label: string;
  /** Steps of the walk; those that are kept may be fewer. */
  readonly count: number;
  /** Of each plane, [N, 3, H, W]. */
  readonly shape: readonly number[];
  readonly steps: readonly KeptStep[];
}

/**
 * The steps of a walk as a file:
 *
 *     "CMPSTEPS" (8)  length of the head, little-endian (4)  head, JSON  zeros to a multiple of 2
 *     for each step, for each of its planes: N·3·H·W numbers of half precision, little-endian
 */
const MAGIC = new TextEncoder().encode('CMPSTEPS');

export const areKeptSteps = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

type Told = RunEvent & { type: 'step' };

/** Takes the steps of one walk in, in half precision: as many as fit, evenly spread, always the last. */
export class StepKeeper {
  readonly #most: number;
  readonly #steps: KeptStep[] = [];
  readonly #numbers: Uint16Array[] = [];
  #wanted: ReadonlySet<number> | undefined;
  #head: Omit<KeptHead, 'steps'> | undefined;

  /** @param mostBytes  of the file, without its head */
  constructor(mostBytes: number) {
    this.#most = mostBytes;
  }

  hear({ stage, label, count, index, step }: Told): void {
    const { guidance } = step.estimate;
    const seen: Record<Plane, Tensor | undefined> = {
      x: step.x,
      x0: step.x0,
      noise: step.estimate.noise,
      conditional: guidance?.conditional,
      unconditional: guidance?.unconditional,
    };
    const planes = PLANES.filter((plane) => seen[plane] !== undefined);
    this.#head ??= { stage, label, count, shape: step.x.shape };
    this.#wanted ??= evenly(count, this.#most / (2 * planes.length * sizeOf(step.x.shape)));
    if (!this.#wanted.has(index)) return;
    const { t, tNext } = step;
    this.#steps.push({ index, t, tNext, planes, ...(guidance && { scale: guidance.scale }) });
    for (const plane of planes) this.#numbers.push(Uint16Array.from(seen[plane]!.data, floatToHalf));
  }

  /** The file; undefined when nothing was kept. */
  file(): Uint8Array<ArrayBuffer> | undefined {
    if (!this.#head || this.#steps.length === 0) return undefined;
    const head = new TextEncoder().encode(JSON.stringify({ ...this.#head, steps: this.#steps }));
    const start = even(MAGIC.length + 4 + head.length);
    const length = this.#numbers.reduce((sum, numbers) => sum + numbers.byteLength, start);
    const file = new Uint8Array(length);
    file.set(MAGIC);
    new DataView(file.buffer).setUint32(MAGIC.length, head.length, true);
    file.set(head, MAGIC.length + 4);
    let at = start;
    for (const numbers of this.#numbers) {
      file.set(new Uint8Array(numbers.buffer), at);
      at += numbers.byteLength;
    }
    return file;
  }
}

const even = (length: number): number => length + (length % 2);

/** Indices of 0 … count − 1, at most `most` of them: spread evenly, with the last. */
export function evenly(count: number, most: number): ReadonlySet<number> {
  const taken = Math.min(count, Math.floor(most));
  if (taken < 1) return new Set();
  if (taken === 1) return new Set([count - 1]);
  return new Set(Array.from({ length: taken }, (_, i) => Math.round((i * (count - 1)) / (taken - 1))));
}

export interface KeptWalk extends KeptHead {
  /** A plane of a step, as [3, H, W] of one picture of the batch; undefined when that step has none. */
  plane(step: number, plane: Plane, picture?: number): Tensor | undefined;
}

/** Reads a file of kept steps. @throws {Error} when it is none, or cut off */
export function readKeptSteps(file: Uint8Array<ArrayBuffer>): KeptWalk {
  if (!areKeptSteps(file)) throw new Error('these are no kept steps');
  const length = new DataView(file.buffer, file.byteOffset).getUint32(MAGIC.length, true);
  const start = MAGIC.length + 4;
  const head: KeptHead = JSON.parse(new TextDecoder().decode(file.subarray(start, start + length)));
  const [count = 1, ...shape] = head.shape as [number, ...number[]];
  const one = sizeOf(shape);
  const places = head.steps.map((_, i) =>
    head.steps.slice(0, i).reduce((sum, { planes }) => sum + planes.length, 0),
  );
  const total = head.steps.reduce((sum, { planes }) => sum + planes.length, 0);
  if (file.length < even(start + length) + 2 * total * count * one)
    throw new Error('the kept steps are cut off');
  return {
    ...head,
    plane(step, plane, picture = 0) {
      const at = head.steps[step]?.planes.indexOf(plane) ?? -1;
      if (at < 0) return undefined;
      const from = even(start + length) + 2 * ((places[step]! + at) * count + picture) * one;
      const numbers = new Uint16Array(file.slice(from, from + 2 * one).buffer);
      return { data: halvesToFloats(numbers), shape };
    },
  };
}
