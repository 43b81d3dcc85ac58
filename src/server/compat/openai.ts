import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { promptText } from '../../experiments/params.ts';
import type { Capability } from '../api-types.ts';
import type { ServerContext } from '../context.ts';
import { readForm } from '../multipart.ts';
import { FormError, RefusedError, sendAs } from '../problem.ts';
import type { Frame } from '../sse.ts';
import { storeUpload } from '../uploads.ts';
import { begin, clientGone, finish, pictureBytes, type Run, seedOf, type Wishes } from './borrowed.ts';

/** What OpenAI's images API asks; what we have no use for (quality, style, user, …) is passed over. */
const generation = z.object({
  prompt: promptText.min(1),
  n: z.coerce.number().int().min(1).max(4).nullish(),
  size: z
    .string()
    .regex(/^(auto|\d{1,4}x\d{1,4})$/, 'expected auto or <width>x<height>, as in 256x256')
    .nullish(),
  seed: z.coerce.number().int().nullish(),
  response_format: z.enum(['b64_json', 'url']).nullish(),
  stream: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).nullish(),
  partial_images: z.coerce.number().int().min(0).max(3).nullish(),
});
type Asked = z.output<typeof generation>;

const image = z.object({ b64_json: z.string().optional(), url: z.string().optional() });
const warnings = z
  .array(z.string())
  .optional()
  .describe('what was said meanwhile, as of a prompt that was cut');
const answer = { 200: z.object({ created: z.int(), data: z.array(image), warnings }) };

export const openaiRoutes =
  (context: ServerContext): FastifyPluginAsyncZod =>
  async (app) => {
    app.setErrorHandler(
      sendAs(({ status, code, detail, errors, hint }) => ({
        error: {
          message: hint ? `${detail} (${hint})` : detail,
          type: status < 500 ? 'invalid_request_error' : 'server_error',
          param: errors?.[0]?.path ?? null,
          code,
        },
      })),
    );

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
      (request, reply) => respond(request, reply, 'text-to-image', request.body, {}),
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
      async (request, reply) => {
        const { files, fields } = await readForm(request, context.limits);
        const [picture] = files.get('image') ?? files.get('image[]') ?? [];
        if (!picture) throw new RefusedError(400, 'image', 'expected a part named "image"');
        const parsed = generation.safeParse(Object.fromEntries(fields), { reportInput: true });
        if (!parsed.success) throw new FormError(422, parsed.error);
        const [mask] = files.get('mask') ?? [];
        const wishes = {
          picture: (await storeUpload(picture, context.store)).reference,
          ...(mask
            ? { mask: (await storeUpload(mask, context.store, { alphaAsMask: true })).reference }
            : {}),
        };
        return respond(request, reply, mask ? 'inpainting' : 'image-to-image', parsed.data, wishes);
      },
    );

    async function respond(
      request: FastifyRequest,
      reply: FastifyReply,
      capability: Capability,
      asked: Asked,
      pictures: Pick<Wishes, 'picture' | 'mask'>,
    ): Promise<never> {
      const first = seedOf(asked.seed ?? undefined);
      const wish = (i: number): Wishes => ({
        ...pictures,
        prompt: asked.prompt,
        seed: (first + i) % 2 ** 32,
      });
      const runs: Run[] = [];
      for (let i = 0; i < (asked.n ?? 1); i++) runs.push(await begin(context, capability, wish(i)));
      if (asked.stream) {
        const kind = capability === 'text-to-image' ? 'image_generation' : 'image_edit';
        await context.streams.send(request, reply, (gone) => partials(runs[0]!, kind, asked, gone), {
          heartbeat: false,
        });
        return reply as never;
      }
      const gone = clientGone(reply);
      const data: z.output<typeof image>[] = [];
      const warned = new Set<string>();
      for (const run of runs) {
        const { figure, warnings } = await finish(context, run, gone);
        for (const warning of warnings) warned.add(warning);
        const { object, url } = figure;
        if (asked.response_format === 'url')
          data.push({ url: `${request.protocol}://${request.host}${context.prefix}${url}` });
        else data.push({ b64_json: await base64(object, asked) });
      }
      return { created: now(), data, ...(warned.size ? { warnings: [...warned] } : {}) } as never;
    }

    const base64 = async (object: string, { size }: Asked) =>
      (await pictureBytes(context, object, sizeOf(size))).toString('base64');

    async function* partials(run: Run, kind: string, asked: Asked, gone: AbortSignal): AsyncGenerator<Frame> {
      const told = {
        created_at: now(),
        size: asked.size ?? 'auto',
        quality: 'auto',
        background: 'opaque',
        output_format: 'png',
      };
      const wanted = asked.partial_images ?? 0;
      const waiting: Frame[] = [];
      let index = 0;
      const look = async ({
        x0,
        progress,
      }: {
        x0: { object: string };
        progress: { done: number; total: number };
      }) => {
        if (index >= wanted || progress.done < (progress.total * (index + 1)) / (wanted + 1)) return;
        const type = `${kind}.partial_image`;
        const b64_json = await base64(x0.object, asked);
        waiting.push({ event: type, data: { type, b64_json, partial_image_index: index++, ...told } });
        wake();
      };
      let wake = () => {};
      let finished = false;
      const result = finish(context, run, gone, look).finally(() => {
        finished = true;
        wake();
      });
      result.catch(() => {}); // told below
      while (!finished || waiting.length) {
        const frame = waiting.shift();
        if (frame) yield frame;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
            if (finished || waiting.length) resolve();
          });
        }
      }
      const type = `${kind}.completed`;
      try {
        const { figure, warnings } = await result;
        const usage = {
          total_tokens: 0,
          input_tokens: 0,
          output_tokens: 0,
          input_tokens_details: { text_tokens: 0, image_tokens: 0 },
        };
        const b64_json = await base64(figure.object, asked);
        const said = warnings.length ? { warnings } : {};
        yield { event: type, data: { type, b64_json, ...told, usage, ...said } };
      } catch (error) {
        const { message, code } = error as RefusedError;
        yield {
          event: 'error',
          data: { type: 'error', error: { type: 'server_error', message, code, param: null } },
        };
      }
    }
  };

const now = () => Math.floor(Date.now() / 1000);

function sizeOf(size: string | null | undefined): { width: number; height: number } | undefined {
  const [width, height] = (size ?? 'auto').split('x').map(Number);
  if (!width || !height) return undefined;
  if (width > 2048 || height > 2048)
    throw new RefusedError(400, 'size', 'expected a size of at most 2048x2048');
  return { width, height };
}
