import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, vi } from 'vitest';
import { BullmqQueue } from '../../src/jobs/bullmq-queue.ts';
import { FileQueue } from '../../src/jobs/file-queue.ts';
import { type EngineServer, postgresProgram, redisProgram, startPostgres, startRedis } from './engines.ts';
import { queueContract } from './queue-contract.ts';

// Processes are started from the sources: seconds each on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

describe('files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'campanile-queue-'));
    return () => rm(folder, { recursive: true });
  });
  queueContract({ open: () => FileQueue.open(folder) });
});

const engines = [
  ['BullMQ on Redis', redisProgram, startRedis],
  ['BullMQ on PostgreSQL', postgresProgram, startPostgres],
] as const;

for (const [title, installed, start] of engines)
  describe.skipIf(!installed)(title, () => {
    let server: EngineServer;
    let name: string;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());
    beforeEach(() => {
      name = randomUUID();
    });
    queueContract({ open: () => BullmqQueue.open(server.url, { name, lockMs: 3000, stalledMs: 1000 }) });
  });
