import { expect, test } from 'vitest';
import { speedometer } from './speed.ts';

/** A clock that is set by hand. */
function metered(totalBytes: number, haveBytes = 0) {
  let nowMs = 0;
  const meter = speedometer(totalBytes, haveBytes, () => nowMs);
  const after = (ms: number, bytes: number) => {
    nowMs += ms;
    meter.add(bytes);
    return meter.read();
  };
  return { meter, after };
}

test('a steady download: speed and time left', () => {
  const { after } = metered(1000);
  after(1000, 100);
  expect(after(1000, 100)).toEqual({
    receivedBytes: 200,
    totalBytes: 1000,
    bytesPerSecond: 100,
    secondsLeft: 8,
  });
});

test('what was there before counts as received, not as speed', () => {
  const { after } = metered(1000, 800);
  expect(after(1000, 100)).toEqual({
    receivedBytes: 900,
    totalBytes: 1000,
    bytesPerSecond: 100,
    secondsLeft: 1,
  });
});

test('a slow start is forgotten after some seconds', () => {
  const { after } = metered(1e6);
  for (let second = 0; second < 60; second++) after(1000, 1);
  for (let second = 0; second < 7; second++) after(1000, 1000);
  expect(after(1000, 1000).bytesPerSecond).toBe(1000);
});

test('nothing is said about speed before anything has come', () => {
  const { meter } = metered(10);
  expect(meter.read()).toEqual({
    receivedBytes: 0,
    totalBytes: 10,
    bytesPerSecond: undefined,
    secondsLeft: undefined,
  });
});

test('a file that begins anew is taken back, and the speed is never negative', () => {
  const { after } = metered(1000);
  after(1000, 500);
  expect(after(1000, -500)).toMatchObject({ receivedBytes: 0, bytesPerSecond: undefined });
  expect(after(1000, 100)).toMatchObject({ receivedBytes: 100, bytesPerSecond: 100 });
});
