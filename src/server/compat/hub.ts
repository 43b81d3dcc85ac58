import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { promptText } from '../../experiments/params.ts';
import type { ServerContext } from '../context.ts';
import { sendAs } from '../problem.ts';
import { problems } from '../schemas.ts';
import { begin, clientGone, finish, pictureBytes, seedOf } from './borrowed.ts';

const side = z.number().int().min(8).max(2048).nullish();

/** The text-to-image task of the hub's inference API; the model's name in the path is whatever the client calls it. */
const body = z.object({
  inputs: promptText.min(1),
  parameters: z
    .object({
      guidance_scale: z.number().nullish(),
      num_inference_steps: z.number().int().nullish(),
      width: side,
      height: side,
      seed: z.number().int().nullish(),
    })
    .nullish(),
});

export const hubRoutes =
  (context: ServerContext): FastifyPluginAsyncZod =>
  async (app) => {
    app.setErrorHandler(sendAs(({ detail, code, hint }) => ({ error: detail, error_type: code, hint })));
    app.post(
      '/models/*',
      {
        schema: {
          summary: 'Hub inference: picture from a prompt',
          tags: ['compatible'],
          body,
          response: {
            200: { description: 'PNG', content: { 'image/png': { schema: z.string() } } },
            ...problems,
          },
        },
      },
      async (request, reply) => {
        const { inputs, parameters } = request.body;
        const { guidance_scale, num_inference_steps, width, height, seed } = parameters ?? {};
        const run = await begin(context, 'text-to-image', {
          prompt: inputs,
          guidance: guidance_scale ?? undefined,
          steps: num_inference_steps ?? undefined,
          seed: seedOf(seed ?? undefined),
        });
        const { figure } = await finish(context, run, clientGone(reply));
        const size = width && height ? { width, height } : undefined;
        return reply
          .type('image/png')
          .send((await pictureBytes(context, figure.object, size)) as unknown as string);
      },
    );
  };
