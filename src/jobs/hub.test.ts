import { expect, test } from 'vitest';
import { EventHub } from './hub.ts';
import type { JobEvent, JobEventBody } from './job.ts';

const at = '2026-01-01T00:00:00.000Z';
const event = (seq: number, body: JobEventBody): JobEvent => ({ seq, job: 'a', at, attempt: 0, ...body });
const RECORD = [
  event(1, { type: 'queued' }),
  event(2, { type: 'started', progress: { done: 0, total: 1 } }),
  event(3, { type: 'queued', reason: 'lost' }),
  event(4, { type: 'cancelled' }),
];

/** What a follower hears of a record that grows to `RECORD` while only some of it is told. */
async function heard(tell: (hub: EventHub, record: JobEvent[]) => void): Promise<number[]> {
  const hub = new EventHub();
  const record = RECORD.slice(0, 1);
  const seqs: number[] = [];
  for await (const { seq } of hub.follow('a', 0, AbortSignal.timeout(5000), async () => [...record])) {
    seqs.push(seq);
    if (seq === 1) setImmediate(() => tell(hub, record));
  }
  return seqs;
}

test('what was lost on the way is read from the record when a later event comes', async () => {
  expect(
    await heard((hub, record) => {
      record.push(...RECORD.slice(1));
      hub.publish(RECORD[3]!);
    }),
  ).toEqual([1, 2, 3, 4]);
});

test('an end that nobody tells of is found when the record is looked at again', async () => {
  expect(
    await heard((hub, record) => {
      hub.publish(RECORD[1]!);
      record.push(...RECORD.slice(1));
      hub.lookAgain();
    }),
  ).toEqual([1, 2, 3, 4]);
});

test('looking again tells nothing twice', async () => {
  expect(
    await heard((hub, record) => {
      record.push(RECORD[1]!);
      hub.lookAgain();
      hub.lookAgain();
      record.push(...RECORD.slice(2));
      for (const each of RECORD) hub.publish(each);
    }),
  ).toEqual([1, 2, 3, 4]);
});
