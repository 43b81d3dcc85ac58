import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type FakeServer, startFake } from '../jobs/fake-server.ts';

/** Anything at all, and what is nearly right: never a 5xx, always a problem that says what was wrong. */

// Processes are started from the sources: seconds each on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let server: FakeServer;
beforeAll(async () => {
  server = await startFake({ workers: 0, limits: { queued: 100_000 } });
});
afterAll(() => server.close());

async function answersWell(response: Response): Promise<void> {
  const text = await response.text();
  expect(response.status, text).toBeLessThan(500);
  if (response.status >= 400) {
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.parse(text)).toMatchObject({
      status: response.status,
      code: expect.any(String),
      detail: expect.any(String),
    });
  }
}

const value = fc
  .anything({ withNullPrototype: false, maxDepth: 2 })
  .filter((v) => JSON.stringify(v) !== undefined);
const nearly = fc.record(
  {
    experiment: fc.constantFrom('fake-drawing', 'fake-editing', 'fake-painting', 'nothing'),
    params: fc.record(
      {
        prompts: fc.oneof(fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }), value),
        guidanceScale: fc.oneof(fc.double(), value),
        seed: fc.oneof(fc.integer(), value),
        steps: fc.oneof(fc.integer({ min: -2, max: 5 }), value),
        picture: fc.oneof(fc.string(), fc.constant('campanile'), value),
        iStarts: fc.oneof(fc.array(fc.integer({ min: -1, max: 40 })), value),
        [`__proto__`]: value,
        extra: value,
      },
      { requiredKeys: [] },
    ),
    checkpoint: fc.oneof(fc.string(), value),
    force: fc.oneof(fc.boolean(), value),
  },
  { requiredKeys: ['experiment'] },
);

test('bodies of jobs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(nearly, value), async (body) => {
      const text = JSON.stringify(body, (_, v) => (typeof v === 'bigint' ? String(v) : v)) ?? 'null';
      await answersWell(await server.post('/v1/jobs', text));
    }),
    { numRuns: 300 },
  );
});

test('addresses', async () => {
  const path = fc.constantFrom(
    '/v1/jobs/',
    '/v1/objects/',
    '/v1/jobs?before=',
    '/v1/jobs?limit=',
    '/v1/jobs?state=',
    '/',
    '/sdapi/v1/',
  );
  await fc.assert(
    fc.asyncProperty(path, fc.string({ unit: 'binary', maxLength: 50 }), async (path, text) => {
      const encoded = (() => {
        try {
          return encodeURIComponent(text);
        } catch {
          return '%ff'; // half a surrogate pair has no encoding
        }
      })();
      await answersWell(await server.get(path + encoded));
    }),
    { numRuns: 300 },
  );
});

test('uploads', async () => {
  const heads = [
    '',
    '89504e470d0a1a0a0000000d49484452',
    'ffd8ffe0',
    '474946383961',
    '524946460000000057454250',
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...heads),
      fc.uint8Array({ maxLength: 300 }),
      fc.string(),
      async (head, bytes, name) => {
        const file = new Uint8Array(Buffer.concat([Buffer.from(head, 'hex'), bytes]));
        await answersWell(await server.upload(file, name));
      },
    ),
    { numRuns: 100 },
  );
});

test('Last-Event-ID', async () => {
  const { id } = await server.submit('fake-drawing');
  await server.post(`/v1/jobs/${id}/cancel`);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.integer().map(String), fc.stringMatching(/^[\x21-\x7e]{1,20}$/)),
      async (last) => {
        await answersWell(await server.get(`/v1/jobs/${id}/events`, { headers: { 'last-event-id': last } }));
      },
    ),
    { numRuns: 100 },
  );
});
