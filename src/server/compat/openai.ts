import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { storedObject } from '../../jobs/part-store.ts';
import { infoOf, type ServerContext } from '../context.ts';
import { readForm } from '../multipart.ts';
import { FormError, RefusedError } from '../problem.ts';
import { problems } from '../schemas.ts';
import { isClearSomewhere } from '../uploads.ts';
import { begin, clientGone, finish, type Run, seedOf } from './borrowed.ts';
import { given, received } from './given.ts';
import {
  edit,
  generation,
  now,
  type OpenaiAsked,
  type Order,
  openaiPassedOver,
  openaiSize,
  toldOf,
} from './openai-asked.ts';
import { partials } from './openai-stream.ts';

const image = z.object({ b64_json: z.string().optional(), url: z.string().optional() });
const warnings = z
  .array(z.string())
  .optional()
  .describe('what was said meanwhile, as of a prompt that was cut');
const answer = { 200: z.object({ created: z.int(), data: z.array(image), warnings }), ...problems };

export const openaiRoutes =
  (context: ServerContext): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      '/v1/images/generations',
      {
        schema: {
          summary: 'OpenAI: picture from a prompt',
          tags: ['compatible'],
          body: generation,
          response: answer,
        },
      },
      async (request, reply) => {
        const asked = request.body as OpenaiAsked;
        const order: Order = {
          capability: 'text-to-image',
          asked,
          wishes: { prompt: asked.prompt },
          frame: { size: openaiSize(asked) },
          warnings: openaiPassedOver(asked, modelName(context)),
        };
        return respond(context, order, request, reply);
      },
    );

    app.post(
      '/v1/images/edits',
      {
        schema: {
          summary: 'OpenAI: edit a picture, or the transparent part of its mask',
          tags: ['compatible'],
          consumes: ['multipart/form-data'],
          response: answer,
        },
      },
      async (request, reply) => respond(context, await editOf(context, request), request, reply),
    );
  };

const modelName = (context: ServerContext): string => infoOf(context).models[0]!.name;

async function editOf(context: ServerContext, request: FastifyRequest): Promise<Order> {
  const { files, fields } = await readForm(request, context.limits, 'image');
  const [picture, ...more] = [...(files.get('image') ?? []), ...(files.get('image[]') ?? [])];
  if (!picture) throw new RefusedError(400, 'image', 'expected a part named "image"');
  const parsed = edit.safeParse(Object.fromEntries(fields), { reportInput: true });
  if (!parsed.success) throw new FormError(422, parsed.error);
  const asked = parsed.data;
  const [first, ...masks] = files.get('mask') ?? [];
  // Where there is no mask, what is clear in the picture is one.
  const hole = first ?? ((await isClearSomewhere(picture.bytes)) ? picture : undefined);
  const { original, mask, warnings } = await received(
    context,
    picture.bytes,
    hole && { bytes: hole.bytes, transparent: true },
  );
  const others = [...files.keys()].filter((name) => !['image', 'image[]', 'mask'].includes(name));
  return {
    capability: mask ? 'inpainting' : 'image-to-image',
    asked,
    wishes: {
      prompt: asked.prompt,
      picture: original.reference,
      mask: mask?.reference,
      strength: asked.strength ?? undefined,
    },
    frame: { size: openaiSize(asked), original, mask },
    warnings: [
      ...warnings,
      ...openaiPassedOver(asked, modelName(context)),
      ...(more.length ? [`image: the first is edited, ${more.length} more passed over`] : []),
      ...(masks.length ? [`mask: the first counts, ${masks.length} more passed over`] : []),
      ...others.map((name) => `${name}: passed over, nothing here reads it`),
    ],
  };
}

async function respond(
  context: ServerContext,
  order: Order,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<never> {
  const gone = clientGone(reply);
  const first = seedOf(order.asked.seed ?? undefined);
  const runs: Run[] = [];
  try {
    for (let i = 0; i < (order.asked.n ?? 1); i++) {
      const wishes = { ...order.wishes, seed: (first + i) % 2 ** 32 };
      runs.push(await begin(context, order.capability, wishes));
    }
    if (order.asked.stream) {
      const frames = (left: AbortSignal) => partials(context, order, runs[0]!, left);
      await context.streams.send(request, reply, frames, { heartbeat: false });
      return reply as never;
    }
    return (await allOf(context, order, runs, gone, request)) as never;
  } finally {
    // Whether they were drawn, refused or not wanted any more: nothing is computed for nobody.
    for (const run of runs) void run.leave();
  }
}

async function allOf(
  context: ServerContext,
  { asked, frame, warnings }: Order,
  runs: readonly Run[],
  gone: AbortSignal,
  request: FastifyRequest,
): Promise<z.output<(typeof answer)[200]>> {
  const data: z.output<typeof image>[] = [];
  const said = new Set(warnings);
  for (const run of runs) {
    const drawn = await finish(context, run, gone);
    for (const warning of drawn.warnings) said.add(warning);
    const bytes = await given(context, drawn.figure, frame, toldOf(run));
    if (asked.response_format === 'url') {
      const { url } = storedObject(await context.store.put(bytes), { width: 0, height: 0 });
      data.push({ url: `${request.protocol}://${request.host}${context.prefix}${url}` });
    } else data.push({ b64_json: bytes.toString('base64') });
  }
  return { created: now(), data, ...(said.size ? { warnings: [...said] } : {}) };
}
