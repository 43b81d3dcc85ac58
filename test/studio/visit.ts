import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { Job } from '../../src/server/api-types.ts';
import { buildStudio, launch, openPage } from './browser.ts';
import { type StudioServer, type StudioServerOptions, startStudio } from './server.ts';

export interface Visit {
  server: StudioServer;
  browser: Browser;
  /** Of this test alone. */
  page: Page;
  /** What its console complained of; a test with such a thing at its end has failed. */
  complaints: string[];
  /** Goes to an experiment's form. */
  open(experiment: string): Promise<void>;
  /** The job on show, as the server has it. */
  job(): Promise<Job>;
}

/** The studio, its server and a browser for the tests of a `describe`; a new page for each. */
export function visiting(options: StudioServerOptions & { page?: BrowserContextOptions } = {}): Visit {
  const visit = {
    async open(experiment: string) {
      await visit.page.goto(`${visit.server.url}/studio/#/x/${experiment}`);
      await visit.page.locator('form.form').waitFor();
    },
    async job(): Promise<Job> {
      return (await fetch(`${visit.server.url}/v1/jobs/${visit.page.url().split('/').at(-1)}`)).json();
    },
  } as Visit;
  beforeAll(async () => {
    await buildStudio();
    [visit.server, visit.browser] = await Promise.all([startStudio(options), launch()]);
  }, 180_000);
  afterAll(async () => {
    await visit.browser?.close();
    await visit.server?.close();
  });
  beforeEach(async () => {
    await visit.page?.context().close();
    Object.assign(visit, await openPage(visit.browser, options.page));
    return () => expect(visit.complaints).toEqual([]);
  });
  return visit;
}
