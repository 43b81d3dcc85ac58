import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { promptText } from '../../experiments/params.ts';
import type { ServerContext } from '../context.ts';
import { FormError, sendAs } from '../problem.ts';
import { refusals } from '../schemas.ts';
import { fromBase64, pictureIn } from './base64.ts';
import { begin, clientGone, finish, seedOf, unheeded } from './borrowed.ts';
import { given, received } from './given.ts';

const side = z.number().int().min(8).max(2048).nullish();

const parameters = z.looseObject({
  prompt: promptText.nullish().describe('of an edit, whose inputs are the picture'),
  strength: z.number().gt(0).max(1).nullish(),
  guidance_scale: z.number().nullish(),
  num_inference_steps: z.number().int().nullish(),
  width: side,
  height: side,
  target_size: z.object({ width: side, height: side }).nullish(),
  seed: z.number().int().nullish(),
});

/** The picture tasks of the hub's inference API; the model's name in the path is whatever the client calls it. */
const body = z.looseObject({
  inputs: z.string().min(1).describe('the prompt, or the picture to be edited in base64'),
  parameters: parameters.nullish(),
  options: z.looseObject({}).nullish(),
});

const refused = z.object({ error: z.string(), error_type: z.string(), hint: z.string().optional() });

const HEEDED = [...Object.keys(parameters.shape), 'inputs', 'parameters'];
/** Options that say what is done anyway. */
const idle = {
  use_cache: [true],
  use_gpu: [true, false],
  wait_for_model: [true, false],
  dont_load_model: [false],
  retry_on_error: [true, false],
};
const called = { steps: 'num_inference_steps', guidance: 'guidance_scale' };

export const hubRoutes =
  (context: ServerContext): FastifyPluginAsyncZod =>
  async (app) => {
    app.setErrorHandler(sendAs(({ detail, code, hint }) => ({ error: detail, error_type: code, hint })));
    // A picture may come alone, as the body.
    app.addContentTypeParser(/^image\//, { parseAs: 'buffer' }, (_, body, done) => {
      done(null, { inputs: (body as Buffer).toString('base64') });
    });
    app.post(
      '/models/*',
      {
        bodyLimit: context.limits.requestBytes,
        schema: {
          summary: 'Hub inference: picture from a prompt, or an edit of a picture',
          tags: ['compatible'],
          body,
          response: {
            200: { description: 'PNG', content: { 'image/png': { schema: z.string() } } },
            ...refusals(refused),
          },
        },
      },
      async (request, reply) => {
        const gone = clientGone(reply);
        const { inputs, parameters, options, ...rest } = request.body;
        const asked = parameters ?? {};
        const alone = /^\s*image\//i.test(request.headers['content-type'] ?? '');
        // A prompt beside, or a picture's name before it: then it is one, or no good.
        const meant = alone || typeof asked.prompt === 'string' || inputs.startsWith('data:');
        const picture = meant ? fromBase64(inputs) : pictureIn(inputs);
        const { original, warnings: before = [] } = picture ? await received(context, picture) : {};
        const wishes = {
          prompt: picture ? (asked.prompt ?? undefined) : promptOf(inputs),
          picture: original?.reference,
          strength: asked.strength ?? undefined,
          guidance: asked.guidance_scale ?? undefined,
          steps: asked.num_inference_steps ?? undefined,
          seed: seedOf(asked.seed ?? undefined),
        };
        const run = await begin(context, picture ? 'image-to-image' : 'text-to-image', wishes, called);
        const { figure, warnings } = await finish(context, run, gone);
        const size = askedSize(asked.target_size ?? asked, original);
        const told = { job: run.job, readable: `${wishes.prompt ?? ''}, seed ${wishes.seed}` };
        const bytes = await given(context, figure, { size, original }, told);
        const passedOver = unheeded({ ...rest, ...options, ...asked }, HEEDED, idle);
        const lines = [...before, ...warnings, ...passedOver];
        for (const line of lines) reply.raw.appendHeader('warning', `299 campanile "${quotable(line)}"`);
        return reply.type('image/png').send(bytes as unknown as string);
      },
    );
  };

/** @throws {FormError} when it is too long for one: an edit's picture may be longer */
function promptOf(inputs: string): string {
  const { data, error } = z.object({ inputs: promptText }).safeParse({ inputs }, { reportInput: true });
  if (error) throw new FormError(422, error);
  return data.inputs;
}

/** One side alone keeps the shape. */
export function askedSize(
  { width, height }: { width?: number | null | undefined; height?: number | null | undefined },
  shape: { readonly width: number; readonly height: number } = { width: 1, height: 1 },
): { width: number; height: number } | undefined {
  if (!width && !height) return undefined;
  const fitted = (other: number, a: number, b: number) => Math.max(8, Math.round((other * a) / b));
  return {
    width: width || fitted(height!, shape.width, shape.height),
    height: height || fitted(width!, shape.height, shape.width),
  };
}

/** What a header may carry. */
const quotable = (text: string): string => text.replace(/[^\x20-\x7e]|["\\]/g, '?').slice(0, 500);
