import { once } from 'node:events';
import { connect } from 'node:net';
import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { Streams } from './sse.ts';

test('T34: a reader who does not read is let go before a megabyte has piled up for him', async () => {
  const streams = new Streams(10);
  await using app = fastify();
  let sent = 0;
  app.get('/', async (request, reply) => {
    await streams.send(request, reply, async function* (signal) {
      while (!signal.aborted) {
        sent++;
        yield { event: 'flood', data: 'x'.repeat(100_000) };
        await new Promise(setImmediate);
      }
    });
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as { port: number };
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => {});
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  while (sent === 0 || streams.open > 0) await new Promise(setImmediate);
  expect(sent * 100_000).toBeLessThan(40e6); // what the kernel's own buffers take, and a megabyte
  socket.destroy();
});

test('closing says goodbye to every reader', async () => {
  const streams = new Streams(10);
  await using app = fastify();
  app.get('/', (request, reply) =>
    streams.send(request, reply, async function* (signal) {
      await once(signal, 'abort');
      yield* [];
    }),
  );
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const response = await fetch(url);
  streams.close();
  expect(await response.text()).toContain('event: shutdown');
  expect(streams.open).toBe(0);
});
