import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { fieldsOf } from '../../experiments/field.ts';
import { promptText } from '../../experiments/params.ts';
import { readTexts } from '../../images/png.ts';
import type { StepEvent } from '../../jobs/job.ts';
import type { Capability } from '../api-types.ts';
import { infoOf, type ServerContext } from '../context.ts';
import { RefusedError, sendAs } from '../problem.ts';
import { storeUpload } from '../uploads.ts';
import {
  begin,
  clientGone,
  experimentFor,
  finish,
  pictureBytes,
  type Run,
  seedOf,
  type Wishes,
} from './borrowed.ts';

/** What txt2img and img2img of A1111's API share; what we have no use for is passed over. */
const txt2img = z.object({
  prompt: promptText.default(''),
  steps: z.number().int().optional(),
  cfg_scale: z.number().optional(),
  seed: z.number().int().default(-1),
  width: z.number().int().min(8).max(2048).optional(),
  height: z.number().int().min(8).max(2048).optional(),
  batch_size: z.number().int().min(1).max(4).default(1),
  n_iter: z.number().int().min(1).max(4).default(1),
  send_images: z.boolean().default(true),
});
const img2img = txt2img.extend({
  init_images: z.array(z.string()).min(1).max(1),
  mask: z.string().nullish(),
  denoising_strength: z.number().min(0).max(1).default(0.75),
});
type Asked = z.output<typeof txt2img>;

const pictures = z.object({
  images: z.array(z.string()),
  parameters: z.record(z.string(), z.unknown()),
  info: z.string(),
});
const anything = z.record(z.string(), z.unknown());

interface UnderWay {
  readonly run: Run;
  step?: StepEvent;
}

export const a1111Routes =
  (context: ServerContext): FastifyPluginAsyncZod =>
  async (app) => {
    const underWay = new Set<UnderWay>();
    const options = (summary: string) => ({ summary: `A1111: ${summary}`, tags: ['compatible'] });
    app.setErrorHandler(
      sendAs(({ code, detail, errors }) => ({
        error: code,
        detail: errors?.length ? errors : detail,
        errors: detail,
      })),
    );

    app.post(
      '/sdapi/v1/txt2img',
      { schema: { ...options('picture from a prompt'), body: txt2img, response: { 200: pictures } } },
      async (request, reply) => respond(reply, 'text-to-image', request.body, {}),
    );

    app.post(
      '/sdapi/v1/img2img',
      {
        bodyLimit: context.limits.requestBytes,
        schema: {
          ...options('edit a picture, or the white part of its mask'),
          body: img2img,
          response: { 200: pictures },
        },
      },
      async (request, reply) => {
        const { init_images, mask, denoising_strength, ...asked } = request.body;
        const picture = await storeUpload(fromBase64(init_images[0]!), context.store);
        const wishes = {
          picture: picture.reference,
          strength: denoising_strength,
          ...(mask ? { mask: (await storeUpload(fromBase64(mask), context.store)).reference } : {}),
        };
        return respond(reply, mask ? 'inpainting' : 'image-to-image', asked, wishes);
      },
    );

    async function respond(reply: FastifyReply, capability: Capability, asked: Asked, more: Wishes) {
      const gone = clientGone(reply);
      const first = seedOf(asked.seed);
      const images: string[] = [];
      const infotexts: string[] = [];
      const warned = new Set<string>();
      const seeds = Array.from({ length: asked.batch_size * asked.n_iter }, (_, i) => (first + i) % 2 ** 32);
      const size = asked.width && asked.height ? { width: asked.width, height: asked.height } : undefined;
      for (const seed of seeds) {
        const wishes = { ...more, prompt: asked.prompt, steps: asked.steps, guidance: asked.cfg_scale, seed };
        const run = await begin(context, capability, wishes);
        const now: UnderWay = { run };
        underWay.add(now);
        try {
          const { figure, warnings } = await finish(context, run, gone, (step) => {
            now.step = step;
          });
          for (const warning of warnings) warned.add(warning);
          if (asked.send_images)
            images.push((await pictureBytes(context, figure.object, size)).toString('base64'));
          infotexts.push(
            `${asked.prompt}\nSteps: ${asked.steps ?? ''}, CFG scale: ${asked.cfg_scale ?? ''}, Seed: ${seed}`,
          );
        } finally {
          underWay.delete(now);
        }
      }
      const info = JSON.stringify({
        prompt: asked.prompt,
        seed: first,
        all_seeds: seeds,
        infotexts,
        ...(warned.size ? { warnings: [...warned] } : {}),
      });
      return { images, parameters: { ...asked, seed: first }, info };
    }

    app.get(
      '/sdapi/v1/progress',
      { schema: { ...options('how far the picture under way is'), response: { 200: anything } } },
      async () => {
        const [now] = underWay;
        const step = now?.step;
        const progress = step ? step.progress.done / Math.max(1, step.progress.total) : 0;
        const preview = step && (await context.store.get(step.x0.object));
        return {
          progress,
          eta_relative: 0,
          state: {
            skipped: false,
            interrupted: false,
            job: now?.run.job.id ?? '',
            job_count: underWay.size,
            job_no: 0,
            sampling_step: step?.index ?? 0,
            sampling_steps: step?.count ?? 0,
          },
          current_image: preview?.toString('base64') ?? null,
          textinfo: null,
        };
      },
    );

    app.post(
      '/sdapi/v1/interrupt',
      { schema: { ...options('cancel the picture under way'), response: { 200: anything } } },
      async () => {
        for (const { run } of underWay) if (run.created) await context.queue.cancel(run.job.id);
        return {};
      },
    );

    app.post(
      '/sdapi/v1/png-info',
      {
        bodyLimit: context.limits.requestBytes,
        schema: {
          ...options('the texts inside a PNG'),
          body: z.object({ image: z.string() }),
          response: { 200: anything },
        },
      },
      async (request) => {
        const items = Object.fromEntries(readTexts(fromBase64(request.body.image)));
        return { info: items['parameters'] ?? '', items, parameters: {} };
      },
    );

    app.get(
      '/sdapi/v1/options',
      { schema: { ...options('settings, to be read'), response: { 200: anything } } },
      async () => ({
        sd_model_checkpoint: infoOf(context).models[0]?.name ?? '',
        samples_format: 'png',
        send_seed: true,
      }),
    );

    app.get(
      '/sdapi/v1/sd-models',
      { schema: { ...options('the checkpoint that is open'), response: { 200: z.array(anything) } } },
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
      { schema: { ...options('how a step can be taken'), response: { 200: z.array(anything) } } },
      async () => {
        const { sampler } = fieldsOf(experimentFor(context, 'text-to-image')).properties;
        return (sampler?.enum ?? []).map((name) => ({ name: String(name), aliases: [], options: {} }));
      },
    );
  };

/** @throws {RefusedError} 422 when it is no base64, with or without a data URL's head; addresses are never followed */
function fromBase64(text: string): Buffer {
  const plain = text.replace(/^data:image\/[a-z+.-]+;base64,/, '');
  if (/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(plain)) return Buffer.from(plain, 'base64');
  throw new RefusedError(422, 'base64', 'expected a picture in base64', {
    hint: 'addresses and paths are not followed',
  });
}
