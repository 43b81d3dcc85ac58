import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WaitingError } from 'bullmq';
import { sha256Sync } from '../platform/node/hash.ts';
import {
  asQueueError,
  type BullEngine,
  type BullmqOptions,
  type EngineEvents,
  type EngineKeys,
  type EngineQueue,
  engineAt,
  heard,
  type KeptJob,
  type Result,
  type Told,
} from './bullmq-engine.ts';
import { listed, WAITING } from './bullmq-list.ts';
import { ended, finalEvent, firstEvent, jobFrom, type Known, progressOf } from './bullmq-record.ts';
import { EventHub } from './hub.ts';
import { isFinal, type Job, type JobEvent, type JobEventBody, type Marks, type Recipe } from './job.ts';
import { KEY_MS } from './keys.ts';
import { marked } from './marks.ts';
import { outcomeOf } from './outcome.ts';
import {
  busyCancelling,
  type Claim,
  type Depth,
  type Handler,
  Interruption,
  interruptOnShutdown,
  type JobPage,
  type JobQueue,
  type ListQuery,
  MAX_ATTEMPTS,
  type Submitted,
  settle,
  stillBusy,
  type WorkOptions,
} from './queue.ts';

/**
 * How often a followed job is read again. PostgreSQL's events are numbered when they are made and heard when they are
 * committed, so that BullMQ's reader, which goes by the numbers, may pass over one of two at once.
 */
const LOOK_MS = 2000;

/** Jobs or keys that are removed in one go. */
const MOST_CLEANED = 10_000;

/**
 * The queue of many machines: BullMQ on Redis or PostgreSQL, which must be set never to forget (`maxmemory-policy
 * noeviction`, append-only file).
 *
 * A job's id is its own, so that it exists once. Its events are BullMQ's log of the job, event n being line n − 1 (the
 * first, `queued`, is not written), and are told to every process as BullMQ's "progress". A final event is not written
 * either, but made from the result, so that there is one whatever overtaken workers say.
 */
export class BullmqQueue implements JobQueue {
  readonly #engine: BullEngine;
  readonly #queue: EngineQueue;
  readonly #keys: EngineKeys;
  readonly #events: EngineEvents;
  readonly #options: Required<BullmqOptions>;
  readonly #hub = new EventHub();
  readonly #runs = new Map<string, AbortController>();
  readonly #looking: NodeJS.Timeout;
  #lastOrder = 0;

  private constructor(engine: BullEngine, options: Required<BullmqOptions>) {
    this.#engine = engine;
    this.#options = options;
    this.#queue = engine.queue();
    this.#keys = engine.keys();
    this.#events = engine.events();
    // Errors of a connection come with the answers; without a listener they would end the process.
    this.#queue.on('error', () => {});
    this.#keys.on('error', () => {});
    this.#events.on('error', () => {});
    this.#events.on('added', ({ jobId }: { jobId: string }) => this.#hub.publish(firstEvent(jobId)));
    this.#events.on('progress', ({ jobId, data }: { jobId: string; data: Told }) => {
      if (data.event) this.#hub.publish(data.event);
      if (data.cancel) this.#runs.get(jobId)?.abort(new Interruption('cancelled'));
    });
    this.#events.on('completed', ({ jobId }: { jobId: string }) => void this.#tellEnd(jobId));
    this.#events.on('failed', ({ jobId }: { jobId: string }) => void this.#tellEnd(jobId));
    this.#looking = setInterval(() => this.#hub.lookAgain(), LOOK_MS).unref();
  }

  /**
   * @param url  `redis://…` or `postgres://…`
   * @throws {QueueError} `unreachable` when there is no answer within ten seconds
   */
  static async open(url: string, options: BullmqOptions = {}): Promise<BullmqQueue> {
    const { name = 'campanile', lockMs = 30_000, stalledMs = 5000, keepEnded = 1000 } = options;
    const queue = new BullmqQueue(engineAt(url, name), { name, lockMs, stalledMs, keepEnded });
    let reason = new Error('no answer');
    queue.#queue.on('error', (error: Error) => {
      reason = error;
    });
    try {
      const late = sleep(10_000, undefined, { ref: false }).then(() => Promise.reject(reason));
      await Promise.race([queue.#start(), late]);
    } catch (error) {
      await queue.close();
      throw asQueueError(error);
    }
    return queue;
  }

  async #start(): Promise<void> {
    await this.#queue.waitUntilReady();
    await this.#keys.waitUntilReady();
    await this.#keys.clean(KEY_MS, MOST_CLEANED, 'wait');
    void this.#events.run().catch(() => {});
    await heard(this.#engine, this.#events);
  }

  async submit(id: string, recipe: Recipe): Promise<Submitted> {
    return this.#ask(async () => {
      const kept = await this.#kept(id);
      if (!kept) {
        const data = { recipe, createdAt: new Date().toISOString(), order: this.#order(), cancel: false };
        const keep = { count: this.#options.keepEnded };
        const options = { jobId: id, attempts: MAX_ATTEMPTS, removeOnComplete: keep, removeOnFail: keep };
        const added = await this.#queue.add('job', data, options);
        return { job: await this.#jobOf({ kept: added, state: 'waiting' }), created: true };
      }
      const job = await this.#jobOf(kept);
      if (job.state === 'cancelling') throw busyCancelling(id);
      if (job.state !== 'failed' && job.state !== 'cancelled') return { job, created: false };
      return { job: await this.#again(kept, job), created: true };
    });
  }

  /** Writes the end that is over into the log and begins anew. */
  async #again({ kept, state }: Known, ended: Job): Promise<Job> {
    await this.#log(kept, ended.attempt, outcomeOf(ended));
    const event = await this.#log(kept, ended.attempt, { type: 'queued' });
    await kept.updateData({ ...kept.data, createdAt: event.at, order: this.#order(), cancel: false });
    if (state === 'completed' || state === 'failed') await kept.retry(state, { resetAttemptsMade: true });
    await kept.updateProgress({ event } satisfies Told);
    const { id, recipe, attempt } = ended;
    return {
      id,
      recipe,
      state: 'queued',
      attempt,
      createdAt: event.at,
      progress: { done: 0, total: 0 },
      figures: [],
    };
  }

  async tie(key: string, digest: string): Promise<string> {
    return this.#ask(async () => {
      const jobId = sha256Sync(key);
      await this.#keys.add('key', { digest }, { jobId }); // leaves one that is there as it is
      return (await this.#keys.getJob(jobId))?.data.digest ?? digest;
    });
  }

  async get(id: string): Promise<Job | undefined> {
    return this.#ask(async () => {
      const known = await this.#kept(id);
      return known && this.#jobOf(known);
    });
  }

  list(query: ListQuery): Promise<JobPage> {
    return this.#ask(() => listed(this.#queue, (known) => this.#jobOf(known), query));
  }

  async mark(id: string, marks: Marks): Promise<Job | undefined> {
    return this.#ask(async () => {
      const known = await this.#kept(id);
      if (!known) return undefined;
      const { data } = known.kept;
      await known.kept.updateData({ ...data, marks: marked(data.marks ?? {}, marks) });
      return this.get(id);
    });
  }

  async remove(id: string): Promise<boolean> {
    return this.#ask(async () => {
      const known = await this.#kept(id);
      if (!known) return false;
      const { state } = await this.#jobOf(known);
      if (!isFinal(state)) throw stillBusy(id, state);
      await known.kept.remove();
      return true;
    });
  }

  async cancel(id: string): Promise<Job | undefined> {
    return this.#ask(async () => {
      const known = await this.#kept(id);
      if (!known) return undefined;
      const { kept } = known;
      const { state } = await this.#jobOf(known);
      if (state === 'queued' || state === 'running') {
        await kept.updateData({ ...kept.data, cancel: true });
        await kept.updateProgress({ ...progressOf(kept), cancel: true } satisfies Told);
        const event = state === 'queued' && (await this.#endOf(id));
        if (event) await kept.updateProgress({ event } satisfies Told);
      }
      const now = await this.#kept(id);
      return now && this.#jobOf(now);
    });
  }

  events(id: string, since: number, signal: AbortSignal): AsyncGenerator<JobEvent> {
    return this.#hub.follow(id, since, signal, () => this.#ask(() => this.#replay(id)));
  }

  live(signal: AbortSignal): AsyncGenerator<JobEvent> {
    return this.#hub.live(signal);
  }

  async forget(before: Date): Promise<void> {
    const grace = Date.now() - before.getTime();
    for (const type of ['completed', 'failed'] as const)
      await this.#ask(() => this.#queue.clean(grace, MOST_CLEANED, type));
  }

  async depth(): Promise<Depth> {
    const { active = 0, ...waiting } = await this.#ask(() => this.#queue.getJobCounts('active', ...WAITING));
    return { queued: Object.values(waiting).reduce((sum, n) => sum + n, 0), running: active };
  }

  async work(handler: Handler, options: WorkOptions): Promise<void> {
    const { signal, concurrency = 1, pauseMs = 5000, graceMs } = options;
    const worker = this.#engine.worker((kept, token) => run(kept, token), {
      concurrency,
      lockDuration: this.#options.lockMs,
      stalledInterval: this.#options.stalledMs,
      maxStalledCount: MAX_ATTEMPTS - 1,
    });
    worker.on('error', () => {}); // a lost lock, a lost connection: both are dealt with where they matter
    worker.on('lockRenewalFailed', (ids: string[]) => {
      for (const id of ids) this.#runs.get(id)?.abort(new Interruption('overtaken'));
    });
    const pause = async () => {
      await worker.pause(true);
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
      worker.resume();
    };
    const run = async (kept: KeptJob, token: string): Promise<Result> => {
      if (kept.data.cancel) return ended({ type: 'cancelled' });
      const { claim, controller } = await this.#claim(kept, token);
      this.#runs.set(kept.id!, controller);
      using _ = interruptOnShutdown(controller, signal, graceMs);
      using __ = this.#watchForCancel(kept.id!, controller);
      const settled = await settle(handler, claim);
      this.#runs.delete(kept.id!);
      if (settled.type === 'overtaken') throw new Error('overtaken');
      if (settled.type === 'lost') {
        await this.#tell(kept, claim.attempt, { type: 'queued', reason: settled.reason });
        throw new Error(settled.reason);
      }
      if (settled.type === 'again') {
        await this.#tell(kept, claim.attempt, { type: 'queued', reason: settled.reason });
        if (settled.pause) pause().catch(() => {}); // it is closing
        await kept.moveToWait(token);
        throw new WaitingError();
      }
      return ended(settled);
    };
    void worker.run().catch(() => {});
    if (!signal.aborted) await once(signal, 'abort');
    await worker.close();
  }

  async #claim(kept: KeptJob, token: string): Promise<{ claim: Claim; controller: AbortController }> {
    const controller = new AbortController();
    const attempt = kept.attemptsStarted;
    const job = await this.#jobOf({ kept, state: 'active' });
    const emit: Claim['emit'] = async (event) => {
      const held = await kept.extendLock(token, this.#options.lockMs).catch(() => 0);
      if (!held) {
        const overtaken = new Interruption('overtaken');
        controller.abort(overtaken);
        throw overtaken;
      }
      await this.#tell(kept, attempt, event);
    };
    return { claim: { job, attempt, signal: controller.signal, emit }, controller };
  }

  /** The message may get lost with a connection; the mark stays. */
  #watchForCancel(id: string, controller: AbortController): Disposable {
    const timer = setInterval(async () => {
      const kept = await this.#queue.getJob(id).catch(() => undefined);
      if (kept?.data.cancel) controller.abort(new Interruption('cancelled'));
    }, 500);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }

  async ping(): Promise<void> {
    await this.depth();
  }

  async close(): Promise<void> {
    clearInterval(this.#looking);
    // Where there was never a connection, neither may come to an end.
    const patiently = (work: Promise<unknown>[]) =>
      Promise.race([Promise.allSettled(work), sleep(2000, undefined, { ref: false })]);
    const asking = [this.#queue, this.#keys];
    await patiently([this.#events, ...asking].map((part) => part.close()));
    this.#engine.giveUp();
    await patiently(asking.map((part) => part.disconnect()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // Jobs and events from what BullMQ keeps

  /** BullMQ gives a job and its state in two answers, between which the job may have ended: then it is read again. */
  async #kept(id: string): Promise<Known | undefined> {
    for (;;) {
      const kept = await this.#queue.getJob(id);
      if (!kept) return undefined;
      const state = await kept.getState();
      if (kept.finishedOn || (state !== 'completed' && state !== 'failed')) return { kept, state };
    }
  }

  async #jobOf(known: Known): Promise<Job> {
    return jobFrom(known, known.state === 'active' ? await this.#logged(known.kept.id!) : []);
  }

  async #logged(id: string): Promise<JobEvent[]> {
    const { logs } = await this.#queue.getJobLogs(id, 0, -1);
    return logs.map((line, index) => ({ ...JSON.parse(line), seq: index + 2 }));
  }

  async #replay(id: string): Promise<JobEvent[]> {
    const known = await this.#kept(id);
    if (!known) return [];
    const { kept } = known;
    const job = await this.#jobOf(known);
    const events = [firstEvent(id, job.createdAt), ...(await this.#logged(id))];
    return isFinal(job.state) ? [...events, finalEvent(kept, job, events.length + 1)] : events;
  }

  async #log(kept: KeptJob, attempt: number, body: JobEventBody): Promise<JobEvent> {
    const event = { job: kept.id!, at: new Date().toISOString(), attempt, ...body };
    return { ...event, seq: 1 + (await kept.log(JSON.stringify(event))) };
  }

  async #tell(kept: KeptJob, attempt: number, body: JobEventBody): Promise<void> {
    const event = await this.#log(kept, attempt, body);
    const progress = 'progress' in body ? { progress: body.progress } : progressOf(kept);
    await kept.updateProgress({ ...progress, event } satisfies Told);
  }

  /** Tells this process how a job ended; while the database is away, once it is back. */
  async #tellEnd(id: string): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      try {
        const event = await this.#endOf(id);
        if (event) this.#hub.publish(event);
        return;
      } catch {
        await sleep(500, undefined, { ref: false });
      }
    }
  }

  async #endOf(id: string): Promise<JobEvent | undefined> {
    const known = await this.#kept(id);
    const job = known && (await this.#jobOf(known));
    if (!job || !isFinal(job.state)) return undefined;
    const { count } = await this.#queue.getJobLogs(id, 0, 0);
    return finalEvent(known.kept, job, count + 2);
  }

  #order(): number {
    this.#lastOrder = Math.max(this.#lastOrder + 1, Date.now() * 1000);
    return this.#lastOrder;
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      throw asQueueError(error);
    }
  }
}
