import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends bytes as they are and gives back the answer's status and text; fetch would mend what is wrong with them. */
export async function raw(url: string, request: string | Buffer): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.on('error', () => {}); // a server that has refused may close before all is sent
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.write(request);
  await new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
    socket.on('data', () => {
      if (Buffer.concat(chunks).includes('\r\n\r\n')) socket.end();
    });
  });
  const text = Buffer.concat(chunks).toString('latin1');
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text };
}

export const request = (method: string, path: string, headers: readonly string[], body = ''): string =>
  [
    `${method} ${path} HTTP/1.1`,
    ...headers,
    ...(body ? [`content-length: ${Buffer.byteLength(body)}`] : []),
    'connection: close',
    '',
    body,
  ].join('\r\n');
