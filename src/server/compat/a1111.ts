import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { fieldsOf } from '../../experiments/field.ts';
import { readTexts } from '../../images/png.ts';
import { infoOf, type ServerContext } from '../context.ts';
import { sendAs } from '../problem.ts';
import { faultsSchema, refusals } from '../schemas.ts';
import { img2img, txt2img } from './a1111-asked.ts';
import { drawn, previewOf, type UnderWay } from './a1111-run.ts';
import { fromBase64 } from './base64.ts';
import { clientGone, experimentFor } from './borrowed.ts';

const pictures = z.object({
  images: z.array(z.string()),
  parameters: z.record(z.string(), z.unknown()),
  info: z.string(),
});
const anything = z.record(z.string(), z.unknown());
const refused = z.object({
  error: z.string(),
  detail: z.union([z.string(), faultsSchema]),
  errors: z.string(),
});
const answers = (schema: z.ZodType) => ({ 200: schema, ...refusals(refused) });
const options = (summary: string) => ({ summary: `A1111: ${summary}`, tags: ['compatible'] });

export const a1111Routes =
  (context: ServerContext): FastifyPluginAsyncZod =>
  async (app) => {
    const underWay = new Set<UnderWay>();
    app.setErrorHandler(
      sendAs(({ code, detail, errors }) => ({
        error: code,
        detail: errors?.length ? errors : detail,
        errors: detail,
      })),
    );
    await app.register(drawingRoutes(context, underWay));
    await app.register(watchingRoutes(context, underWay));
    await app.register(readingRoutes(context));
  };

const drawingRoutes =
  (context: ServerContext, underWay: Set<UnderWay>): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      '/sdapi/v1/txt2img',
      { schema: { ...options('picture from a prompt'), body: txt2img, response: answers(pictures) } },
      async (request, reply) => drawn(context, request.body, txt2img, underWay, clientGone(reply)),
    );

    app.post(
      '/sdapi/v1/img2img',
      {
        bodyLimit: context.limits.requestBytes,
        schema: {
          ...options('edit a picture, or the white part of its mask'),
          body: img2img,
          response: answers(pictures),
        },
      },
      async (request, reply) => drawn(context, request.body, img2img, underWay, clientGone(reply)),
    );
  };

const watchingRoutes =
  (context: ServerContext, underWay: Set<UnderWay>): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/sdapi/v1/progress',
      {
        schema: {
          ...options('how far the picture under way is'),
          querystring: z.object({ skip_current_image: z.stringbool().default(false) }),
          response: answers(anything),
        },
      },
      async ({ query }) => {
        const [now] = underWay;
        const step = now?.step;
        return {
          progress: now?.progress ?? 0,
          eta_relative: now?.left ?? 0,
          state: {
            skipped: false,
            interrupted: now?.interrupted.signal.aborted ?? false,
            job: now?.job?.id ?? '',
            job_count: now?.count ?? 0,
            job_no: now?.index ?? 0,
            sampling_step: step?.index ?? 0,
            sampling_steps: step?.count ?? 0,
          },
          current_image: now && !query.skip_current_image ? await previewOf(context, now) : null,
          textinfo: null,
        };
      },
    );

    app.post(
      '/sdapi/v1/interrupt',
      { schema: { ...options('end what is under way with what is finished'), response: answers(anything) } },
      async () => {
        for (const { interrupted } of underWay) interrupted.abort();
        return {};
      },
    );
  };

const readingRoutes =
  (context: ServerContext): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      '/sdapi/v1/png-info',
      {
        bodyLimit: context.limits.requestBytes,
        schema: {
          ...options('the texts inside a PNG'),
          body: z.object({ image: z.string() }),
          response: answers(anything),
        },
      },
      async (request) => {
        const items = Object.fromEntries(readTexts(fromBase64(request.body.image)));
        return { info: items['parameters'] ?? '', items, parameters: {} };
      },
    );

    app.get(
      '/sdapi/v1/options',
      { schema: { ...options('settings, to be read'), response: answers(anything) } },
      async () => ({
        sd_model_checkpoint: infoOf(context).models[0]?.name ?? '',
        samples_format: 'png',
        send_seed: true,
      }),
    );

    app.get(
      '/sdapi/v1/sd-models',
      { schema: { ...options('the checkpoint that is open'), response: answers(z.array(anything)) } },
      async () =>
        infoOf(context).models.map(({ name, fingerprint }) => ({
          title: name,
          model_name: name,
          hash: fingerprint.slice(0, 10),
          sha256: fingerprint,
          filename: name,
          config: null,
        })),
    );

    app.get(
      '/sdapi/v1/samplers',
      { schema: { ...options('how a step can be taken'), response: answers(z.array(anything)) } },
      async () => {
        const { sampler } = fieldsOf(experimentFor(context, 'text-to-image')).properties;
        return (sampler?.enum ?? []).map((name) => ({ name: String(name), aliases: [], options: {} }));
      },
    );
  };
