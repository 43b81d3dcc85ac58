import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { OutputError } from '../../src/errors.ts';
import type { Job, JobEvent } from '../../src/jobs/job.ts';
import type { Manifest } from '../../src/jobs/store.ts';

/** A job, and what the queue knows beside it. */
export interface Entry {
  readonly job: Job;
  /** Counts submissions: the order of the queue and of lists, whatever the clock does. */
  readonly order: number;
  /** How often the page that ran it was gone before a picture had come. */
  readonly losses: number;
}

export interface KeptPicture {
  readonly file: Blob;
  /** Brought by the reader: 1, since an index knows no booleans. */
  readonly own?: 1;
  /** What its file was called. */
  readonly name?: string;
}

interface Tables extends DBSchema {
  /** By id. */
  jobs: { key: string; value: Entry; indexes: { order: number } };
  /** By job and number. */
  events: { key: [string, number]; value: JobEvent };
  /** By the sha256 of the file. */
  pictures: { key: string; value: KeptPicture; indexes: { own: number } };
  /** By id of a job, or hash of a part. */
  manifests: { key: string; value: Manifest };
}

export type Database = IDBPDatabase<Tables>;

/** Where the site lies: the studio's page and its workers are one folder below. */
export const site = new URL('..', location.href).pathname;

let opened: Promise<Database> | undefined;

/**
 * What the studio keeps in the browser, for all of its tabs.
 *
 * @throws {OutputError} where the browser keeps nothing
 */
export function database(): Promise<Database> {
  opened ??= open().catch((cause: unknown) => {
    opened = undefined;
    throw new OutputError('cannot-write', 'this browser gives the page no place to keep jobs and pictures', {
      hint: 'open it in an ordinary window instead of a private one, or allow the site to keep data',
      cause,
    });
  });
  return opened;
}

/** Where storage is forbidden, asking alone throws. */
const open = async (): Promise<Database> =>
  openDB<Tables>(`campanile ${site}`, 1, {
    upgrade(db) {
      db.createObjectStore('jobs', { keyPath: 'job.id' }).createIndex('order', 'order');
      db.createObjectStore('events', { keyPath: ['job', 'seq'] });
      db.createObjectStore('pictures').createIndex('own', 'own');
      db.createObjectStore('manifests');
    },
  });

/** Whether the browser has no more room. */
export const isFull = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'QuotaExceededError';

/** What is written, with a word where there is no room for it. */
export async function writing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!isFull(cause)) throw cause;
    throw new OutputError('disk-full', 'the browser has no room for more pictures', {
      hint: 'free some space on this device; what is finished is kept',
      cause,
    });
  }
}
