import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { Durations } from './durations.ts';

/** Seconds; from a cached answer to an import of minutes. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/**
 * The figures that Prometheus scrapes. Labels come from closed sets (route templates, methods, statuses, outcomes):
 * no path, task, key or workspace ever becomes a label, so the number of series is bounded whatever is sent.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #others: (() => Promise<object[]>)[] = [];
  readonly #requests: Durations;
  readonly #decisions: Counter<'outcome' | 'reason'>;
  readonly #series = new Map<string, (seconds: number) => void>();
  readonly #outcomes = new Map<string, () => void>();

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry, prefix: 'understudy_' });
    this.#requests = new Durations(this.registry, {
      name: 'understudy_http_request_duration_seconds',
      help: 'Time from the first byte of a request to the last byte of its answer.',
      bounds: DURATION_BUCKETS,
    });
    this.#decisions = new Counter({
      name: 'understudy_decisions_total',
      help: 'Decisions by outcome and, for review, by reason.',
      labelNames: ['outcome', 'reason'],
      registers,
    });
  }

  /** `route` is the template; what matched no route is `unmatched`. */
  request(method: string, route: string | undefined, status: number, seconds: number): void {
    const known = route ?? 'unmatched';
    // An unmatched request may carry any method that the HTTP parser knows: those are few.
    const key = `${method} ${known} ${status}`;
    let observe = this.#series.get(key);
    if (observe === undefined) {
      observe = this.#requests.series({ method, route: known, status: String(status) });
      this.#series.set(key, observe);
    }
    observe(seconds);
  }

  decision(outcome: string, reason: string): void {
    const key = `${outcome} ${reason}`;
    let count = this.#outcomes.get(key);
    if (count === undefined) {
      const child = this.#decisions.labels(outcome, reason);
      count = () => child.inc();
      this.#outcomes.set(key, count);
    }
    count();
  }

  /** A figure that is read when somebody scrapes. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** A count that is read when somebody scrapes. */
  count(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  /** Counts that are read when somebody scrapes, by the values of one label; the values come from a closed set. */
  counts(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count);
      },
    });
  }

  /** Figures of another process of this server, which are added up with its own. */
  include(read: () => Promise<object[]>): void {
    this.#others.push(read);
  }

  async text(): Promise<string> {
    if (this.#others.length === 0) return this.registry.metrics();
    const others = await Promise.all(this.#others.map((read) => read()));
    return AggregatorRegistry.aggregate([await this.registry.getMetricsAsJSON(), ...others]).metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }
}
