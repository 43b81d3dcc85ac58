import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import type { ServerContext } from './context.ts';

/** Counts what passes and writes it in Prometheus' text format. */
export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #ended = new Map<string, number>();
  readonly #lag = monitorEventLoopDelay({ resolution: 20 });
  readonly #listening = new AbortController();

  constructor(app: FastifyInstance, { queue }: ServerContext) {
    this.#lag.enable();
    app.addHook('onResponse', async (request, reply) => {
      const route = request.routeOptions.url ?? 'none';
      const labels = `method="${request.method}",route="${route}",status="${reply.statusCode}"`;
      this.#requests.set(labels, (this.#requests.get(labels) ?? 0) + 1);
    });
    app.addHook('onClose', async () => {
      this.#listening.abort();
      this.#lag.disable();
    });
    void this.#count(queue.live(this.#listening.signal));
  }

  async #count(events: AsyncIterable<{ type: string }>): Promise<void> {
    for await (const { type } of events) {
      if (['done', 'failed', 'cancelled'].includes(type))
        this.#ended.set(type, (this.#ended.get(type) ?? 0) + 1);
    }
  }

  async text({ queue, streams }: ServerContext): Promise<string> {
    const { queued, running } = await queue.depth();
    const memory = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const lines = [
      ...metric('campanile_jobs', 'gauge', 'Jobs by what they are doing.', [
        ['state="queued"', queued],
        ['state="running"', running],
      ]),
      ...metric(
        'campanile_jobs_ended_total',
        'counter',
        'Jobs ended since the server started.',
        ['done', 'failed', 'cancelled'].map((type) => [`outcome="${type}"`, this.#ended.get(type) ?? 0]),
      ),
      ...metric('campanile_event_streams', 'gauge', 'Open event streams.', [['', streams.open]]),
      ...metric('campanile_http_requests_total', 'counter', 'Requests answered.', [...this.#requests]),
      ...metric('campanile_event_loop_lag_seconds', 'gauge', 'Delay of the event loop.', [
        ['quantile="0.5"', this.#lag.percentile(50) / 1e9],
        ['quantile="0.99"', this.#lag.percentile(99) / 1e9],
      ]),
      ...metric('process_resident_memory_bytes', 'gauge', 'Resident memory.', [['', memory.rss]]),
      ...metric('process_cpu_seconds_total', 'counter', 'Time on the processor.', [
        ['', (user + system) / 1e6],
      ]),
      ...metric('process_uptime_seconds', 'gauge', 'Age of the process.', [['', process.uptime()]]),
    ];
    return `${lines.join('\n')}\n`;
  }
}

const metric = (
  name: string,
  type: string,
  help: string,
  values: readonly (readonly [string, number])[],
): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
  ...values.map(([labels, value]) => `${name}${labels && `{${labels}}`} ${value}`),
];
