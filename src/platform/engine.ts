import type { InferenceSession } from 'onnxruntime-common';

/** 'openvino' is the processor again, through another library, where that is installed. */
export const devices = ['cpu', 'openvino', 'cuda', 'webgpu'] as const;
export type Device = (typeof devices)[number];

/**
 * What a network computes in. 'half': matrices, convolutions and what layers pass to each other in float16; norms, the time, scores
 * of attention, the first and the last convolution in float32. OpenVINO takes bfloat16, and chooses itself what stays in float32.
 * 'full': float32 throughout. What goes in and comes out is float32.
 */
export const precisions = ['half', 'full'] as const;
export type Precision = (typeof precisions)[number];

/**
 * 'fast' widens the weights at loading and keeps a second copy of the kernels in the layout the processor likes;
 * 'low' leaves the weights in their file, mapped, and widens each one when its layer runs.
 */
export type MemoryUse = 'fast' | 'low';

export interface SessionOptions {
  /** Where the external bytes of the graph lie: real files in this folder or below. */
  readonly folder: string;
  /** Those files; none for a graph without weights. */
  readonly files?: readonly string[] | undefined;
  readonly memory?: MemoryUse | undefined;
  /** Of a device that chooses by itself what it computes in; for the others the graph says it. */
  readonly precision?: Precision | undefined;
  /** The files are of halves, and the graph reads them as float32, at twice the offsets; where the runtime `widensHalves`. */
  readonly widened?: boolean | undefined;
}

/** Numbers on their way into a graph. */
export interface Numbers {
  readonly data: Float32Array | BigInt64Array;
  readonly shape: readonly number[];
}

/** Numbers that an earlier run left in the engine's thread. */
export interface Kept {
  readonly kept: number;
  readonly shape: readonly number[];
}

export type Feed = Numbers | Kept;
export type Feeds = Readonly<Record<string, Feed>>;

/** What the thread is asked; `id` names a session, or a kept value to forget. */
export type Request =
  | {
      readonly kind: 'open';
      readonly id: number;
      readonly graph: Uint8Array;
      readonly options: InferenceSession.SessionOptions;
    }
  | { readonly kind: 'run'; readonly id: number; readonly feeds: Feeds; readonly keep: boolean }
  | { readonly kind: 'close'; readonly id: number }
  /** Everything is released, after what was asked before. */
  | { readonly kind: 'end' }
  | { readonly kind: 'forget'; readonly id: number };

/** One answer to each request but 'forget', in order. */
export type Reply = { readonly values: Readonly<Record<string, Feed>> } | { readonly error: string };

/** The thread in which ONNX Runtime computes for one engine. */
export interface EngineThread {
  post(request: Request): void;
  /** Whether somebody waits for an answer: as long, the program stays alive. */
  setAwaited(awaited: boolean): void;
  /** Ends it once nothing runs in it. */
  end(): Promise<void>;
}

export interface ThreadListener {
  heard(reply: Reply): void;
  /** It came to an end by itself; `why` in the runtime's words or our own, none after `end`. */
  ended(why?: string | Error): void;
}

/** ONNX Runtime as the platform has it. */
export interface Runtime {
  start(device: Device, threads: number, listener: ThreadListener): EngineThread;
  sessionOptions(
    options: SessionOptions,
    threads: number,
    device: Device,
  ): Promise<InferenceSession.SessionOptions>;
  /** Whether two engines compute at the same time; where they share one runtime, each waits for the other. */
  readonly sideBySide: boolean;
  /** Whether the processor's convolution is a product of matrices like any other, so that fewer multiplications are less time. */
  readonly convolvesByProducts: boolean;
  /**
   * Whether halves become float32 on their way into a session. Left to ONNX Runtime, whose memory is never given back here, the
   * halves and two copies of what it makes of them stay in it, and a session takes twice as long to open.
   */
  readonly widensHalves: boolean;
}

/** Options that do not depend on the platform. What would be printed is in the error that is thrown. */
export const usualOptions = (memory: MemoryUse | undefined): InferenceSession.SessionOptions => ({
  logSeverityLevel: 4,
  graphOptimizationLevel: memory === 'low' ? 'extended' : 'all',
  // Neither keeps what a layer has given back.
  ...(memory === 'low' && { enableCpuMemArena: false, enableMemPattern: false }),
});
