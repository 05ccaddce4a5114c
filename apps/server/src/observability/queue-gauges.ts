import { type Clock, isUnderstudyError, type Logger } from '@understudy/kernel';
import { Gauge, type Registry } from 'prom-client';

/** A part of the server that knows how much waits. */
export interface FigureSource {
  /** For the log. */
  readonly name: string;
  /** By the metric's name, with a label where it has one: `understudy_dead_letters{kind="failed"}`. */
  sample(): Promise<Readonly<Record<string, number>>>;
}

/** Every figure with what it means. One that a source names and that is missing here is refused. */
export const queueFigures: Readonly<Record<string, string>> = {
  understudy_jobs_queued: 'Jobs that wait and are due.',
  understudy_jobs_running: 'Jobs in work.',
  understudy_jobs_oldest_seconds: 'Age of the longest-waiting due job.',
  understudy_source_lag: 'Messages that sources have not taken yet, as far as their systems say.',
  understudy_source_problems: 'Sources that fail.',
  understudy_outgoing_waiting: 'Messages that wait to be published.',
  understudy_outgoing_oldest_seconds: 'Age of the oldest message that waits to be published.',
  understudy_webhook_waiting: 'Deliveries to webhooks and callbacks that wait.',
  understudy_webhook_oldest_seconds: 'Age of the oldest delivery that waits.',
  understudy_bus_up: 'Whether a message system answers, 1 or 0, by its name.',
  understudy_dead_letters: 'Dead letters that nobody has replayed or discarded, by kind.',
};

/** The label of a figure that has one. */
const LABELLED: ReadonlyMap<string, string> = new Map([
  ['understudy_dead_letters', 'kind'],
  ['understudy_bus_up', 'bus'],
]);

/** A sample that is older than this is not shown: another process samples now, or nobody can. */
const STALE_MS = 35_000;
const KEY = /^([a-z_]+)(?:\{([a-z_]+)="([a-z0-9_-]+)"\})?$/;

interface Sampled {
  at: number;
  values: readonly { labels: Record<string, string>; value: number }[];
}

/**
 * Figures of queues, which need the database: sampled now and then by the one process that leads, and only shown when
 * somebody scrapes. So a scrape costs nothing, two gateways do not count a queue twice, and nobody asks the database
 * the harder the more often Prometheus asks.
 */
export class QueueGauges {
  readonly #sources: readonly FigureSource[];
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #sampled = new Map<string, Sampled>();

  constructor(options: { registry: Registry; sources: readonly FigureSource[]; clock: Clock; logger: Logger }) {
    this.#sources = options.sources;
    this.#clock = options.clock;
    this.#logger = options.logger;
    for (const [name, help] of Object.entries(queueFigures)) {
      const show = (gauge: Gauge) => this.#show(name, gauge);
      new Gauge({
        name,
        help,
        labelNames: LABELLED.has(name) ? [LABELLED.get(name)!] : [],
        registers: [options.registry],
        collect() {
          show(this);
        },
      });
    }
  }

  /** Asks every source once. One that fails keeps its last figures until they are stale. */
  async sample(): Promise<void> {
    for (const source of this.#sources) {
      try {
        this.#keep(await source.sample());
      } catch (error) {
        if (!isUnderstudyError(error)) throw error;
        this.#logger.warn({ err: error, source: source.name }, 'the figures of a queue cannot be read');
      }
    }
  }

  #keep(figures: Readonly<Record<string, number>>): void {
    const byName = new Map<string, { labels: Record<string, string>; value: number }[]>();
    for (const [key, value] of Object.entries(figures)) {
      const [, name, label, labelValue] = KEY.exec(key) ?? [];
      if (name === undefined || queueFigures[name] === undefined) throw new Error(`${key} is not a figure of a queue`);
      const labels: Record<string, string> = label === undefined ? {} : { [label]: labelValue ?? '' };
      byName.set(name, [...(byName.get(name) ?? []), { labels, value }]);
    }
    for (const [name, values] of byName) this.#sampled.set(name, { at: this.#clock.now(), values });
  }

  #show(name: string, gauge: Gauge): void {
    // Reset, a gauge without a label shows 0, which would be a lie: it is taken out instead.
    if (LABELLED.has(name)) gauge.reset();
    else gauge.remove();
    const sampled = this.#sampled.get(name);
    if (sampled === undefined || this.#clock.now() - sampled.at > STALE_MS) return;
    for (const { labels, value } of sampled.values) gauge.set(labels, value);
  }
}
