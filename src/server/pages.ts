import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { RefusedError } from './problem.ts';

export interface PageOptions {
  /** The made page, an HTML file: the front door. */
  readonly page?: string | undefined;
  /** Folder of the built studio. */
  readonly studio?: string | undefined;
}

/** Nothing from elsewhere, nothing inside another site's frame. */
const policy = (scripts: string): string =>
  [
    "default-src 'self'",
    `script-src ${scripts}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/** The page at `/` and the studio at `/studio/`. */
export async function pages(app: FastifyInstance, { page, studio }: PageOptions): Promise<void> {
  const front = `${app.prefix}/`;
  const studioThere = studio !== undefined && existsSync(join(studio, 'index.html'));
  const index = studioThere ? await readFile(join(studio, 'index.html'), 'utf8') : '';
  if (studioThere) {
    const scripts = ["'self'", ...inlineScripts(index)].join(' ');
    await app.register(fastifyStatic, {
      root: studio,
      prefix: '/studio/',
      dotfiles: 'ignore',
      decorateReply: false,
      setHeaders: (reply, path) => {
        reply.header('content-security-policy', policy(scripts));
        // Vite names the files in assets/ after their content.
        const immutable = basename(dirname(path)) === 'assets';
        reply.header('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
    app.get('/studio', { schema: { hide: true } }, async (_, reply) =>
      reply.redirect(`${front}studio/`, 308),
    );
  }
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    if (request.url.split('?')[0] === app.prefix) return reply.redirect(front, 308);
    // Read each time: the page may be made anew while the server runs.
    if (page !== undefined && existsSync(page)) {
      const html = await readFile(page, 'utf8');
      reply.header('content-security-policy', policy(inlineScripts(html).join(' ') || "'none'"));
      return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(html);
    }
    if (studioThere) return reply.redirect(`${front}studio/`, 302);
    throw new RefusedError(404, 'no-page', 'there is no page and no studio here yet', {
      hint: 'make the page with "campanile page"; the API is under /v1',
    });
  });
}

/** The page's own scripts by their hashes, so that no other one runs, whatever text gets into the page. */
const inlineScripts = (html: string): string[] =>
  [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, code]) => `'sha256-${createHash('sha256').update(code!).digest('base64')}'`,
  );
