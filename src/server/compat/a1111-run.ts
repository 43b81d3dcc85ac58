import sharp from 'sharp';
import type { Job, StepEvent } from '../../jobs/job.ts';
import { infoOf, type ServerContext } from '../context.ts';
import {
  type A1111Asked,
  a1111Heeded,
  called,
  type img2img,
  infotextOf,
  resizedOtherwise,
  type txt2img,
} from './a1111-asked.ts';
import { fromBase64 } from './base64.ts';
import { begin, finish, Gone, seedOf, type Wishes } from './borrowed.ts';
import { type Framing, given, received } from './given.ts';
import { askedSize } from './hub.ts';

/** A request under way: of several pictures, the one that is being drawn. */
export class UnderWay {
  readonly count: number;
  index = 0;
  job: Job | undefined;
  step: StepEvent | undefined;
  readonly interrupted = new AbortController();
  readonly #began = performance.now();

  constructor(count: number) {
    this.count = count;
  }

  /** Of all its pictures. */
  get progress(): number {
    return (this.index + (this.step?.progress.fraction ?? 0)) / this.count;
  }

  /** Seconds. */
  get left(): number {
    const { progress } = this;
    return progress > 0 ? ((performance.now() - this.#began) / 1000) * (1 / progress - 1) : 0;
  }
}

interface Made {
  readonly images: string[];
  readonly infotexts: string[];
  readonly seeds: number[];
}

/**
 * Draws what was asked for, one picture after the other; what is finished when it is interrupted counts.
 *
 * @param fields  those of the body that are heeded
 */
export async function drawn(
  context: ServerContext,
  body: Readonly<Record<string, unknown>>,
  fields: typeof txt2img | typeof img2img,
  underWay: Set<UnderWay>,
  gone: AbortSignal,
): Promise<{ images: string[]; parameters: Record<string, unknown>; info: string }> {
  const { asked, warnings: passedOver } = a1111Heeded(body, fields);
  const now = new UnderWay(asked.batch_size * asked.n_iter);
  const first = seedOf(asked.seed);
  const made: Made = { images: [], infotexts: [], seeds: [] };
  const warnings = new Set(passedOver);
  underWay.add(now);
  try {
    const until = AbortSignal.any([gone, now.interrupted.signal]);
    const { frame, wishes, warnings: more } = await edited(context, asked);
    for (const warning of more) warnings.add(warning);
    const one = { context, asked, frame, now, until, warnings, made };
    for (; now.index < now.count && !until.aborted; now.index++)
      await draw(one, { ...wishes, seed: (first + now.index) % 2 ** 32 });
  } catch (error) {
    if (!(error instanceof Gone) || gone.aborted) throw error;
  } finally {
    underWay.delete(now);
  }
  const { images, infotexts, seeds } = made;
  const info = {
    prompt: asked.prompt,
    seed: seeds[0] ?? first,
    all_seeds: seeds,
    infotexts,
    ...(warnings.size ? { warnings: [...warnings] } : {}),
  };
  const { init_images: _, mask: __, ...echoed } = body;
  return { images, parameters: { ...echoed, seed: first }, info: JSON.stringify(info) };
}

interface One {
  readonly context: ServerContext;
  readonly asked: A1111Asked;
  readonly frame: Framing;
  readonly now: UnderWay;
  readonly until: AbortSignal;
  readonly warnings: Set<string>;
  readonly made: Made;
}

async function draw(
  { context, asked, frame, now, until, warnings, made }: One,
  wishes: Wishes & { seed: number },
): Promise<void> {
  const capability = wishes.mask ? 'inpainting' : wishes.picture ? 'image-to-image' : 'text-to-image';
  const model = infoOf(context).models[0]!.name;
  const { seed } = wishes;
  // Of strength 0 nothing is drawn: the picture is what it was.
  const run = wishes.strength === 0 ? undefined : await begin(context, capability, wishes, called);
  now.job = run?.job;
  now.step = undefined;
  const look = (step: StepEvent) => {
    now.step = step;
  };
  const result = run && (await finish(context, run, until, look));
  for (const warning of result?.warnings ?? []) warnings.add(warning);
  const job = run?.job;
  const size = frame.size ?? frame.original ?? result!.figure;
  const readable = infotextOf(asked, { job, seed, model }, size);
  if (asked.send_images)
    made.images.push((await given(context, result?.figure, frame, { job, readable })).toString('base64'));
  made.infotexts.push(readable);
  made.seeds.push(seed);
}

/** The parts of the wishes that all pictures of a request share. */
async function edited(
  context: ServerContext,
  asked: A1111Asked,
): Promise<{ frame: Framing; wishes: Omit<Wishes, 'seed'>; warnings: readonly string[] }> {
  const wishes = {
    prompt: asked.prompt,
    steps: asked.steps ?? undefined,
    guidance: asked.cfg_scale ?? undefined,
    sampler: asked.sampler_name ?? asked.sampler_index ?? undefined,
  };
  const [init] = asked.init_images ?? [];
  if (init === undefined) return { frame: { size: askedSize(asked) }, wishes, warnings: [] };
  const { mask: drawing } = asked;
  const { original, mask, warnings } = await received(
    context,
    fromBase64(init),
    drawing ? { bytes: fromBase64(drawing), inverted: Boolean(asked.inpainting_mask_invert) } : undefined,
  );
  const size = askedSize(asked, original);
  const otherShape = size && size.width * original.height !== size.height * original.width;
  return {
    frame: { size, original, mask, blur: asked.mask_blur },
    warnings: [...warnings, ...(otherShape ? resizedOtherwise(asked) : [])],
    wishes: {
      ...wishes,
      picture: original.reference,
      strength: asked.denoising_strength,
      ...(mask ? { mask: mask.reference } : {}),
    },
  };
}

/** What the picture under way looks like so far, as PNG. */
export async function previewOf({ store }: ServerContext, { step }: UnderWay): Promise<string | null> {
  const bytes = step && (await store.get(step.x0.object));
  return bytes ? (await sharp(bytes).png().toBuffer()).toString('base64') : null;
}
