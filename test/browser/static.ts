import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.css': 'text/css',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
};

export interface StaticHost {
  readonly address: string;
  /** Paths asked for, in order; `from` where only the rest of a file was. */
  readonly asked: string[];
  /** Answers about these paths are broken off after so many bytes. */
  readonly broken: Map<string, number>;
  /** Does not answer about these paths. */
  away: RegExp | undefined;
  close(): Promise<void>;
}

/** A plain static host: no special headers, and for what is not there a page of its own with 404. */
export async function serveFolder(folder: string): Promise<StaticHost> {
  const asked: string[] = [];
  const broken = new Map<string, number>();
  const host = { asked, broken, away: undefined } as StaticHost;
  const server = createServer((request, response) => {
    if (host.away?.test(request.url ?? '')) return void request.destroy();
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    asked.push(from > 0 ? `${path} from ${from}` : path);
    const file = join(folder, normalize(path.endsWith('/') ? `${path}index.html` : path));
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found?.isFile()) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not here</h1>');
      return;
    }
    const type = types[extname(file)] ?? 'application/octet-stream';
    const size = { 'content-type': type, 'content-length': found.size - from };
    const range = { 'content-range': `bytes ${from}-${found.size - 1}/${found.size}` };
    response.writeHead(from > 0 ? 206 : 200, { ...size, ...(from > 0 && range) });
    const most = broken.get(path);
    if (most === undefined) createReadStream(file, { start: from }).pipe(response);
    else
      createReadStream(file, { start: from, end: from + most - 1 })
        .on('end', () => response.destroy())
        .pipe(response, { end: false });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(host, {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
