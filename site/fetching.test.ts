import { expect, test } from 'vitest';
import { tellFetching } from '../src/platform/browser/fetched.ts';
import { OPENING, sayFetching } from './fetching.ts';

test('once all has come the model is opened, and no longer fetched', () => {
  const said: string[] = [];
  const end = sayFetching((text) => said.push(text));
  const weights = { address: 'weights', bytes: 50e6 };
  tellFetching({ ...weights, done: 10e6 });
  tellFetching({ address: 'words', done: 1e6, bytes: undefined }); // who knows how much is to come
  tellFetching({ ...weights, done: 50e6 });
  tellFetching({ address: 'words', done: 2e6, bytes: 2e6 });
  end();
  tellFetching({ ...weights, done: 20e6 });
  expect(said).toEqual([
    'fetching the model: 10.0 of 50.0 MB',
    'fetching the model: 11.0 of 51.0 MB',
    'fetching the model: 51.0 of 51.0 MB',
    OPENING,
  ]);
});
