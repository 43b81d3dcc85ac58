import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { areKeptSteps } from '../../experiments/kept-steps.ts';
import { isPng, readTexts } from '../../images/png.ts';
import { sha256Schema } from '../../jobs/schemas.ts';
import type { ServerContext } from '../context.ts';
import { pngNamed } from '../file-names.ts';
import { RefusedError } from '../problem.ts';
import { problems, uploadSchema } from '../schemas.ts';
import { knownUpload } from '../uploads.ts';

/** Stored pictures, and what is known of them. */
export const objectRoutes =
  ({ store }: ServerContext): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/v1/uploads/:sha256',
      {
        schema: {
          summary: 'What is known of an uploaded picture: its name, its size',
          tags: ['pictures'],
          params: z.object({ sha256: sha256Schema }),
          response: { 200: uploadSchema, ...problems },
        },
      },
      async ({ params: { sha256 } }) => {
        const upload = await knownUpload(sha256, store);
        if (!upload) throw new RefusedError(404, 'object', `there is no object ${sha256}`);
        return upload;
      },
    );

    app.get(
      '/v1/objects/:sha256',
      {
        schema: {
          summary: 'A stored picture',
          tags: ['pictures'],
          params: z.object({ sha256: sha256Schema }),
          querystring: z.object({
            download: z
              .string()
              .max(200)
              .optional()
              .describe('as an attachment, by this name if one is given'),
          }),
          response: {
            200: { description: 'PNG', content: { 'image/png': { schema: z.string() } } },
            304: z.void().describe('it is the one that If-None-Match names'),
            ...problems,
          },
        },
      },
      async (request, reply) => {
        const { sha256 } = request.params;
        const etag = `"${sha256}"`;
        const known = request.headers['if-none-match']?.split(/,\s*/).includes(etag) ?? false;
        const bytes = known ? undefined : await store.get(sha256);
        if (!known && !bytes) throw new RefusedError(404, 'object', `there is no object ${sha256}`);
        const { download } = request.query;
        reply
          .header('etag', etag)
          .header('cache-control', 'public, max-age=31536000, immutable')
          .header('content-security-policy', "default-src 'none'; sandbox")
          .header('content-disposition', await dispositionOf(sha256, bytes, download));
        if (!bytes) return reply.code(304).send(undefined as never);
        const type = areKeptSteps(bytes) ? 'application/octet-stream' : 'image/png';
        return reply.type(type).send(bytes as unknown as string);
      },
    );

    /** A download is called what is asked for, else as it came, else by what it shows. */
    async function dispositionOf(
      sha256: string,
      bytes: Uint8Array | undefined,
      download: string | undefined,
    ) {
      if (download === undefined) return pngNamed('inline', sha256.slice(0, 12));
      const shows = bytes && isPng(bytes) ? readTexts(bytes).get('parameters') : undefined;
      return pngNamed('attachment', download, await store.calledAs(sha256), shows, sha256.slice(0, 12));
    }
  };
