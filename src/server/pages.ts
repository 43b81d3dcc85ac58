import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { RefusedError } from './problem.ts';

/** A page whose pictures are still being made, as `PageInMaking` of the gallery. */
export interface LivingPage {
  /** The page as it is now. */
  html(): string;
  /** Somebody looks at this section: its pictures are made next. */
  lookAt(section: string): void;
  /** What is there beyond the version `seen`, as soon as there is something. */
  changes(seen: number, options: { readonly signal: AbortSignal }): Promise<unknown>;
}

export interface PageOptions {
  /** The front door: a made page, an HTML file, or one that is being made. */
  readonly page?: string | LivingPage | undefined;
  /** Folder of the built studio. */
  readonly studio?: string | undefined;
  /** Folder that `campanile site` wrote, for `/site/`. */
  readonly site?: string | undefined;
}

/** Nothing from elsewhere, nothing inside another site's frame. */
const policy = (scripts: string, connections = "'self'"): string =>
  [
    "default-src 'self'",
    `script-src ${scripts}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    `connect-src ${connections}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Vite names the files in assets/ after their content. */
const cached = (path: string): string =>
  basename(dirname(path)) === 'assets' ? 'public, max-age=31536000, immutable' : 'no-cache';

/** A site computes in the reader's browser; what was packed beforehand (`--brotli`) goes out packed. */
async function staticSite(app: FastifyInstance, root: string): Promise<void> {
  const scripts = policy("'self' 'unsafe-inline' 'wasm-unsafe-eval'", "'self' data: blob:");
  await app.register(fastifyStatic, {
    root,
    prefix: '/site/',
    dotfiles: 'ignore',
    decorateReply: false,
    preCompressed: true,
    setHeaders: (reply, path) => {
      reply.header('content-security-policy', scripts);
      reply.header('cache-control', cached(path));
    },
  });
  app.get('/site', { schema: { hide: true } }, async (_, reply) =>
    reply.redirect(`${app.prefix}/site/`, 308),
  );
}

/** The page at `/`, the studio at `/studio/`, and a site at `/site/`. */
export async function pages(app: FastifyInstance, { page, studio, site }: PageOptions): Promise<void> {
  if (site !== undefined) await staticSite(app, site);
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
        reply.header('cache-control', cached(path));
      },
    });
    app.get('/studio', { schema: { hide: true } }, async (_, reply) =>
      reply.redirect(`${front}studio/`, 308),
    );
  } else
    for (const address of ['/studio', '/studio/'])
      app.get(address, { schema: { hide: true } }, async () => {
        throw new RefusedError(404, 'no-studio', 'the studio is not built here', {
          hint: 'npm run build:studio',
        });
      });
  if (typeof page === 'object') changes(app, page);
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    if (request.url.split('?')[0] === app.prefix) return reply.redirect(front, 308);
    // Read each time: the page may be made anew while the server runs.
    const html = await htmlOf(page);
    if (html !== undefined) {
      reply.header('content-security-policy', policy(inlineScripts(html).join(' ') || "'none'"));
      return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(html);
    }
    if (studioThere) return reply.redirect(`${front}studio/`, 302);
    throw new RefusedError(404, 'no-page', 'there is no page and no studio here yet', {
      hint: 'make the page with "campanile page"; the API is under /v1',
    });
  });
}

async function htmlOf(page: PageOptions['page']): Promise<string | undefined> {
  if (typeof page === 'object') return page.html();
  return page !== undefined && existsSync(page) ? await readFile(page, 'utf8') : undefined;
}

/** What a page in the making asks for: what has come since `seen`, and what is looked at. Waits until there is something. */
function changes(app: FastifyInstance, page: LivingPage): void {
  app.get<{ Querystring: { seen?: string; section?: string } }>(
    '/page/changes',
    { schema: { hide: true } },
    async (request, reply) => {
      const { seen = '0', section = '' } = request.query;
      page.lookAt(section.slice(0, 200));
      const gone = new AbortController();
      request.raw.on('close', () => gone.abort());
      const news = await page.changes(Number(seen) || 0, { signal: gone.signal });
      return reply.header('cache-control', 'no-store').send(news);
    },
  );
}

/** The page's own scripts by their hashes, so that no other one runs, whatever text gets into the page. */
const inlineScripts = (html: string): string[] =>
  [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, code]) => `'sha256-${createHash('sha256').update(code!).digest('base64')}'`,
  );
