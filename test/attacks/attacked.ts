import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { answerOf, type FakeServer, startFake } from '../jobs/fake-server.ts';

/** A server to attack, which must answer after every test of the file that imports this. */

// Processes are started from the sources: seconds each on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

export let server: FakeServer;
beforeAll(async () => {
  server = await startFake({ limits: { queued: 3, streams: 5 } });
});
afterAll(() => server.close());
afterEach(async () => {
  expect((await server.get('/healthz')).status, 'the server still answers').toBe(200);
});

export const JOB = { experiment: 'fake-drawing', params: { prompts: ['attacker'] } };
export const jobsMade = async () => (await answerOf(await server.get('/v1/jobs?limit=200'))).jobs.length;
export const host = () => new URL(server.url).host;
